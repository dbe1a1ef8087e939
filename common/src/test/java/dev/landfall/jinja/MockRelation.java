package dev.landfall.jinja;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** dbt's Relation, as far as the golden cases look into it. */
record MockRelation(
        @Nullable String database,
        @Nullable String schema,
        @Nullable String identifier) implements HostObject {

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "database" -> database;
            case "schema" -> schema;
            case "identifier", "name", "table" -> identifier;
            case "type" -> "table";
            case "is_table" -> true;
            case "is_view", "is_cte" -> false;
            case "render" -> (Callable) arguments -> toString();
            case "include" ->
                (Callable) arguments -> new MockRelation(
                        arguments.flag(0, "database", true) ? database : null,
                        arguments.flag(1, "schema", true) ? schema : null,
                        arguments.flag(2, "identifier", true) ? identifier : null);
            default -> Undefined.of(name);
        };
    }

    @Override
    public Iterable<Object> elements() {
        return List.of("database", "schema", "identifier", "type");
    }

    @Override
    public int length() {
        return 4;
    }

    @Override
    public boolean isMapping() {
        return true;
    }

    @Override
    public String toString() {
        return Stream.of(database, schema, identifier)
                .filter(Objects::nonNull)
                .map(part -> '"' + part + '"')
                .collect(Collectors.joining("."));
    }
}
