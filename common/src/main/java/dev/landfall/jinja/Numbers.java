package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's {@code int()}, {@code float()} and {@code round()}. */
final class Numbers {
    private Numbers() {}

    static BigInteger truncate(double number) {
        if (Double.isNaN(number)) {
            throw new JinjaException("cannot convert float NaN to integer");
        }
        if (Double.isInfinite(number)) {
            throw new JinjaException("cannot convert float infinity to integer");
        }
        return new BigDecimal(number).toBigInteger();
    }

    /** The nearest int in a direction. */
    static Object whole(Object number, RoundingMode direction) {
        if (Values.isFloat(number)) {
            truncate(Values.toDouble(number));
        }
        return Values.integer(Arithmetic.exact(number).setScale(0, direction).toBigInteger());
    }

    /** {@code float(value)} */
    static double toFloat(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            Double number = parseFloat(text.toString());
            if (number == null) {
                throw new JinjaException("could not convert string to float: " + Representation.repr(text.toString()));
            }
            return number;
        }
        if (value == null || !Values.isNumber(value)) {
            throw Values.unsuitable(
                    value, "float() argument must be a string or a real number, not '" + Values.typeName(value) + "'");
        }
        return Values.toDouble(value);
    }

    /** The int that a text spells; null if it spells none. Base 0 goes by the prefix. */
    static @Nullable Object parseInt(String text, int base) {
        String digits = Text.strip(text);
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        int radix = base == 0 ? 10 : base;
        int prefix = digits.length() > 1 && digits.charAt(0) == '0' ? radixOf(digits.charAt(1)) : 0;
        if (prefix != 0 && (base == 0 || base == prefix)) {
            radix = prefix;
            digits = digits.substring(2);
            digits = digits.startsWith("_") ? digits.substring(1) : digits;
        }
        if (!isDigits(digits)) {
            return null;
        }
        Budget.current().allow(digits.length() * 4L);
        try {
            BigInteger number = new BigInteger(digits.replace("_", ""), radix);
            return Values.integer(negative ? number.negate() : number);
        } catch (NumberFormatException wrong) {
            return null;
        }
    }

    private static int radixOf(char letter) {
        return switch (letter) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
        };
    }

    /** Letters and digits with single underscores between them. */
    private static boolean isDigits(String text) {
        if (text.isEmpty() || text.startsWith("_") || text.endsWith("_") || text.contains("__")) {
            return false;
        }
        return text.chars().allMatch(character -> character == '_' || Character.isLetterOrDigit(character));
    }

    /** The float that a text spells; null if it spells none. */
    static @Nullable Double parseFloat(String text) {
        String number = Text.strip(text);
        boolean negative = number.startsWith("-");
        String unsigned = negative || number.startsWith("+") ? number.substring(1) : number;
        Double special = switch (unsigned.toLowerCase(Locale.ROOT)) {
            case "inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> null;
        };
        if (special != null) {
            return negative ? -special : special;
        }
        boolean plain = !unsigned.isEmpty()
                && unsigned.chars().allMatch(character -> "0123456789.eE+-_".indexOf(character) >= 0)
                && !unsigned.contains("__")
                && !unsigned.startsWith("_")
                && !unsigned.endsWith("_");
        if (!plain) {
            return null;
        }
        try {
            return Double.parseDouble(number.replace("_", ""));
        } catch (NumberFormatException wrong) {
            return null;
        }
    }

    /** {@code round(number, digits)}: halves go to the even neighbour, and an int stays an int. */
    static Object round(Object number, int digits) {
        if (Values.isInt(number)) {
            if (digits >= 0) {
                return Values.integer(Values.bigInteger(number));
            }
            BigDecimal rounded = new BigDecimal(Values.bigInteger(number)).setScale(digits, RoundingMode.HALF_EVEN);
            return Values.integer(rounded.toBigInteger());
        }
        if (number instanceof BigDecimal decimal) {
            return decimal.setScale(digits, RoundingMode.HALF_EVEN);
        }
        double real = ((Number) number).doubleValue();
        if (Double.isNaN(real) || Double.isInfinite(real) || digits > 323) {
            return real;
        }
        double rounded = new BigDecimal(real)
                .setScale(Math.max(digits, -400), RoundingMode.HALF_EVEN)
                .doubleValue();
        return Math.copySign(rounded, real);
    }
}
