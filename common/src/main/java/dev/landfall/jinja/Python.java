package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** What Python's operators and built-in functions do to values. */
public final class Python {
    private Python() {}

    /** {@code str(value)}: what {@code {{ value }}} prints. */
    public static String str(@Nullable Object value) {
        return Representation.str(value);
    }

    public static String repr(@Nullable Object value) {
        return Representation.repr(value);
    }

    /** {@code bool(value)} */
    public static boolean truth(@Nullable Object value) {
        return Values.truth(value);
    }

    /** {@code left == right} */
    public static boolean equal(@Nullable Object left, @Nullable Object right) {
        return Comparison.equal(left, right);
    }

    /** Below, at or above 0; an error for values that Python does not order. */
    public static int compare(@Nullable Object left, @Nullable Object right) {
        return Comparison.compare(left, right, "<");
    }

    /** {@code len(value)} */
    public static int length(@Nullable Object value) {
        return Values.length(value);
    }

    /** What {@code for x in value} goes through; a dict gives its keys. */
    public static Iterable<? extends @Nullable Object> elements(@Nullable Object value) {
        return Values.elements(value);
    }

    /** The type's name as Python's messages call it: {@code str}, {@code NoneType}. */
    public static String typeName(@Nullable Object value) {
        return Values.typeName(value);
    }

    /** {@code json.dumps(value)}; dbt's {@code tojson} function. */
    public static String json(@Nullable Object value, boolean sortKeys) {
        return Json.write(value, sortKeys);
    }
}
