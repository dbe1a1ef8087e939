package dev.landfall.jinja;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Python's datetime module: how its values print. */
final class Temporal {
    /** The last year that Python knows; the first is 1. */
    static final int MAX_YEAR = 9999;

    private static final long SECONDS_PER_DAY = 86_400;

    private Temporal() {}

    static String str(Object value) {
        if (value instanceof LocalDateTime dateTime) {
            return dateTime(dateTime, ' ');
        }
        if (value instanceof OffsetDateTime dateTime) {
            return dateTime(dateTime.toLocalDateTime(), ' ') + offset(dateTime.getOffset(), ":");
        }
        if (value instanceof LocalTime time) {
            return time(time);
        }
        return value instanceof Duration duration ? duration(duration) : value.toString();
    }

    static String repr(Object value) {
        if (value instanceof LocalDate date) {
            return "datetime.date(" + date.getYear() + ", " + date.getMonthValue() + ", " + date.getDayOfMonth() + ")";
        }
        if (value instanceof LocalTime time) {
            return "datetime.time(" + fields(time) + ")";
        }
        if (value instanceof LocalDateTime dateTime) {
            return "datetime.datetime(" + fields(dateTime) + ")";
        }
        if (value instanceof OffsetDateTime dateTime) {
            String zone = dateTime.getOffset().equals(ZoneOffset.UTC)
                    ? "datetime.timezone.utc"
                    : "datetime.timezone("
                            + repr(Duration.ofSeconds(dateTime.getOffset().getTotalSeconds())) + ")";
            return "datetime.datetime(" + fields(dateTime.toLocalDateTime()) + ", tzinfo=" + zone + ")";
        }
        return "datetime.timedelta(" + fields((Duration) value) + ")";
    }

    static String dateTime(LocalDateTime dateTime, char separator) {
        return dateTime.toLocalDate() + String.valueOf(separator) + time(dateTime.toLocalTime());
    }

    static String time(LocalTime time) {
        String text = String.format(Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
        int micros = time.getNano() / 1000;
        return micros == 0 ? text : text + String.format(Locale.ROOT, ".%06d", micros);
    }

    /** {@code +02:00} with a colon between hours and minutes, or without. */
    static String offset(ZoneOffset offset, String colon) {
        int seconds = Math.abs(offset.getTotalSeconds());
        return String.format(
                Locale.ROOT,
                "%s%02d%s%02d",
                offset.getTotalSeconds() < 0 ? "-" : "+",
                seconds / 3600,
                colon,
                seconds / 60 % 60);
    }

    private static String duration(Duration duration) {
        long days = days(duration);
        LocalTime rest = LocalTime.ofNanoOfDay(duration.minusDays(days).toNanos());
        String time = time(rest);
        String clock = rest.getHour() < 10 ? time.substring(1) : time;
        return days == 0 ? clock : days + (Math.abs(days) == 1 ? " day, " : " days, ") + clock;
    }

    static long days(Duration duration) {
        return Math.floorDiv(duration.toSeconds(), SECONDS_PER_DAY);
    }

    private static String fields(LocalTime time) {
        String text = time.getHour() + ", " + time.getMinute();
        int micros = time.getNano() / 1000;
        if (time.getSecond() != 0 || micros != 0) {
            text += ", " + time.getSecond();
        }
        return micros == 0 ? text : text + ", " + micros;
    }

    private static String fields(LocalDateTime dateTime) {
        return dateTime.getYear() + ", " + dateTime.getMonthValue() + ", " + dateTime.getDayOfMonth() + ", "
                + fields(dateTime.toLocalTime());
    }

    private static String fields(Duration duration) {
        long days = days(duration);
        long seconds = duration.toSeconds() - days * SECONDS_PER_DAY;
        int micros = duration.toNanosPart() / 1000;
        List<String> fields = new ArrayList<>();
        if (days != 0) {
            fields.add("days=" + days);
        }
        if (seconds != 0) {
            fields.add("seconds=" + seconds);
        }
        if (micros != 0) {
            fields.add("microseconds=" + micros);
        }
        return fields.isEmpty() ? "0" : String.join(", ", fields);
    }
}
