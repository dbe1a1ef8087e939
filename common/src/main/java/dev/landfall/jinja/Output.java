package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** Where statements write to. */
interface Output {

    /** Text that stands in the template. */
    void text(String text);

    /** The value of an expression. */
    void print(@Nullable Object value);
}
