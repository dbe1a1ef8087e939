package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** A text that is safe in HTML: the filters escape, safe and tojson make it, and escape leaves it alone. */
record Markup(String text) implements CharSequence {

    /** The text of a markup; every other value as it is. */
    static @Nullable Object plain(@Nullable Object value) {
        return value instanceof Markup markup ? markup.text : value;
    }

    static Markup escape(@Nullable Object value) {
        if (value instanceof Markup markup) {
            return markup;
        }
        String text = Representation.str(value);
        String escaped = text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
        Budget.current().allow(escaped.length());
        return new Markup(escaped);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
