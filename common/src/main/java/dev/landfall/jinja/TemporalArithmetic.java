package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic on dates and time spans. Every operation gives null when the two do not go together. */
final class TemporalArithmetic {
    private TemporalArithmetic() {}

    static @Nullable Object add(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration ours && right instanceof Duration theirs) {
            return ours.plus(theirs);
        }
        if (right instanceof Duration span) {
            return move(left, span);
        }
        return left instanceof Duration span ? move(right, span) : null;
    }

    private static @Nullable Object move(@Nullable Object time, Duration span) {
        try {
            if (time instanceof LocalDate date) {
                return inRange(date.plusDays(Temporal.days(span)));
            }
            if (time instanceof LocalDateTime dateTime) {
                LocalDateTime moved = dateTime.plus(span);
                inRange(moved.toLocalDate());
                return moved;
            }
            if (time instanceof OffsetDateTime dateTime) {
                OffsetDateTime moved = dateTime.plus(span);
                inRange(moved.toLocalDate());
                return moved;
            }
            return null;
        } catch (DateTimeException | ArithmeticException outOfRange) {
            throw new JinjaException("date value out of range");
        }
    }

    private static LocalDate inRange(LocalDate date) {
        if (date.getYear() < 1 || date.getYear() > Temporal.MAX_YEAR) {
            throw new JinjaException("date value out of range");
        }
        return date;
    }

    static @Nullable Object subtract(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration ours && right instanceof Duration theirs) {
            return ours.minus(theirs);
        }
        if (right instanceof Duration span) {
            return move(left, left instanceof LocalDate ? Duration.ofDays(-Temporal.days(span)) : span.negated());
        }
        if (left instanceof LocalDate ours && right instanceof LocalDate theirs) {
            return Duration.ofDays(ours.toEpochDay() - theirs.toEpochDay());
        }
        if (left instanceof LocalDateTime ours && right instanceof LocalDateTime theirs) {
            return Duration.between(theirs, ours);
        }
        if (left instanceof OffsetDateTime ours && right instanceof OffsetDateTime theirs) {
            return Duration.between(theirs, ours);
        }
        if (isDateTime(left) && isDateTime(right)) {
            throw new JinjaException("can't subtract offset-naive and offset-aware datetimes");
        }
        return null;
    }

    private static boolean isDateTime(@Nullable Object value) {
        return value instanceof LocalDateTime || value instanceof OffsetDateTime;
    }

    static @Nullable Object multiply(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration span) {
            return scale(span, right);
        }
        return right instanceof Duration span ? scale(span, left) : null;
    }

    private static @Nullable Object scale(Duration span, @Nullable Object factor) {
        BigDecimal exact = Values.isInt(factor) || Values.isFloat(factor) ? Arithmetic.exact(factor) : null;
        return exact == null ? null : ofMicros(micros(span).multiply(exact));
    }

    static @Nullable Object divide(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration ours && right instanceof Duration theirs) {
            return Arithmetic.divide(micros(ours).toBigInteger(), micros(theirs).toBigInteger());
        }
        if (left instanceof Duration span && (Values.isInt(right) || Values.isFloat(right))) {
            BigDecimal divisor = Arithmetic.exact(right);
            requireDivisor(divisor.signum() != 0);
            return ofMicros(micros(span).divide(divisor, MathContext.DECIMAL128));
        }
        return null;
    }

    static @Nullable Object floorDivide(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration ours && right instanceof Duration theirs) {
            requireDivisor(!theirs.isZero());
            return Arithmetic.floorDivide(
                    micros(ours).toBigInteger(), micros(theirs).toBigInteger());
        }
        if (left instanceof Duration span && Values.isInt(right)) {
            Object micros = Arithmetic.floorDivide(micros(span).toBigInteger(), right);
            return micros == null ? null : ofMicros(Arithmetic.exact(micros));
        }
        return null;
    }

    static @Nullable Object modulo(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration ours && right instanceof Duration theirs) {
            requireDivisor(!theirs.isZero());
            Object micros = Arithmetic.modulo(
                    micros(ours).toBigInteger(), micros(theirs).toBigInteger());
            return micros == null ? null : ofMicros(Arithmetic.exact(micros));
        }
        return null;
    }

    private static void requireDivisor(boolean present) {
        if (!present) {
            throw new JinjaException("integer division or modulo by zero");
        }
    }

    private static BigDecimal micros(Duration span) {
        return BigDecimal.valueOf(span.toSeconds(), -6).add(BigDecimal.valueOf(span.toNanosPart() / 1000));
    }

    private static Duration ofMicros(BigDecimal micros) {
        BigInteger whole = micros.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
        if (whole.bitLength() >= Long.SIZE) {
            throw new JinjaException("days is too large; must have magnitude <= 999999999");
        }
        return Duration.of(whole.longValue(), ChronoUnit.MICROS);
    }

    static @Nullable Object negative(@Nullable Object value) {
        return value instanceof Duration span ? span.negated() : null;
    }
}
