package dev.landfall.lake;

import java.util.Comparator;

/** The order in which object stores list keys: by their UTF-8 bytes, which is the order of code points. */
public enum KeyOrder implements Comparator<String> {
    UTF_8;

    @Override
    public int compare(String left, String right) {
        // The order of UTF-16 differs only where surrogates are: they stand for the highest code points, yet sort below
        // U+E000. The JDK's own comparison is several times faster than a loop over characters.
        return hasSurrogates(left) || hasSurrogates(right) ? byCodePoints(left, right) : left.compareTo(right);
    }

    /** Does not look at the characters of a string that the JDK keeps as Latin-1, as most keys are. */
    private static boolean hasSurrogates(String key) {
        return key.codePointCount(0, key.length()) < key.length();
    }

    private static int byCodePoints(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean onlyOneIsSurrogate = Character.isSurrogate(a) != Character.isSurrogate(b);
                return onlyOneIsSurrogate ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
