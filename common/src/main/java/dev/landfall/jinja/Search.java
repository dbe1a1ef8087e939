package dev.landfall.jinja;

/** Finding one text in another in linear time, so that no template can make it quadratic. */
final class Search {
    /** Below this product of lengths Java's own search, which is quadratic at worst, is as good. */
    private static final long SMALL = 10_000_000;

    private Search() {}

    /** As {@link String#indexOf(String, int)}. */
    static int indexOf(String text, String part, int from) {
        if ((long) text.length() * part.length() < SMALL) {
            return text.indexOf(part, from);
        }
        int[] border = borders(part);
        int matched = 0;
        for (int index = Math.max(0, from); index < text.length(); index++) {
            while (matched > 0 && part.charAt(matched) != text.charAt(index)) {
                matched = border[matched - 1];
            }
            if (part.charAt(matched) == text.charAt(index)) {
                matched++;
            }
            if (matched == part.length()) {
                return index - matched + 1;
            }
        }
        return -1;
    }

    /** As {@link String#lastIndexOf(String, int)}. */
    static int lastIndexOf(String text, String part, int from) {
        if ((long) text.length() * part.length() < SMALL) {
            return text.lastIndexOf(part, from);
        }
        int end = Math.min(text.length(), from + part.length());
        if (end < part.length()) {
            return -1;
        }
        String mirrored = new StringBuilder(text.substring(0, end)).reverse().toString();
        String mirroredPart = new StringBuilder(part).reverse().toString();
        int found = indexOf(mirrored, mirroredPart, 0);
        return found < 0 ? -1 : end - found - part.length();
    }

    /** For each prefix of the part the length of its longest proper prefix that is its suffix too. */
    private static int[] borders(String part) {
        int[] border = new int[part.length()];
        int length = 0;
        for (int index = 1; index < part.length(); index++) {
            while (length > 0 && part.charAt(index) != part.charAt(length)) {
                length = border[length - 1];
            }
            if (part.charAt(index) == part.charAt(length)) {
                length++;
            }
            border[index] = length;
        }
        return border;
    }
}
