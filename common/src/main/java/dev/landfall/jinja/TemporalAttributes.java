package dev.landfall.jinja;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import org.jspecify.annotations.Nullable;

/** Attributes and methods of Python's date, datetime, time and timedelta. */
final class TemporalAttributes {
    private TemporalAttributes() {}

    static @Nullable Object get(@Nullable Object value, String name) {
        if (value instanceof Duration duration) {
            return ofDuration(duration, name);
        }
        if (value instanceof LocalTime time) {
            return ofTime(time, name);
        }
        Object ofDate = ofDate(toDate(value), name);
        if (!(ofDate instanceof Undefined) || value instanceof LocalDate) {
            return name.equals("strftime") || name.equals("isoformat") || name.equals("replace")
                    ? text(value, name)
                    : ofDate;
        }
        return ofDateTime(Values.require(value), name);
    }

    private static LocalDate toDate(@Nullable Object value) {
        if (value instanceof LocalDate date) {
            return date;
        }
        return toDateTime(value).toLocalDate();
    }

    private static LocalDateTime toDateTime(@Nullable Object value) {
        if (value instanceof OffsetDateTime dateTime) {
            return dateTime.toLocalDateTime();
        }
        return value instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) Values.require(value);
    }

    private static @Nullable Object ofDate(LocalDate date, String name) {
        return switch (name) {
            case "year" -> (long) date.getYear();
            case "month" -> (long) date.getMonthValue();
            case "day" -> (long) date.getDayOfMonth();
            case "weekday" -> (BuiltIn) arguments -> (long) date.getDayOfWeek().getValue() - 1;
            case "isoweekday" ->
                (BuiltIn) arguments -> (long) date.getDayOfWeek().getValue();
            case "toordinal" -> (BuiltIn) arguments -> date.toEpochDay() + 719_163;
            case "isocalendar" ->
                (BuiltIn) arguments -> PyTuple.of(
                        (long) date.get(IsoFields.WEEK_BASED_YEAR),
                        (long) date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
                        (long) date.getDayOfWeek().getValue());
            case "strftime", "isoformat", "replace" -> name;
            default -> Undefined.of(name);
        };
    }

    private static Object text(@Nullable Object value, String name) {
        return switch (name) {
            case "strftime" ->
                (BuiltIn) arguments -> DateFormat.format(toDateTime(value), offset(value), arguments.text(0, "format"));
            case "replace" -> (BuiltIn) arguments -> replace(Values.require(value), arguments);
            default -> (BuiltIn) arguments -> isoFormat(Values.require(value), arguments.text(0, "sep", "T"));
        };
    }

    private static @Nullable ZoneOffset offset(@Nullable Object value) {
        return value instanceof OffsetDateTime dateTime ? dateTime.getOffset() : null;
    }

    private static String isoFormat(Object value, String separator) {
        if (value instanceof LocalDate) {
            return value.toString();
        }
        String text = Temporal.dateTime(toDateTime(value), separator.isEmpty() ? 'T' : separator.charAt(0));
        ZoneOffset offset = offset(value);
        return offset == null ? text : text + Temporal.offset(offset, ":");
    }

    private static Object replace(Object value, Arguments arguments) {
        LocalDateTime old = toDateTime(value);
        LocalDate date = LocalDate.of(
                field(arguments, 0, "year", old.getYear()),
                field(arguments, 1, "month", old.getMonthValue()),
                field(arguments, 2, "day", old.getDayOfMonth()));
        if (value instanceof LocalDate) {
            return date;
        }
        LocalDateTime replaced = date.atTime(
                field(arguments, 3, "hour", old.getHour()),
                field(arguments, 4, "minute", old.getMinute()),
                field(arguments, 5, "second", old.getSecond()),
                field(arguments, 6, "microsecond", old.getNano() / 1000) * 1000);
        ZoneOffset offset = offset(value);
        if (arguments.keyword().containsKey("tzinfo") && arguments.keyword().get("tzinfo") == null) {
            return replaced;
        }
        return offset == null ? replaced : replaced.atOffset(offset);
    }

    private static int field(Arguments arguments, int index, String name, int old) {
        return Values.toIndex(arguments.get(index, name, (long) old));
    }

    private static @Nullable Object ofDateTime(Object value, String name) {
        LocalDateTime dateTime = toDateTime(value);
        return switch (name) {
            case "date" -> (BuiltIn) arguments -> dateTime.toLocalDate();
            case "time" -> (BuiltIn) arguments -> dateTime.toLocalTime();
            case "timestamp" -> (BuiltIn) arguments -> timestamp(value);
            case "tzinfo" -> offset(value) == null ? null : DateFormat.zone(offset(value));
            case "astimezone" -> (BuiltIn) arguments -> value;
            default -> ofTime(dateTime.toLocalTime(), name);
        };
    }

    private static double timestamp(Object value) {
        OffsetDateTime instant = value instanceof OffsetDateTime dateTime
                ? dateTime
                : toDateTime(value).atOffset(ZoneOffset.UTC);
        return instant.toEpochSecond() + instant.getNano() / 1e9;
    }

    private static @Nullable Object ofTime(LocalTime time, String name) {
        return switch (name) {
            case "hour" -> (long) time.getHour();
            case "minute" -> (long) time.getMinute();
            case "second" -> (long) time.getSecond();
            case "microsecond" -> (long) time.getNano() / 1000;
            case "isoformat" -> (BuiltIn) arguments -> Temporal.time(time);
            case "strftime" ->
                (BuiltIn) arguments ->
                        DateFormat.format(LocalDate.of(1900, 1, 1).atTime(time), null, arguments.text(0, "format"));
            default -> Undefined.of(name);
        };
    }

    private static @Nullable Object ofDuration(Duration duration, String name) {
        long days = Temporal.days(duration);
        return switch (name) {
            case "days" -> days;
            case "seconds" -> duration.minusDays(days).toSeconds();
            case "microseconds" -> (long) duration.toNanosPart() / 1000;
            case "total_seconds" -> (BuiltIn) arguments -> duration.toSeconds() + duration.toNanosPart() / 1e9;
            default -> Undefined.of(name);
        };
    }
}
