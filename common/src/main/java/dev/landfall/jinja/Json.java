package dev.landfall.jinja;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}: ASCII only, a blank after comma and colon. */
final class Json {
    private static final int NO_INDENT = -1;

    private final StringBuilder out = new StringBuilder();
    private final Budget budget = Budget.current();
    private final boolean sortKeys;
    private final int indent;
    private int depth;

    private Json(boolean sortKeys, int indent) {
        this.sortKeys = sortKeys;
        this.indent = indent;
    }

    static String write(@Nullable Object value, boolean sortKeys) {
        return write(value, sortKeys, NO_INDENT);
    }

    /** @param indent blanks for each level; negative for everything on one line */
    static String write(@Nullable Object value, boolean sortKeys, int indent) {
        Json json = new Json(sortKeys, indent);
        json.value(value);
        json.budget.allow(json.out.length());
        return json.out.toString();
    }

    private void value(@Nullable Object value) {
        budget.step();
        budget.allow(out.length());
        if (value == null) {
            out.append("null");
        } else if (value instanceof CharSequence text) {
            text(text);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number && !(value instanceof BigDecimal)) {
            out.append(number(value));
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else if (value instanceof List<?> list && !(value instanceof PyRange)) {
            list(list);
        } else {
            throw new JinjaException("Object of type " + simpleTypeName(value) + " is not JSON serializable");
        }
    }

    private static String simpleTypeName(Object value) {
        String name = Values.typeName(value);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String number(Object number) {
        String text = Representation.repr(number);
        return switch (text) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> text;
        };
    }

    private void map(Map<?, ?> map) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        Map<?, ?> ordered = map;
        if (sortKeys) {
            Map<Object, @Nullable Object> sorted = new TreeMap<>((left, right) -> Comparison.compare(left, right, "<"));
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object key = entry.getKey();
                if (key == null) {
                    throw new JinjaException("keys must be str, int, float or bool to be sorted, not NoneType");
                }
                sorted.put(key, entry.getValue());
            }
            ordered = sorted;
        }
        open('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : ordered.entrySet()) {
            out.append(separator);
            newLine();
            text(key(entry.getKey()));
            out.append(": ");
            value(entry.getValue());
            separator = indent < 0 ? ", " : ",";
        }
        close('}');
    }

    private static String key(@Nullable Object key) {
        if (key instanceof CharSequence) {
            return key.toString();
        }
        if (key == null) {
            return "null";
        }
        if (key instanceof Boolean) {
            return key.toString();
        }
        if (key instanceof Number && !(key instanceof BigDecimal)) {
            return number(key);
        }
        throw new JinjaException("keys must be str, int, float, bool or None, not " + simpleTypeName(key));
    }

    private void list(Collection<?> list) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        open('[');
        String separator = "";
        for (Object element : list) {
            out.append(separator);
            newLine();
            value(element);
            separator = indent < 0 ? ", " : ",";
        }
        close(']');
    }

    private void open(char bracket) {
        out.append(bracket);
        depth++;
    }

    private void close(char bracket) {
        depth--;
        newLine();
        out.append(bracket);
    }

    private void newLine() {
        if (indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private void text(CharSequence text) {
        out.append('"');
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            switch (character) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (character < 0x20 || character > 0x7e) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
                    } else {
                        out.append(character);
                    }
                }
            }
        }
        out.append('"');
    }
}
