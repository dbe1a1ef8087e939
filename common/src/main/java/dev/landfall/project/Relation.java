package dev.landfall.project;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A table or view by name. A part that is null is left out of {@link #sql()}. */
public record Relation(@Nullable String database, @Nullable String schema, String identifier) {

    /** The name as SQL, every part in double quotes: {@code "warehouse"."main"."orders"}. */
    public String sql() {
        return Stream.of(database, schema, identifier)
                .filter(Objects::nonNull)
                .map(Relation::quote)
                .collect(Collectors.joining("."));
    }

    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text as SQL writes it: in single quotes. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    public Relation withIdentifier(String other) {
        return new Relation(database, schema, other);
    }

    @Override
    public String toString() {
        return sql();
    }
}
