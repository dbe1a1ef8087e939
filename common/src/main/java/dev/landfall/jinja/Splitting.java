package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods of Python's str that take a text apart. */
final class Splitting {
    private Splitting() {}

    static List<@Nullable Object> split(String text, Arguments arguments) {
        Object separator = arguments.get(0, "sep");
        int limit = Values.toIndex(arguments.get(1, "maxsplit", -1L));
        int left = limit < 0 ? Integer.MAX_VALUE : limit;
        return separator == null ? splitAtSpace(text, left) : split(text, separator(separator), left);
    }

    static List<@Nullable Object> splitFromRight(String text, Arguments arguments) {
        Object separator = arguments.get(0, "sep");
        int limit = Values.toIndex(arguments.get(1, "maxsplit", -1L));
        int left = limit < 0 ? Integer.MAX_VALUE : limit;
        return separator == null ? splitAtSpaceFromRight(text, left) : splitFromRight(text, separator(separator), left);
    }

    private static String separator(Object value) {
        if (!(value instanceof CharSequence)) {
            throw Values.unsuitable(value, "must be str or None, not " + Values.typeName(value));
        }
        if (value.toString().isEmpty()) {
            throw new JinjaException("empty separator");
        }
        return value.toString();
    }

    private static List<@Nullable Object> split(String text, String separator, int limit) {
        List<@Nullable Object> parts = new ArrayList<>();
        int left = limit;
        int start = 0;
        int found = Search.indexOf(text, separator, 0);
        while (found >= 0 && left-- > 0) {
            parts.add(text.substring(start, found));
            start = found + separator.length();
            found = Search.indexOf(text, separator, start);
        }
        parts.add(text.substring(start));
        return parts;
    }

    static List<@Nullable Object> splitFromRight(String text, String separator, int limit) {
        List<@Nullable Object> parts = new ArrayList<>();
        int left = limit;
        int end = text.length();
        int found = lastBefore(text, separator, end);
        while (found >= 0 && left-- > 0) {
            parts.add(text.substring(found + separator.length(), end));
            end = found;
            found = lastBefore(text, separator, end);
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    private static int lastBefore(String text, String part, int end) {
        return end < part.length() ? -1 : Search.lastIndexOf(text, part, end - part.length());
    }

    private static List<@Nullable Object> splitAtSpace(String text, int limit) {
        List<@Nullable Object> parts = new ArrayList<>();
        String rest = Text.stripLeft(text);
        int left = limit;
        int start = 0;
        while (start < rest.length()) {
            if (left-- <= 0) {
                parts.add(rest.substring(start));
                return parts;
            }
            int end = start;
            while (end < rest.length() && !Text.isSpace(rest.charAt(end))) {
                end++;
            }
            parts.add(rest.substring(start, end));
            start = end;
            while (start < rest.length() && Text.isSpace(rest.charAt(start))) {
                start++;
            }
        }
        return parts;
    }

    private static List<@Nullable Object> splitAtSpaceFromRight(String text, int limit) {
        List<@Nullable Object> parts = new ArrayList<>();
        String rest = Text.stripRight(text);
        int left = limit;
        int end = rest.length();
        while (end > 0) {
            if (left-- <= 0) {
                parts.add(rest.substring(0, end));
                break;
            }
            int start = end;
            while (start > 0 && !Text.isSpace(rest.charAt(start - 1))) {
                start--;
            }
            parts.add(rest.substring(start, end));
            end = start;
            while (end > 0 && Text.isSpace(rest.charAt(end - 1))) {
                end--;
            }
        }
        Collections.reverse(parts);
        return parts;
    }

    /** The lines, without their ends unless these are to be kept. */
    static List<@Nullable Object> lines(String text, boolean keepEnds) {
        List<@Nullable Object> lines = new ArrayList<>();
        int start = 0;
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (!isLineEnd(character)) {
                continue;
            }
            int end = index;
            if (character == '\r' && index + 1 < text.length() && text.charAt(index + 1) == '\n') {
                index++;
            }
            lines.add(text.substring(start, keepEnds ? index + 1 : end));
            start = index + 1;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean isLineEnd(char character) {
        return (character >= '\n' && character <= '\r')
                || (character >= 0x1c && character <= 0x1e)
                || character == 0x85
                || character == 0x2028
                || character == 0x2029;
    }

    static PyTuple partition(String text, String separator) {
        requireSeparator(separator);
        int found = Search.indexOf(text, separator, 0);
        return found < 0
                ? PyTuple.of(text, "", "")
                : PyTuple.of(text.substring(0, found), separator, text.substring(found + separator.length()));
    }

    static PyTuple partitionFromRight(String text, String separator) {
        requireSeparator(separator);
        int found = lastBefore(text, separator, text.length());
        return found < 0
                ? PyTuple.of("", "", text)
                : PyTuple.of(text.substring(0, found), separator, text.substring(found + separator.length()));
    }

    private static void requireSeparator(String separator) {
        if (separator.isEmpty()) {
            throw new JinjaException("empty separator");
        }
    }
}
