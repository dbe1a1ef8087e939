package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Python's arithmetic on numbers: ints have no bounds, Decimals have 28 digits, a float makes the result a float.
 * Every operation gives null when the two are not numbers that go together.
 */
final class Arithmetic {
    static final MathContext DECIMAL_CONTEXT = new MathContext(28, RoundingMode.HALF_EVEN);

    private Arithmetic() {}

    private static boolean areInts(@Nullable Object left, @Nullable Object right) {
        return Values.isInt(left) && Values.isInt(right);
    }

    /** At least one Decimal, and no float beside it. */
    private static boolean areDecimals(@Nullable Object left, @Nullable Object right) {
        return (left instanceof BigDecimal || right instanceof BigDecimal)
                && (left instanceof BigDecimal || Values.isInt(left))
                && (right instanceof BigDecimal || Values.isInt(right));
    }

    /** At least one float, and no Decimal beside it. */
    private static boolean areFloats(@Nullable Object left, @Nullable Object right) {
        return (Values.isFloat(left) || Values.isFloat(right))
                && (Values.isFloat(left) || Values.isInt(left))
                && (Values.isFloat(right) || Values.isInt(right));
    }

    private static BigInteger big(@Nullable Object value) {
        return Values.bigInteger(Values.require(value));
    }

    private static double real(@Nullable Object value) {
        return Values.toDouble(Values.require(value));
    }

    /** Any number without loss. */
    static BigDecimal exact(@Nullable Object number) {
        return Values.isFloat(number) ? new BigDecimal(real(number)) : decimal(number);
    }

    static BigDecimal decimal(@Nullable Object value) {
        return value instanceof BigDecimal decimal ? decimal : new BigDecimal(big(value));
    }

    private static Object integer(BigInteger value) {
        Budget.current().allow(value.bitLength());
        return Values.integer(value);
    }

    static @Nullable Object add(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Long ours && right instanceof Long theirs) {
            long sum = ours + theirs;
            boolean overflow = ((ours ^ sum) & (theirs ^ sum)) < 0;
            return overflow ? big(ours).add(big(theirs)) : (Object) sum;
        }
        if (areInts(left, right)) {
            return integer(big(left).add(big(right)));
        }
        if (areDecimals(left, right)) {
            return decimal(left).add(decimal(right), DECIMAL_CONTEXT);
        }
        return areFloats(left, right) ? real(left) + real(right) : null;
    }

    static @Nullable Object subtract(@Nullable Object left, @Nullable Object right) {
        if (areInts(left, right)) {
            return integer(big(left).subtract(big(right)));
        }
        if (areDecimals(left, right)) {
            return decimal(left).subtract(decimal(right), DECIMAL_CONTEXT);
        }
        return areFloats(left, right) ? real(left) - real(right) : null;
    }

    static @Nullable Object multiply(@Nullable Object left, @Nullable Object right) {
        if (areInts(left, right)) {
            BigInteger ours = big(left);
            BigInteger theirs = big(right);
            Budget.current().allow((long) ours.bitLength() + theirs.bitLength());
            return integer(ours.multiply(theirs));
        }
        if (areDecimals(left, right)) {
            return decimal(left).multiply(decimal(right), DECIMAL_CONTEXT);
        }
        return areFloats(left, right) ? real(left) * real(right) : null;
    }

    static @Nullable Object divide(@Nullable Object left, @Nullable Object right) {
        if (areInts(left, right)) {
            if (big(right).signum() == 0) {
                throw new JinjaException("division by zero");
            }
            return divideInts(big(left), big(right));
        }
        if (areDecimals(left, right)) {
            requireDecimalDivisor(left, right);
            return decimal(left).divide(decimal(right), DECIMAL_CONTEXT);
        }
        if (areFloats(left, right)) {
            if (real(right) == 0) {
                throw new JinjaException("float division by zero");
            }
            return real(left) / real(right);
        }
        return null;
    }

    /** Exact where converting both to float first would not be. */
    private static double divideInts(BigInteger left, BigInteger right) {
        if (left.bitLength() <= 53 && right.bitLength() <= 53) {
            return left.doubleValue() / right.doubleValue();
        }
        double quotient = new BigDecimal(left)
                .divide(new BigDecimal(right), new MathContext(40))
                .doubleValue();
        if (Double.isInfinite(quotient)) {
            throw new JinjaException("integer division result too large for a float");
        }
        return quotient;
    }

    private static void requireDecimalDivisor(@Nullable Object left, @Nullable Object right) {
        if (decimal(right).signum() == 0) {
            String problem = decimal(left).signum() == 0 ? "DivisionUndefined" : "DivisionByZero";
            throw new JinjaException("[<class 'decimal." + problem + "'>]");
        }
    }

    static @Nullable Object floorDivide(@Nullable Object left, @Nullable Object right) {
        if (areInts(left, right)) {
            requireDivisor(right, "integer division or modulo by zero");
            BigInteger[] parts = big(left).divideAndRemainder(big(right));
            boolean below =
                    parts[1].signum() != 0 && parts[1].signum() != big(right).signum();
            return integer(below ? parts[0].subtract(BigInteger.ONE) : parts[0]);
        }
        if (areDecimals(left, right)) {
            requireDecimalDivisor(left, right);
            return decimal(left).divideToIntegralValue(decimal(right)).setScale(0, RoundingMode.DOWN);
        }
        if (areFloats(left, right)) {
            if (real(right) == 0) {
                throw new JinjaException("float floor division by zero");
            }
            double remainder = modulo(real(left), real(right));
            double quotient = Math.rint((real(left) - remainder) / real(right));
            return quotient == 0 ? Math.copySign(0.0, real(left) / real(right)) : quotient;
        }
        return null;
    }

    private static void requireDivisor(@Nullable Object right, String problem) {
        if (big(right).signum() == 0) {
            throw new JinjaException(problem);
        }
    }

    static @Nullable Object modulo(@Nullable Object left, @Nullable Object right) {
        if (areInts(left, right)) {
            requireDivisor(right, "integer modulo by zero");
            BigInteger remainder = big(left).remainder(big(right));
            boolean below =
                    remainder.signum() != 0 && remainder.signum() != big(right).signum();
            return integer(below ? remainder.add(big(right)) : remainder);
        }
        if (areDecimals(left, right)) {
            if (decimal(right).signum() == 0) {
                throw new JinjaException("[<class 'decimal.InvalidOperation'>]");
            }
            int scale = Math.max(decimal(left).scale(), decimal(right).scale());
            return decimal(left).remainder(decimal(right)).setScale(scale, RoundingMode.UNNECESSARY);
        }
        if (areFloats(left, right)) {
            if (real(right) == 0) {
                throw new JinjaException("float modulo");
            }
            return modulo(real(left), real(right));
        }
        return null;
    }

    /** With the sign of the divisor, where Java's has the sign of the dividend. */
    private static double modulo(double left, double right) {
        double remainder = left % right;
        if (remainder == 0) {
            return Math.copySign(0.0, right);
        }
        return remainder < 0 == right < 0 ? remainder : remainder + right;
    }

    static @Nullable Object power(@Nullable Object left, @Nullable Object right) {
        if (areInts(left, right)) {
            return powerOfInts(big(left), big(right));
        }
        if (areDecimals(left, right)) {
            return powerOfDecimals(decimal(left), decimal(right));
        }
        return areFloats(left, right) ? powerOfFloats(real(left), real(right)) : null;
    }

    private static Object powerOfInts(BigInteger base, BigInteger exponent) {
        if (exponent.signum() < 0) {
            return powerOfFloats(real(base), real(exponent));
        }
        if (base.bitLength() <= 1 && base.abs().compareTo(BigInteger.ONE) <= 0) {
            boolean odd = exponent.testBit(0);
            BigInteger result = exponent.signum() == 0 ? BigInteger.ONE : odd ? base : base.abs();
            return Values.integer(result);
        }
        Budget.current().allow(exponent.bitLength() > 40 ? Long.MAX_VALUE : exponent.longValue() * base.bitLength());
        return integer(base.pow(exponent.intValueExact()));
    }

    private static Object powerOfDecimals(BigDecimal base, BigDecimal exponent) {
        BigDecimal whole = exponent.stripTrailingZeros();
        if (whole.scale() <= 0 && whole.abs().compareTo(BigDecimal.valueOf(999_999_999)) <= 0) {
            return base.pow(whole.intValueExact(), DECIMAL_CONTEXT);
        }
        if (exponent.compareTo(new BigDecimal("0.5")) == 0 && base.signum() >= 0) {
            return base.sqrt(DECIMAL_CONTEXT);
        }
        return new BigDecimal(powerOfFloats(base.doubleValue(), exponent.doubleValue()), DECIMAL_CONTEXT);
    }

    private static double powerOfFloats(double base, double exponent) {
        if (base == 0 && exponent < 0) {
            throw new JinjaException("0.0 cannot be raised to a negative power");
        }
        if (base < 0 && exponent != Math.rint(exponent) && !Double.isInfinite(exponent)) {
            throw new JinjaException(
                    "a negative number raised to a fraction is a complex number, which templates lack");
        }
        double result = base == 1 ? 1 : Math.pow(base, exponent);
        if (Double.isInfinite(result) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
            throw new JinjaException("(34, 'Numerical result out of range')");
        }
        return result;
    }

    static @Nullable Object negative(@Nullable Object value) {
        if (value == null || !Values.isNumber(value)) {
            return null;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.negate();
        }
        return Values.isInt(value) ? Values.integer(big(value).negate()) : (Object) (-real(value));
    }

    static @Nullable Object absolute(@Nullable Object value) {
        if (value instanceof Duration span) {
            return span.abs();
        }
        if (value == null || !Values.isNumber(value)) {
            return null;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.abs();
        }
        return Values.isInt(value) ? Values.integer(big(value).abs()) : (Object) Math.abs(real(value));
    }
}
