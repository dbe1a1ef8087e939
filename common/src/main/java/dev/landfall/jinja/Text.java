package dev.landfall.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** Strings counted in characters as Python counts them, which are code points, not Java's UTF-16 units. */
final class Text {
    private Text() {}

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Whether every character is one UTF-16 unit, so that Java's positions are Python's. */
    static boolean isSimple(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (Character.isSurrogate(text.charAt(index))) {
                return false;
            }
        }
        return true;
    }

    /** Python's position of a UTF-16 position. */
    static long position(String text, int index) {
        return index < 0 ? index : text.codePointCount(0, index);
    }

    /** The UTF-16 position of Python's, which must be within the text. */
    static int offset(String text, int position) {
        return isSimple(text) ? position : text.offsetByCodePoints(0, position);
    }

    static String character(String text, int position) {
        int offset = offset(text, position);
        return text.substring(offset, offset + Character.charCount(text.codePointAt(offset)));
    }

    /** One text for each character. */
    static Iterable<String> characters(String text) {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < text.length();
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int start = next;
                next += Character.charCount(text.codePointAt(start));
                return text.substring(start, next);
            }
        };
    }

    /** What Python's {@code str.isspace} and {@code str.strip} take for white space. */
    static boolean isSpace(int character) {
        return (character >= 0x09 && character <= 0x0d)
                || (character >= 0x1c && character <= 0x20)
                || character == 0x85
                || character == 0xa0
                || (character > 0xff && (Character.isSpaceChar(character) && character != 0x200b));
    }

    static String strip(String text) {
        return stripRight(stripLeft(text));
    }

    static String stripLeft(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripRight(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }
}
