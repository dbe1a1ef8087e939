package dev.landfall.jinja;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
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
        Object whole = Values.require(value);
        return switch (name) {
            case "strftime" ->
                (BuiltIn) arguments -> DateFormat.format(toDateTime(whole), offset(whole), arguments.text(0, "format"));
            case "isoformat" -> (BuiltIn) arguments -> isoFormat(whole, arguments.text(0, "sep", "T"));
            case "replace" -> (BuiltIn) arguments -> replace(whole, arguments);
            default -> field(whole, name);
        };
    }

    private static @Nullable Object field(Object value, String name) {
        Object ofDate = ofDate(toDate(value), name);
        return ofDate instanceof Undefined && !(value instanceof LocalDate) ? ofDateTime(value, name) : ofDate;
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
            default -> Undefined.of(name);
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
        LocalDate date = date(
                part(arguments, 0, "year", old.getYear(), 1, Temporal.MAX_YEAR),
                part(arguments, 1, "month", old.getMonthValue(), 1, 12),
                part(arguments, 2, "day", old.getDayOfMonth(), 1, 31));
        if (value instanceof LocalDate) {
            return date;
        }
        LocalDateTime replaced = date.atTime(
                part(arguments, 3, "hour", old.getHour(), 0, 23),
                part(arguments, 4, "minute", old.getMinute(), 0, 59),
                part(arguments, 5, "second", old.getSecond(), 0, 59),
                part(arguments, 6, "microsecond", old.getNano() / 1000, 0, 999_999) * 1000);
        ZoneOffset offset = offset(value);
        boolean naive =
                arguments.keyword().containsKey("tzinfo") && arguments.keyword().get("tzinfo") == null;
        return offset == null || naive ? replaced : replaced.atOffset(offset);
    }

    private static int part(Arguments arguments, int index, String name, int old, int lowest, int highest) {
        int part = arguments.integer(index, name, old);
        if (part < lowest || part > highest) {
            throw new JinjaException(
                    name.equals("year")
                            ? "year " + part + " is out of range"
                            : name.equals("day")
                                    ? "day is out of range for month"
                                    : name + " must be in " + lowest + ".." + highest);
        }
        return part;
    }

    private static LocalDate date(int year, int month, int day) {
        if (day > YearMonth.of(year, month).lengthOfMonth()) {
            throw new JinjaException("day is out of range for month");
        }
        return LocalDate.of(year, month, day);
    }

    private static @Nullable Object ofDateTime(Object value, String name) {
        LocalDateTime dateTime = toDateTime(value);
        return switch (name) {
            case "date" -> (BuiltIn) arguments -> dateTime.toLocalDate();
            case "time" -> (BuiltIn) arguments -> dateTime.toLocalTime();
            case "timestamp" -> (BuiltIn) arguments -> timestamp(value);
            case "tzinfo" -> offset(value) == null ? null : DateFormat.zone(offset(value));
            case "utcoffset" -> (BuiltIn) arguments -> utcOffset(value);
            case "astimezone" -> (BuiltIn) arguments -> value;
            default -> ofTime(dateTime.toLocalTime(), name);
        };
    }

    private static @Nullable Duration utcOffset(Object value) {
        ZoneOffset offset = offset(value);
        return offset == null ? null : Duration.ofSeconds(offset.getTotalSeconds());
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
