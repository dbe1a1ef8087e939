package dev.landfall.project;

import java.util.List;

/** What tells one row of an incremental table from another. */
public sealed interface UniqueKey {
    /** Rows are only ever added. */
    record None() implements UniqueKey {}

    /** One SQL expression, as written in a string: a column, {@code lower(email)}, or {@code a, b}. */
    record Expression(String sql) implements UniqueKey {}

    /** A list of columns. */
    record Columns(List<String> names) implements UniqueKey {}
}
