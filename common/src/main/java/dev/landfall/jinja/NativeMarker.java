package dev.landfall.jinja;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the filters as_text, as_bool, as_number and as_native leave in a native rendering: a text, and what is to become
 * of it if it is all that the template gives.
 */
record NativeMarker(Kind kind, String text) implements CharSequence {

    enum Kind {
        AS_TEXT,
        AS_BOOL,
        AS_NUMBER,
        AS_NATIVE;

        /** Null when the filter is none of these. */
        static @Nullable Kind of(String filter) {
            for (Kind kind : values()) {
                if (kind.name().toLowerCase(Locale.ROOT).equals(filter)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** @throws JinjaException when the text is not of the type that the filter promises */
    @Nullable
    Object value() {
        if (kind == Kind.AS_TEXT) {
            return text;
        }
        Object value = PythonLiteral.parse(text);
        if (kind == Kind.AS_BOOL && !(value instanceof Boolean)) {
            throw new JinjaException("Could not convert value '" + text + "' into type 'bool'");
        }
        if (kind == Kind.AS_NUMBER && !(value instanceof Number)) {
            throw new JinjaException("Could not convert value '" + text + "' into type 'number'");
        }
        return value;
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
