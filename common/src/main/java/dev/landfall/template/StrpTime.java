package dev.landfall.template;

import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Python;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Python's {@code datetime.strptime}. */
final class StrpTime {
    private final String text;
    private final String format;
    private int at;

    private int year = 1900;
    private int month = 1;
    private int day = 1;
    private int hour;
    private int minute;
    private int second;
    private int micros;
    private boolean afternoon;
    private boolean twelveHours;
    private int dayOfYear;
    private @Nullable ZoneOffset zone;

    private StrpTime(String text, String format) {
        this.text = text;
        this.format = format;
    }

    /** A LocalDateTime, or an OffsetDateTime when the format has {@code %z}. */
    static Object parse(String text, String format) {
        StrpTime parser = new StrpTime(text, format);
        try {
            return parser.parse();
        } catch (DateTimeException e) {
            throw parser.mismatch();
        }
    }

    private JinjaException mismatch() {
        return new JinjaException("time data " + Python.repr(text) + " does not match format " + Python.repr(format));
    }

    private Object parse() {
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                directive(format.charAt(++i));
            } else if (Character.isWhitespace(c)) {
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
            } else {
                expect(c);
            }
        }
        if (at < text.length()) {
            throw new JinjaException("unconverted data remains: " + text.substring(at));
        }
        int hours = twelveHours ? hour % 12 + (afternoon ? 12 : 0) : hour;
        LocalDateTime time = LocalDateTime.of(year, month, day, hours, minute, second, micros * 1000);
        if (dayOfYear > 0) {
            time = time.withDayOfYear(dayOfYear);
        }
        return zone == null ? time : time.atOffset(zone);
    }

    private void directive(char letter) {
        switch (letter) {
            case 'Y' -> year = number(4);
            case 'y' -> {
                int two = number(2);
                year = two < 69 ? 2000 + two : 1900 + two;
            }
            case 'm' -> month = number(2);
            case 'd' -> day = number(2);
            case 'H' -> hour = number(2);
            case 'I' -> {
                twelveHours = true;
                hour = number(2);
            }
            case 'M' -> minute = number(2);
            case 'S' -> second = number(2);
            case 'j' -> dayOfYear = number(3);
            case 'f' -> {
                int from = at;
                int digits = number(6);
                micros = digits * (int) Math.pow(10, 6 - (at - from));
            }
            case 'p' -> afternoon = word(i -> i == 0 ? "AM" : "PM", 2) == 1;
            case 'b' -> month = word(i -> Month.of(i + 1).getDisplayName(TextStyle.SHORT, Locale.ENGLISH), 12) + 1;
            case 'B' -> month = word(i -> Month.of(i + 1).getDisplayName(TextStyle.FULL, Locale.ENGLISH), 12) + 1;
            case 'a' -> word(i -> java.time.DayOfWeek.of(i + 1).getDisplayName(TextStyle.SHORT, Locale.ENGLISH), 7);
            case 'A' -> word(i -> java.time.DayOfWeek.of(i + 1).getDisplayName(TextStyle.FULL, Locale.ENGLISH), 7);
            case 'z' -> zone = offset();
            case '%' -> expect('%');
            default -> throw new JinjaException("'" + letter + "' is a bad directive in format " + Python.repr(format));
        }
    }

    private void expect(char c) {
        if (at >= text.length() || text.charAt(at) != c) {
            throw mismatch();
        }
        at++;
    }

    private int number(int maxDigits) {
        int from = at;
        while (at < text.length() && at - from < maxDigits && Character.isDigit(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw mismatch();
        }
        return Integer.parseInt(text.substring(from, at));
    }

    private int word(Function<Integer, String> words, int count) {
        for (int i = 0; i < count; i++) {
            String word = words.apply(i);
            if (text.regionMatches(true, at, word, 0, word.length())) {
                at += word.length();
                return i;
            }
        }
        throw mismatch();
    }

    private ZoneOffset offset() {
        if (at < text.length() && text.charAt(at) == 'Z') {
            at++;
            return ZoneOffset.UTC;
        }
        int sign = at < text.length() && text.charAt(at) == '-' ? -1 : 1;
        if (at >= text.length() || (text.charAt(at) != '+' && text.charAt(at) != '-')) {
            throw mismatch();
        }
        at++;
        int hours = number(2);
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
        }
        int minutes = number(2);
        return ZoneOffset.ofTotalSeconds(sign * (hours * 3600 + minutes * 60));
    }
}
