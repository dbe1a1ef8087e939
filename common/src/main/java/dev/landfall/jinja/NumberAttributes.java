package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** The few attributes of numbers that templates use. */
final class NumberAttributes {
    private NumberAttributes() {}

    static @Nullable Object get(Object number, String name) {
        return switch (name) {
            case "real" -> number;
            case "imag" -> Values.isFloat(number) ? (Object) 0.0 : (Object) 0L;
            case "conjugate" -> (BuiltIn) arguments -> number;
            case "is_integer" ->
                Values.isFloat(number) ? (BuiltIn) arguments -> isWhole(Values.toDouble(number)) : Undefined.of(name);
            case "bit_length" ->
                Values.isInt(number) ? (BuiltIn) arguments -> bitLength(Values.bigInteger(number)) : Undefined.of(name);
            case "quantize" ->
                number instanceof BigDecimal decimal
                        ? (BuiltIn) arguments -> quantize(decimal, arguments.require(0, "exp"))
                        : Undefined.of(name);
            default -> Undefined.of(name);
        };
    }

    private static boolean isWhole(double number) {
        return !Double.isInfinite(number) && number == Math.rint(number);
    }

    private static long bitLength(BigInteger number) {
        return number.abs().bitLength();
    }

    private static Object quantize(BigDecimal decimal, @Nullable Object exponent) {
        if (exponent instanceof BigDecimal pattern) {
            return decimal.setScale(pattern.scale(), RoundingMode.HALF_EVEN);
        }
        throw new JinjaException("conversion from " + Values.typeName(exponent) + " to Decimal is not supported");
    }
}
