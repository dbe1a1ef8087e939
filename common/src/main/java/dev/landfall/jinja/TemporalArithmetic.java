package dev.landfall.jinja;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
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
        if (time instanceof LocalDate date) {
            return date.plusDays(Temporal.days(span));
        }
        if (time instanceof LocalDateTime dateTime) {
            return dateTime.plus(span);
        }
        return time instanceof OffsetDateTime dateTime ? dateTime.plus(span) : null;
    }

    static @Nullable Object subtract(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration ours && right instanceof Duration theirs) {
            return ours.minus(theirs);
        }
        if (right instanceof Duration span) {
            return left instanceof LocalDate date ? date.minusDays(Temporal.days(span)) : move(left, span.negated());
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
        return null;
    }

    static @Nullable Object multiply(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Duration span && Values.isInt(right)) {
            return span.multipliedBy(Values.toIndex(right));
        }
        return right instanceof Duration span && Values.isInt(left) ? span.multipliedBy(Values.toIndex(left)) : null;
    }

    static @Nullable Object negative(@Nullable Object value) {
        return value instanceof Duration span ? span.negated() : null;
    }
}
