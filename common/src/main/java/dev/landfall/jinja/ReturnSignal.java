package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/**
 * Leaves the macro that is running with a value of any type: dbt's {@code return(x)} throws it, {@link Macro} catches
 * it. Not an exception, so that no handler in between takes it for a failure.
 */
public final class ReturnSignal extends Error {
    private final transient @Nullable Object value;

    public ReturnSignal(@Nullable Object value) {
        super("return() outside of a macro", null, false, false);
        this.value = value;
    }

    public @Nullable Object value() {
        return value;
    }
}
