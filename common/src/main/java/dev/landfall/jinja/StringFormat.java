package dev.landfall.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code str.format}, as jinja's sandbox runs it: fields may look into values by the same rules as templates. */
final class StringFormat {
    private static final int MAX_NESTING = 2;

    private final Arguments arguments;
    private final @Nullable Object mapping;
    private int nextIndex;
    private boolean numbered;

    private StringFormat(Arguments arguments, @Nullable Object mapping) {
        this.arguments = arguments;
        this.mapping = mapping;
    }

    static String format(String format, Arguments arguments) {
        return new StringFormat(arguments, null).format(format, MAX_NESTING);
    }

    static String formatMap(String format, @Nullable Object mapping) {
        return new StringFormat(Arguments.none(), mapping).format(format, MAX_NESTING);
    }

    private String format(String format, int nesting) {
        if (nesting < 0) {
            throw new JinjaException("Max string recursion exceeded");
        }
        StringBuilder out = new StringBuilder();
        Budget budget = Budget.current();
        int position = 0;
        while (position < format.length()) {
            char character = format.charAt(position);
            boolean doubled = position + 1 < format.length() && format.charAt(position + 1) == character;
            if (character != '{' && character != '}') {
                out.append(character);
                position++;
            } else if (doubled) {
                out.append(character);
                position += 2;
            } else if (character == '}') {
                throw new JinjaException("Single '}' encountered in format string");
            } else {
                int end = endOfField(format, position + 1);
                out.append(field(format.substring(position + 1, end), nesting));
                position = end + 1;
                budget.step();
                budget.allow(out.length());
            }
        }
        return out.toString();
    }

    private static int endOfField(String format, int start) {
        if (start >= format.length()) {
            throw new JinjaException("Single '{' encountered in format string");
        }
        int depth = 1;
        for (int index = start; index < format.length(); index++) {
            char character = format.charAt(index);
            depth += character == '{' ? 1 : character == '}' ? -1 : 0;
            if (depth == 0) {
                return index;
            }
        }
        throw new JinjaException("expected '}' before end of string");
    }

    private String field(String field, int nesting) {
        int nameEnd = 0;
        boolean inBrackets = false;
        while (nameEnd < field.length()) {
            char character = field.charAt(nameEnd);
            if (!inBrackets && (character == ':' || character == '!')) {
                break;
            }
            inBrackets = character == '[' || (inBrackets && character != ']');
            nameEnd++;
        }
        Object value = lookUp(field.substring(0, nameEnd));
        String rest = field.substring(nameEnd);
        if (rest.startsWith("!")) {
            if (rest.length() < 2 || (rest.length() > 2 && rest.charAt(2) != ':')) {
                throw new JinjaException("expected ':' after conversion specifier");
            }
            value = convert(value, rest.charAt(1));
            rest = rest.substring(2);
        }
        String spec = rest.startsWith(":") ? format(rest.substring(1), nesting - 1) : "";
        return FormatSpec.format(value, spec);
    }

    private static Object convert(@Nullable Object value, char conversion) {
        return switch (conversion) {
            case 'r', 'a' -> Representation.repr(value);
            case 's' -> Representation.str(value);
            default -> throw new JinjaException("Unknown conversion specifier " + conversion);
        };
    }

    private @Nullable Object lookUp(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Object value = first(path.substring(0, end));
        while (end < path.length()) {
            if (path.charAt(end) == '.') {
                int start = ++end;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                value = Attributes.attribute(value, path.substring(start, end));
            } else {
                int close = path.indexOf(']', end);
                if (close < 0) {
                    throw new JinjaException("Missing ']' in format string");
                }
                value = Attributes.item(value, key(path.substring(end + 1, close)));
                end = close + 1;
            }
        }
        return value;
    }

    private static @Nullable Object defined(@Nullable Object value) {
        Values.requireDefined(value);
        return value;
    }

    private static Object key(String text) {
        return isNumber(text) ? (Object) Long.parseLong(text) : text;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() < 10
                && text.chars().allMatch(character -> character >= '0' && character <= '9');
    }

    private @Nullable Object first(String name) {
        if (name.isEmpty() || isNumber(name)) {
            boolean automatic = name.isEmpty();
            if (automatic ? numbered : nextIndex > 0) {
                throw new JinjaException(
                        automatic
                                ? "cannot switch from manual field specification to automatic field numbering"
                                : "cannot switch from automatic field numbering to manual field specification");
            }
            int index = automatic ? nextIndex++ : Integer.parseInt(name);
            numbered = !automatic;
            if (index >= arguments.positional().size()) {
                throw new JinjaException("Replacement index " + index + " out of range for positional args tuple");
            }
            return arguments.positional().get(index);
        }
        if (mapping != null) {
            return defined(Attributes.item(mapping, name));
        }
        Map<String, @Nullable Object> named = arguments.keyword();
        if (!named.containsKey(name)) {
            throw new JinjaException(Representation.repr(name));
        }
        return named.get(name);
    }
}
