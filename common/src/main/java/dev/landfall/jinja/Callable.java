package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** Anything a template may call: a macro, a function of the host, a method of a value. */
@FunctionalInterface
public interface Callable {

    /**
     * Null is Python's None.
     *
     * @throws JinjaException when the call is a mistake of the template; the location is filled in by the interpreter
     */
    @Nullable
    Object call(Arguments arguments);
}
