package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/**
 * An object of the host that templates may look into, and nothing else of it: there is no reflection.
 * {@code toString()} is what {@code {{ x }}} prints; {@code equals} is what {@code ==} asks. It may be a
 * {@link Callable} as well.
 */
public interface HostObject {

    /** {@code x.name}; {@link Undefined} when there is no such attribute, and then {@link #item} is asked. */
    @Nullable
    Object attribute(String name);

    /** {@code x[key]}; {@link Undefined} when there is no such item, and then a text key is asked as attribute. */
    default @Nullable Object item(@Nullable Object key) {
        return Undefined.of(Python.str(key));
    }

    /**
     * What a loop goes through.
     *
     * @throws JinjaException by default: not iterable
     */
    default Iterable<? extends @Nullable Object> elements() {
        throw new JinjaException("'" + typeName() + "' object is not iterable");
    }

    /**
     * {@code x | length}.
     *
     * @throws JinjaException by default: no length
     */
    default int length() {
        throw new JinjaException("object of type '" + typeName() + "' has no len()");
    }

    default boolean truth() {
        return true;
    }

    /** What {@code x is mapping} answers. */
    default boolean isMapping() {
        return false;
    }

    /** What {@code x is sequence} answers. */
    default boolean isSequence() {
        return isMapping();
    }

    /** What {@code x is iterable} answers. */
    default boolean isIterable() {
        return isSequence();
    }

    /** The type as error messages call it. */
    default String typeName() {
        return getClass().getSimpleName();
    }
}
