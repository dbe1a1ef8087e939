package dev.landfall.lake;

import java.util.Comparator;

/** The order in which object stores list keys: by their UTF-8 bytes, which is the order of code points. */
public enum KeyOrder implements Comparator<String> {
    UTF_8;

    @Override
    public int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                // Only here does UTF-16 differ: surrogates stand for the highest code points, yet sort below U+E000.
                boolean onlyOneIsSurrogate = Character.isSurrogate(a) != Character.isSurrogate(b);
                return onlyOneIsSurrogate ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
