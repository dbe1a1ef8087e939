package dev.landfall.jinja;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's str. */
final class StringMethods {
    static final Methods<CharSequence> TABLE = new Methods<>("str", CharSequence.class);

    private StringMethods() {}

    static {
        text("upper", 0, 0, (self, arguments) -> self.toUpperCase(Locale.ROOT));
        text("lower", 0, 0, (self, arguments) -> self.toLowerCase(Locale.ROOT));
        text(
                "casefold",
                0,
                0,
                (self, arguments) -> self.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
        text("capitalize", 0, 0, (self, arguments) -> capitalize(self));
        text("title", 0, 0, (self, arguments) -> title(self));
        text("swapcase", 0, 0, (self, arguments) -> swapCase(self));
        text("strip", 0, 1, (self, arguments) -> strip(self, arguments.get(0, "chars"), true, true));
        text("lstrip", 0, 1, (self, arguments) -> strip(self, arguments.get(0, "chars"), true, false));
        text("rstrip", 0, 1, (self, arguments) -> strip(self, arguments.get(0, "chars"), false, true));
        text("split", 0, 2, (self, arguments) -> Splitting.split(self, arguments));
        text("rsplit", 0, 2, (self, arguments) -> Splitting.splitFromRight(self, arguments));
        text("splitlines", 0, 1, (self, arguments) -> Splitting.lines(self, arguments.flag(0, "keepends", false)));
        text("partition", 1, 1, (self, arguments) -> Splitting.partition(self, required(arguments, 0, "sep")));
        text(
                "rpartition",
                1,
                1,
                (self, arguments) -> Splitting.partitionFromRight(self, required(arguments, 0, "sep")));
        text("replace", 2, 3, StringMethods::replace);
        text("join", 1, 1, (self, arguments) -> join(self, arguments.require(0, "iterable")));
        text("startswith", 1, 3, (self, arguments) -> affix(self, arguments, "startswith"));
        text("endswith", 1, 3, (self, arguments) -> affix(self, arguments, "endswith"));
        text("removeprefix", 1, 1, (self, arguments) -> {
            String prefix = required(arguments, 0, "prefix");
            return self.startsWith(prefix) ? self.substring(prefix.length()) : self;
        });
        text("removesuffix", 1, 1, (self, arguments) -> {
            String suffix = required(arguments, 0, "suffix");
            return self.endsWith(suffix) ? self.substring(0, self.length() - suffix.length()) : self;
        });
        text("find", 1, 3, (self, arguments) -> find(self, arguments, false));
        text("rfind", 1, 3, (self, arguments) -> find(self, arguments, true));
        text("index", 1, 3, (self, arguments) -> requireFound(find(self, arguments, false)));
        text("rindex", 1, 3, (self, arguments) -> requireFound(find(self, arguments, true)));
        text("count", 1, 3, StringMethods::count);
        text("zfill", 1, 1, (self, arguments) -> zeroFill(self, Values.toIndex(arguments.require(0, "width"))));
        text("ljust", 1, 2, (self, arguments) -> pad(self, arguments, 0.0));
        text("rjust", 1, 2, (self, arguments) -> pad(self, arguments, 1.0));
        text("center", 1, 2, (self, arguments) -> pad(self, arguments, 0.5));
        text(
                "expandtabs",
                0,
                1,
                (self, arguments) -> expandTabs(self, Values.toIndex(arguments.get(0, "tabsize", 8L))));
        text("translate", 1, 1, (self, arguments) -> translate(self, arguments.require(0, "table")));
        text("format", 0, Methods.ANY, StringFormat::format);
        text("format_map", 1, 1, (self, arguments) -> StringFormat.formatMap(self, arguments.require(0, "map")));
        predicates();
    }

    private static void predicates() {
        text("isdigit", 0, 0, (self, arguments) -> all(self, StringMethods::isDigit));
        text("isdecimal", 0, 0, (self, arguments) -> all(self, Character::isDigit));
        text("isnumeric", 0, 0, (self, arguments) -> all(self, StringMethods::isNumeric));
        text("isalpha", 0, 0, (self, arguments) -> all(self, Character::isLetter));
        text(
                "isalnum",
                0,
                0,
                (self, arguments) -> all(self, character -> Character.isLetter(character) || isNumeric(character)));
        text("isspace", 0, 0, (self, arguments) -> all(self, Text::isSpace));
        text("isascii", 0, 0, (self, arguments) -> self.chars().allMatch(character -> character < 0x80));
        text("isupper", 0, 0, (self, arguments) -> isUpper(self));
        text("islower", 0, 0, (self, arguments) -> isLower(self));
        text("istitle", 0, 0, (self, arguments) -> isTitle(self));
        text("isidentifier", 0, 0, (self, arguments) -> isIdentifier(self));
        text("isprintable", 0, 0, (self, arguments) -> self.codePoints().allMatch(Representation::isPrintable));
        text("encode", 0, 2, (self, arguments) -> new Bytes(self));
    }

    private static void text(String name, int atLeast, int atMost, Methods.Body<String> body) {
        TABLE.add(name, atLeast, atMost, (self, arguments) -> body.call(self.toString(), arguments));
    }

    private static String required(Arguments arguments, int index, String name) {
        Object value = arguments.require(index, name);
        if (value instanceof CharSequence) {
            return value.toString();
        }
        throw Values.unsuitable(value, "must be str, not " + Values.typeName(value));
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return titleCase(text.substring(0, first)) + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String titleCase(String character) {
        int code = character.codePointAt(0);
        int title = Character.toTitleCase(code);
        return title == code ? character.toUpperCase(Locale.ROOT) : Character.toString(title);
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (String character : Text.characters(text)) {
            out.append(inWord ? character.toLowerCase(Locale.ROOT) : titleCase(character));
            inWord = isCased(character.codePointAt(0));
        }
        return out.toString();
    }

    private static boolean isCased(int character) {
        return Character.isUpperCase(character) || Character.isLowerCase(character) || Character.isTitleCase(character);
    }

    private static String swapCase(String text) {
        StringBuilder out = new StringBuilder();
        for (String character : Text.characters(text)) {
            boolean upper = Character.isUpperCase(character.codePointAt(0));
            out.append(upper ? character.toLowerCase(Locale.ROOT) : character.toUpperCase(Locale.ROOT));
        }
        return out.toString();
    }

    static String strip(String text, @Nullable Object characters, boolean left, boolean right) {
        if (characters == null) {
            String stripped = left ? Text.stripLeft(text) : text;
            return right ? Text.stripRight(stripped) : stripped;
        }
        if (!(characters instanceof CharSequence)) {
            throw Values.unsuitable(characters, "strip arg must be None or str");
        }
        String unwanted = characters.toString();
        int start = 0;
        int end = text.length();
        while (left && start < end && unwanted.indexOf(text.codePointAt(start)) >= 0) {
            start = text.offsetByCodePoints(start, 1);
        }
        while (right && start < end && unwanted.indexOf(text.codePointBefore(end)) >= 0) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(start, end);
    }

    private static Object replace(String self, Arguments arguments) {
        Object old = arguments.require(0, "old");
        Object replacement = arguments.require(1, "new");
        if (!(old instanceof CharSequence)) {
            throw Values.unsuitable(old, "replace() argument 1 must be str, not " + Values.typeName(old));
        }
        if (!(replacement instanceof CharSequence)) {
            throw Values.unsuitable(
                    replacement, "replace() argument 2 must be str, not " + Values.typeName(replacement));
        }
        return replace(self, old.toString(), replacement.toString(), Values.toIndex(arguments.get(2, "count", -1L)));
    }

    /** The first {@code count} occurrences; all of them if it is negative. */
    static String replace(String text, String old, String replacement, int count) {
        int left = count < 0 ? Integer.MAX_VALUE : count;
        Budget budget = Budget.current();
        StringBuilder out = new StringBuilder();
        if (old.isEmpty()) {
            for (String character : Text.characters(text)) {
                if (left > 0) {
                    out.append(replacement);
                    left--;
                }
                out.append(character);
                budget.allow(out.length());
            }
            return left > 0 ? out.append(replacement).toString() : out.toString();
        }
        int start = 0;
        int found = Search.indexOf(text, old, 0);
        while (found >= 0 && left > 0) {
            out.append(text, start, found).append(replacement);
            budget.allow(out.length());
            start = found + old.length();
            found = Search.indexOf(text, old, start);
            left--;
        }
        return out.append(text, start, text.length()).toString();
    }

    static String join(String separator, @Nullable Object elements) {
        if (!Values.isIterable(elements)) {
            throw new JinjaException("can only join an iterable");
        }
        StringBuilder out = new StringBuilder();
        Budget budget = Budget.current();
        int index = 0;
        for (Object element : Values.elements(elements)) {
            if (!(element instanceof CharSequence)) {
                throw new JinjaException(
                        "sequence item " + index + ": expected str instance, " + Values.typeName(element) + " found");
            }
            out.append(index == 0 ? "" : separator).append(element);
            budget.step();
            budget.allow(out.length());
            index++;
        }
        return out.toString();
    }

    private static Object affix(String self, Arguments arguments, String method) {
        Object wanted = arguments.require(0, method);
        String text = range(self, arguments);
        List<?> candidates = wanted instanceof PyTuple tuple ? tuple : Collections.singletonList(wanted);
        for (Object candidate : candidates) {
            if (!(candidate instanceof CharSequence)) {
                throw Values.unsuitable(
                        candidate,
                        method + " first arg must be str or a tuple of str, not " + Values.typeName(candidate));
            }
            String affix = candidate.toString();
            if (method.equals("startswith") ? text.startsWith(affix) : text.endsWith(affix)) {
                return true;
            }
        }
        return false;
    }

    /** The part of the text between the arguments 1 and 2, which are positions as in a slice. */
    private static String range(String self, Arguments arguments) {
        if (arguments.positional().size() < 2) {
            return self;
        }
        return new Slice(arguments.get(1, "start"), arguments.get(2, "end"), null).of(self);
    }

    private static long find(String self, Arguments arguments, boolean last) {
        String wanted = required(arguments, 0, "sub");
        String text = range(self, arguments);
        int found = last ? Search.lastIndexOf(text, wanted, text.length()) : Search.indexOf(text, wanted, 0);
        if (found < 0) {
            return -1;
        }
        return Text.position(text, found) + start(self, arguments);
    }

    private static long start(String self, Arguments arguments) {
        Object start = arguments.get(1, "start");
        if (start == null) {
            return 0;
        }
        int length = Text.length(self);
        long position = Values.toIndex(start);
        return Math.max(0, Math.min(length, position < 0 ? position + length : position));
    }

    private static long requireFound(long position) {
        if (position < 0) {
            throw new JinjaException("substring not found");
        }
        return position;
    }

    private static Object count(String self, Arguments arguments) {
        String wanted = required(arguments, 0, "sub");
        String text = range(self, arguments);
        if (wanted.isEmpty()) {
            return Text.length(text) + 1L;
        }
        long count = 0;
        int found = Search.indexOf(text, wanted, 0);
        while (found >= 0) {
            count++;
            found = Search.indexOf(text, wanted, found + wanted.length());
        }
        return count;
    }

    static String zeroFill(String text, int width) {
        int missing = width - Text.length(text);
        if (missing <= 0) {
            return text;
        }
        Budget.current().allow(width);
        boolean signed = text.startsWith("-") || text.startsWith("+");
        return (signed ? text.substring(0, 1) : "") + "0".repeat(missing) + (signed ? text.substring(1) : text);
    }

    private static Object pad(String self, Arguments arguments, double leftShare) {
        int width = Values.toIndex(arguments.require(0, "width"));
        String fill = arguments.has(1, "fillchar") ? required(arguments, 1, "fillchar") : " ";
        if (Text.length(fill) != 1) {
            throw new JinjaException("The fill character must be exactly one character long");
        }
        return leftShare == 0.5 ? center(self, width, fill) : pad(self, width, fill, leftShare == 0.0);
    }

    static String pad(String text, int width, String fill, boolean right) {
        int missing = width - Text.length(text);
        if (missing <= 0) {
            return text;
        }
        Budget.current().allow(width);
        return right ? text + fill.repeat(missing) : fill.repeat(missing) + text;
    }

    /** Python's {@code center} puts the odd blank left only if the width is odd too. */
    static String center(String text, int width, String fill) {
        int missing = width - Text.length(text);
        if (missing <= 0) {
            return text;
        }
        Budget.current().allow(width);
        int left = missing / 2 + (missing & width & 1);
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }

    private static String expandTabs(String text, int tabSize) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String character : Text.characters(text)) {
            if (character.equals("\t")) {
                int blanks = tabSize <= 0 ? 0 : tabSize - column % tabSize;
                out.append(" ".repeat(blanks));
                column += blanks;
            } else {
                out.append(character);
                column = character.equals("\n") || character.equals("\r") ? 0 : column + 1;
            }
            Budget.current().allow(out.length());
        }
        return out.toString();
    }

    private static String translate(String text, @Nullable Object table) {
        if (!(table instanceof Map<?, ?> map)) {
            throw Values.unsuitable(table, "'" + Values.typeName(table) + "' object is not subscriptable");
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(character -> {
            Object key = Keys.find(map, (long) character);
            Object replacement = key == Keys.MISSING ? (Object) (long) character : map.get(key);
            if (Values.isInt(replacement)) {
                out.appendCodePoint(Values.toIndex(replacement));
            } else if (replacement != null) {
                out.append(Representation.str(replacement));
            }
        });
        return out.toString();
    }

    private static boolean all(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }

    private static boolean isDigit(int character) {
        return Character.isDigit(character)
                || "\u00b9\u00b2\u00b3".indexOf(character) >= 0
                || (character >= 0x2070
                        && character <= 0x2089
                        && Character.getType(character) == Character.OTHER_NUMBER);
    }

    private static boolean isNumeric(int character) {
        int type = Character.getType(character);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    static boolean isUpper(String text) {
        return text.codePoints().anyMatch(StringMethods::isCased)
                && text.codePoints()
                        .noneMatch(character -> Character.isLowerCase(character) || Character.isTitleCase(character));
    }

    static boolean isLower(String text) {
        return text.codePoints().anyMatch(StringMethods::isCased)
                && text.codePoints()
                        .noneMatch(character -> Character.isUpperCase(character) || Character.isTitleCase(character));
    }

    private static boolean isTitle(String text) {
        return text.codePoints().anyMatch(StringMethods::isCased) && title(text).equals(text);
    }

    private static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && (text.charAt(0) == '_' || Character.isLetter(text.codePointAt(0)))
                && text.codePoints().allMatch(character -> character == '_' || Character.isLetterOrDigit(character));
    }
}
