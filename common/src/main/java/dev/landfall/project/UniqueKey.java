package dev.landfall.project;

import java.util.List;

/** What tells one row of an incremental table from another. */
public sealed interface UniqueKey {
    /** The columns, or the one expression, as SQL. */
    List<String> parts();

    /** Rows are only ever added. */
    record None() implements UniqueKey {
        @Override
        public List<String> parts() {
            return List.of();
        }
    }

    /** One SQL expression, as written in a string: a column, {@code lower(email)}, or {@code a, b}. */
    record Expression(String sql) implements UniqueKey {
        @Override
        public List<String> parts() {
            return List.of(sql);
        }
    }

    /** A list of columns. */
    record Columns(List<String> names) implements UniqueKey {
        @Override
        public List<String> parts() {
            return names;
        }
    }
}
