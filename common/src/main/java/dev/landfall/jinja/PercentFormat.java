package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code format % values}. */
final class PercentFormat {
    private final String format;
    private final @Nullable Object values;
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int used;

    private PercentFormat(String format, @Nullable Object values) {
        this.format = format;
        this.values = values;
    }

    static String format(String format, @Nullable Object values) {
        return new PercentFormat(format, values).format();
    }

    private String format() {
        Budget budget = Budget.current();
        while (position < format.length()) {
            char character = format.charAt(position++);
            if (character != '%') {
                out.append(character);
            } else if (position < format.length() && format.charAt(position) == '%') {
                out.append('%');
                position++;
            } else {
                convert();
                budget.step();
                budget.allow(out.length());
            }
        }
        boolean leftOver = values instanceof PyTuple tuple ? used < tuple.size() : used == 0 && !hasItems(values);
        if (leftOver) {
            throw new JinjaException("not all arguments converted during string formatting");
        }
        return out.toString();
    }

    /** Python does not miss what it could have asked for by name, which includes lists. */
    private static boolean hasItems(@Nullable Object values) {
        return values instanceof Map<?, ?> || values instanceof List<?> || values instanceof Undefined;
    }

    private void convert() {
        Object named = null;
        boolean isNamed = false;
        if (position < format.length() && format.charAt(position) == '(') {
            named = named();
            isNamed = true;
        }
        String flags = flags();
        int width = number();
        if (width == STAR) {
            width = Values.toIndex(next());
            if (width < 0) {
                flags += "-";
                width = -width;
            }
        }
        int precision = NONE;
        if (position < format.length() && format.charAt(position) == '.') {
            position++;
            precision = number();
            if (precision == STAR) {
                precision = Values.toIndex(next());
            }
            precision = Math.max(0, precision);
        }
        while (position < format.length() && "hlL".indexOf(format.charAt(position)) >= 0) {
            position++;
        }
        if (position >= format.length()) {
            throw new JinjaException("incomplete format");
        }
        char type = format.charAt(position++);
        Object value = isNamed ? named : next();
        out.append(padded(text(type, value, flags, precision), type, flags, width));
    }

    private static final int NONE = -1;
    private static final int STAR = -2;

    private @Nullable Object named() {
        int depth = 1;
        int start = ++position;
        while (position < format.length() && depth > 0) {
            char character = format.charAt(position++);
            depth += character == '(' ? 1 : character == ')' ? -1 : 0;
        }
        if (depth > 0) {
            throw new JinjaException("incomplete format key");
        }
        String name = format.substring(start, position - 1);
        if (!(values instanceof Map<?, ?> map)) {
            throw new JinjaException("format requires a mapping");
        }
        if (!map.containsKey(name)) {
            throw new JinjaException(Representation.repr(name));
        }
        used++;
        return map.get(name);
    }

    private String flags() {
        int start = position;
        while (position < format.length() && "-+ #0".indexOf(format.charAt(position)) >= 0) {
            position++;
        }
        return format.substring(start, position);
    }

    private int number() {
        if (position < format.length() && format.charAt(position) == '*') {
            position++;
            return STAR;
        }
        int number = NONE;
        while (position < format.length() && Character.isDigit(format.charAt(position))) {
            number = Math.max(number, 0) * 10 + Character.digit(format.charAt(position++), 10);
            Budget.current().allow(number);
        }
        return number;
    }

    private @Nullable Object next() {
        int index = used++;
        if (values instanceof PyTuple tuple) {
            if (index < tuple.size()) {
                return tuple.get(index);
            }
        } else if (index == 0) {
            return values;
        }
        throw new JinjaException("not enough arguments for format string");
    }

    private String text(char type, @Nullable Object value, String flags, int precision) {
        return switch (type) {
            case 's' -> cut(Representation.str(value), precision);
            case 'r' -> cut(Representation.repr(value), precision);
            case 'a' -> cut(ascii(Representation.repr(value)), precision);
            case 'c' -> character(value);
            case 'd', 'i', 'u' -> signed(decimal(value, type), flags, precision);
            case 'x' -> signed(based(value, type, 16, flags, "0x"), flags, precision);
            case 'X' ->
                signed(based(value, type, 16, flags, "0x"), flags, precision).toUpperCase(Locale.ROOT);
            case 'o' -> signed(based(value, type, 8, flags, "0o"), flags, precision);
            case 'e', 'E', 'f', 'F', 'g', 'G' ->
                signed(
                        FloatFormat.format(real(value), type, precision < 0 ? 6 : precision, flags.contains("#")),
                        flags,
                        NONE);
            default ->
                throw new JinjaException("unsupported format character '" + type + "' (0x" + Integer.toHexString(type)
                        + ") at index " + (position - 1));
        };
    }

    private static String cut(String text, int precision) {
        return precision < 0 || Text.length(text) <= precision ? text : text.substring(0, Text.offset(text, precision));
    }

    private static String ascii(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (character < 0x80) {
                out.append((char) character);
            } else {
                String pattern = character <= 0xff ? "\\x%02x" : character <= 0xffff ? "\\u%04x" : "\\U%08x";
                out.append(String.format(Locale.ROOT, pattern, character));
            }
        });
        return out.toString();
    }

    static String character(@Nullable Object value) {
        if (Values.isInt(value)) {
            int code = Values.toIndex(value);
            if (!Character.isValidCodePoint(code)) {
                throw Values.unsuitable(value, "%c arg not in range(0x110000)");
            }
            return Character.toString(code);
        }
        if (value instanceof CharSequence text && Text.length(text.toString()) == 1) {
            return text.toString();
        }
        throw Values.unsuitable(value, "%c requires int or char");
    }

    private static String decimal(@Nullable Object value, char type) {
        if (Values.isInt(value)) {
            return Representation.integer(Values.bigInteger(Values.require(value)));
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toBigInteger().toString();
        }
        if (!Values.isFloat(value)) {
            throw Values.unsuitable(
                    value, "%" + type + " format: a real number is required, not " + Values.typeName(value));
        }
        return Representation.integer(Numbers.truncate(((Number) Values.require(value)).doubleValue()));
    }

    private static String based(@Nullable Object value, char type, int radix, String flags, String prefix) {
        if (!Values.isInt(value)) {
            throw Values.unsuitable(
                    value, "%" + type + " format: an integer is required, not " + Values.typeName(value));
        }
        BigInteger number = Values.bigInteger(Values.require(value));
        String digits = number.abs().toString(radix);
        return (number.signum() < 0 ? "-" : "") + (flags.contains("#") ? prefix : "") + digits;
    }

    private static double real(@Nullable Object value) {
        if (value == null || !Values.isNumber(value)) {
            throw Values.unsuitable(value, "must be real number, not " + Values.typeName(value));
        }
        return Values.toDouble(value);
    }

    private static String signed(String number, String flags, int precision) {
        boolean negative = number.startsWith("-");
        String digits = negative ? number.substring(1) : number;
        if (precision > digits.length()) {
            Budget.current().allow(precision);
            digits = "0".repeat(precision - digits.length()) + digits;
        }
        return (negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + digits;
    }

    private static String padded(String text, char type, String flags, int width) {
        if (width <= 0) {
            return text;
        }
        if (flags.contains("-")) {
            return StringMethods.pad(text, width, " ", true);
        }
        boolean number = "srac".indexOf(type) < 0;
        if (flags.contains("0") && number) {
            return zeroFill(text, width);
        }
        return StringMethods.pad(text, width, " ", false);
    }

    /** Zeros between the sign or the {@code 0x} and the digits. */
    private static String zeroFill(String text, int width) {
        int start = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
        if (text.length() > start + 1 && text.charAt(start) == '0' && "xXo".indexOf(text.charAt(start + 1)) >= 0) {
            start += 2;
        }
        int missing = width - text.length();
        if (missing <= 0) {
            return text;
        }
        Budget.current().allow(width);
        return text.substring(0, start) + "0".repeat(missing) + text.substring(start);
    }
}
