package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's format specification, {@code [[fill]align][sign][#][0][width][,][.precision][type]}, applied to one value. */
final class FormatSpec {
    private static final Pattern PATTERN = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([a-zA-Z%])?", Pattern.DOTALL);
    private static final char NO_TYPE = 0;

    private final String fill;
    private final char align;
    private final String sign;
    private final boolean alternate;
    private final int width;
    private final String grouping;
    private final int precision;
    private final char type;

    private FormatSpec(String spec, boolean number) {
        Matcher matcher = PATTERN.matcher(spec);
        if (!matcher.matches()) {
            throw new JinjaException("Invalid format specifier");
        }
        boolean zero = matcher.group(6) != null;
        boolean aligned = matcher.group(2) != null;
        this.fill = matcher.group(1) != null ? matcher.group(1) : zero ? "0" : " ";
        this.align = aligned ? matcher.group(2).charAt(0) : !number ? '<' : zero ? '=' : '>';
        this.sign = matcher.group(3) == null ? "" : matcher.group(3);
        this.alternate = matcher.group(5) != null;
        this.width = matcher.group(7) == null ? 0 : Integer.parseInt(matcher.group(7));
        this.grouping = matcher.group(8) == null ? "" : matcher.group(8);
        this.precision = matcher.group(9) == null ? -1 : Integer.parseInt(matcher.group(9));
        this.type = matcher.group(10) == null ? NO_TYPE : matcher.group(10).charAt(0);
        Budget.current().allow(Math.max(width, precision));
    }

    static String format(@Nullable Object value, String spec) {
        if (spec.isEmpty()) {
            return Representation.str(value);
        }
        if (value instanceof LocalDate || value instanceof LocalDateTime || value instanceof OffsetDateTime) {
            return Representation.str(Calls.invoke(Attributes.attribute(value, "strftime"), Arguments.of(spec)));
        }
        if (value instanceof CharSequence text) {
            return new FormatSpec(spec, false).text(text.toString());
        }
        if (value == null || !Values.isNumber(value)) {
            throw Values.unsuitable(
                    value, "unsupported format string passed to " + Values.typeName(value) + ".__format__");
        }
        return new FormatSpec(spec, true).number(value);
    }

    private String text(String text) {
        if (type != NO_TYPE && type != 's') {
            throw unknownCode("str");
        }
        if (!grouping.isEmpty()) {
            throw new JinjaException("Cannot specify '" + grouping + "' with 's'.");
        }
        if (!sign.isEmpty()) {
            throw new JinjaException("Sign not allowed in string format specifier");
        }
        if (align == '=') {
            throw new JinjaException("'=' alignment not allowed in string format specifier");
        }
        String cut = precision >= 0 && Text.length(text) > precision
                ? text.substring(0, Text.offset(text, precision))
                : text;
        return aligned("", cut);
    }

    private JinjaException unknownCode(String typeName) {
        return new JinjaException("Unknown format code '" + type + "' for object of type '" + typeName + "'");
    }

    private String number(Object value) {
        boolean integer = Values.isInt(value);
        if (integer && precision >= 0 && (type == NO_TYPE || "bcdoxXn".indexOf(type) >= 0)) {
            throw new JinjaException("Precision not allowed in integer format specifier");
        }
        String digits = integer && (type == NO_TYPE || "bcdoxXn".indexOf(type) >= 0)
                ? integer(Values.bigInteger(value))
                : real(value);
        boolean negative = isNegative(value);
        String prefix = negative ? "-" : sign.equals("-") ? "" : sign;
        if (alternate && integer && type != NO_TYPE && "boxX".indexOf(type) >= 0) {
            prefix += "0" + type;
        }
        return aligned(prefix, grouped(digits, prefix.length()));
    }

    private static boolean isNegative(Object value) {
        if (Values.isInt(value)) {
            return Values.bigInteger(value).signum() < 0;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.signum() < 0;
        }
        double number = ((Number) value).doubleValue();
        return number < 0 || (number == 0 && 1 / number < 0);
    }

    private String integer(BigInteger value) {
        BigInteger number = value.abs();
        return switch (type) {
            case 'b' -> number.toString(2);
            case 'o' -> number.toString(8);
            case 'x' -> number.toString(16);
            case 'X' -> number.toString(16).toUpperCase(Locale.ROOT);
            case 'c' -> PercentFormat.character(Values.integer(value));
            default -> Representation.integer(number);
        };
    }

    private String real(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal(decimal.abs());
        }
        double number = Math.abs(Values.toDouble(value));
        return switch (type) {
            case NO_TYPE -> withoutType(number);
            case 'e', 'E', 'f', 'F', 'g', 'G' ->
                FloatFormat.format(number, type, precision < 0 ? 6 : precision, alternate);
            case 'n' -> FloatFormat.format(number, 'g', precision < 0 ? 6 : precision, alternate);
            case '%' -> FloatFormat.format(number * 100, 'f', precision < 0 ? 6 : precision, alternate) + "%";
            default -> throw unknownCode(Values.typeName(value));
        };
    }

    /** As repr; with a precision as g, but at least one digit stands after the point. */
    private String withoutType(double number) {
        if (precision < 0) {
            return Representation.floating(number);
        }
        String text = FloatFormat.format(number, 'g', precision, alternate);
        boolean whole = text.chars().allMatch(Character::isDigit);
        if (whole && text.length() >= Math.max(1, precision)) {
            return FloatFormat.withoutTrailingZeros(
                    FloatFormat.format(number, 'e', Math.max(1, precision) - 1, alternate));
        }
        return whole ? text + ".0" : text;
    }

    private String decimal(BigDecimal number) {
        return switch (type) {
            case NO_TYPE, 'G', 'n' -> significant(number);
            case 'g' -> significant(number).replace('E', 'e');
            case 'f', 'F' ->
                precision < 0 ? number.toPlainString() : FloatFormat.format(number, 'f', precision, alternate);
            case '%' ->
                FloatFormat.format(
                                number.movePointRight(2),
                                'f',
                                precision < 0 ? Math.max(0, number.scale() - 2) : precision,
                                alternate)
                        + "%";
            case 'e', 'E' ->
                FloatFormat.format(number, type, precision < 0 ? number.precision() - 1 : precision, alternate)
                        .replaceFirst("([+-])0", "$1");
            default -> throw new JinjaException("invalid format string");
        };
    }

    private String significant(BigDecimal number) {
        return precision < 0
                ? number.toString()
                : number.round(new MathContext(Math.max(1, precision), RoundingMode.HALF_EVEN))
                        .toString();
    }

    private String grouped(String number, int prefixLength) {
        if (grouping.isEmpty()) {
            return number;
        }
        int every = type != NO_TYPE && "boxX".indexOf(type) >= 0 ? 4 : 3;
        int end = 0;
        while (end < number.length() && Character.digit(number.charAt(end), 16) >= 0 && number.charAt(end) != 'e') {
            end++;
        }
        String whole = number.substring(0, end);
        String rest = number.substring(end);
        if (align == '=' && fill.equals("0")) {
            while (separated(whole, every).length() + rest.length() + prefixLength < width) {
                whole = "0" + whole;
            }
            String filled = separated(whole, every);
            boolean begins = filled.startsWith(grouping);
            return (begins ? "0" : "") + filled + rest;
        }
        return separated(whole, every) + rest;
    }

    private String separated(String digits, int every) {
        StringBuilder out = new StringBuilder(digits);
        for (int index = digits.length() - every; index > 0; index -= every) {
            out.insert(index, grouping);
        }
        return out.toString();
    }

    private String aligned(String prefix, String text) {
        int missing = width - Text.length(text) - prefix.length();
        if (missing <= 0) {
            return prefix + text;
        }
        return switch (align) {
            case '<' -> prefix + text + fill.repeat(missing);
            case '>' -> fill.repeat(missing) + prefix + text;
            case '=' -> prefix + fill.repeat(missing) + text;
            default -> fill.repeat(missing / 2) + prefix + text + fill.repeat(missing - missing / 2);
        };
    }
}
