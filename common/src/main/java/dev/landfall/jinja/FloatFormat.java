package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Floats in the forms of C's printf: e, f and g. */
final class FloatFormat {
    private FloatFormat() {}

    /**
     * The number as text.
     *
     * @param type e, f or g, a capital letter for a capital exponent
     * @param alternate keeps the point and, for g, the zeros at the end
     */
    static String format(double number, char type, int precision, boolean alternate) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            String text = Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
            return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
        }
        String digits = format(new BigDecimal(number).abs(), Character.toLowerCase(type), precision, alternate);
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        String text = (negative ? "-" : "") + digits;
        return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
    }

    /** The same of a number that is not negative. */
    static String format(BigDecimal number, char type, int precision, boolean alternate) {
        Budget.current().allow(precision);
        return switch (type) {
            case 'E' -> scientific(number, precision, alternate).toUpperCase(Locale.ROOT);
            case 'e' -> scientific(number, precision, alternate);
            case 'f' -> fixed(number, precision, alternate);
            default -> general(number, precision, alternate);
        };
    }

    private static String fixed(BigDecimal number, int precision, boolean alternate) {
        String text = number.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        return alternate && precision == 0 ? text + "." : text;
    }

    private static String scientific(BigDecimal number, int precision, boolean alternate) {
        BigDecimal rounded = number.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = number.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String digits = rounded.unscaledValue().toString();
        if (digits.length() < precision + 1) {
            digits += "0".repeat(precision + 1 - digits.length());
        }
        String fraction = digits.substring(1, precision + 1);
        String point = fraction.isEmpty() && !alternate ? "" : ".";
        return digits.charAt(0) + point + fraction + "e" + Representation.exponent(exponent);
    }

    private static String general(BigDecimal number, int precision, boolean alternate) {
        int significant = Math.max(1, precision);
        BigDecimal rounded = number.round(new MathContext(significant, RoundingMode.HALF_EVEN));
        int exponent = number.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        boolean large = exponent < -4 || exponent >= significant;
        String text = large
                ? scientific(number, significant - 1, alternate)
                : fixed(number, Math.max(0, significant - 1 - exponent), alternate);
        return alternate ? text : withoutTrailingZeros(text);
    }

    static String withoutTrailingZeros(String text) {
        int exponentAt = text.indexOf('e');
        String digits = exponentAt < 0 ? text : text.substring(0, exponentAt);
        String exponent = exponentAt < 0 ? "" : text.substring(exponentAt);
        if (digits.indexOf('.') >= 0) {
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            digits = digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
        }
        return digits + exponent;
    }
}
