package dev.landfall.jinja;

/** A value of a Python type that has no Java type of its own. */
interface TypedValue {
    /** As Python's {@code type(x).__name__}. */
    String typeName();
}
