package dev.landfall.jinja;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's {@code strftime}, with the English names that it gives without a locale. */
final class DateFormat {
    private DateFormat() {}

    static String format(LocalDateTime time, @Nullable ZoneOffset offset, String format) {
        StringBuilder out = new StringBuilder();
        int position = 0;
        while (position < format.length()) {
            char character = format.charAt(position++);
            if (character != '%' || position == format.length()) {
                out.append(character);
                continue;
            }
            char letter = format.charAt(position++);
            boolean bare = letter == '-' && position < format.length();
            if (bare) {
                letter = format.charAt(position++);
            }
            String field = field(time, offset, letter);
            out.append(bare && field.length() > 1 && field.startsWith("0") ? field.substring(1) : field);
        }
        return out.toString();
    }

    private static String field(LocalDateTime time, @Nullable ZoneOffset offset, char letter) {
        int hour12 = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (letter) {
            case 'Y' -> String.format(Locale.ROOT, "%04d", time.getYear());
            case 'y' -> two(time.getYear() % 100);
            case 'm' -> two(time.getMonthValue());
            case 'd' -> two(time.getDayOfMonth());
            case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
            case 'H' -> two(time.getHour());
            case 'I' -> two(hour12);
            case 'M' -> two(time.getMinute());
            case 'S' -> two(time.getSecond());
            case 'f' -> String.format(Locale.ROOT, "%06d", time.getNano() / 1000);
            case 'j' -> String.format(Locale.ROOT, "%03d", time.getDayOfYear());
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
            case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
            case 'U' -> two((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7);
            case 'W' -> two((time.getDayOfYear() + 6 - (time.getDayOfWeek().getValue() + 6) % 7) / 7);
            case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'G' -> String.valueOf(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'F' -> format(time, offset, "%Y-%m-%d");
            case 'T', 'X' -> format(time, offset, "%H:%M:%S");
            case 'R' -> format(time, offset, "%H:%M");
            case 'D', 'x' -> format(time, offset, "%m/%d/%y");
            case 'c' -> format(time, offset, "%a %b %e %H:%M:%S %Y");
            case 's' -> String.valueOf(time.toEpochSecond(ZoneOffset.UTC));
            case 'z' -> offset == null ? "" : Temporal.offset(offset, "");
            case 'Z' -> zone(offset);
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + letter;
        };
    }

    /** {@code UTC+02:00}; empty without a zone. */
    static String zone(@Nullable ZoneOffset offset) {
        if (offset == null) {
            return "";
        }
        return offset.equals(ZoneOffset.UTC) ? "UTC" : "UTC" + Temporal.offset(offset, ":");
    }

    private static String two(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }
}
