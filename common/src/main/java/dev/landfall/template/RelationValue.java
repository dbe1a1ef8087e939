package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.HostObject;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Undefined;
import dev.landfall.project.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A relation as templates see it: {@code this}, what {@code ref()} and {@code source()} answer.
 *
 * @param type {@code table}, {@code view}, {@code cte}, {@code external}, or null when not known
 * @param shown which of database, schema and identifier are rendered
 * @param quoted which of them are in double quotes
 * @param text what is rendered in place of the name: an external location; or null
 * @param filter a condition that the relation is narrowed to where it is printed, but not by {@code render()}; or null
 */
record RelationValue(
        @Nullable String database,
        @Nullable String schema,
        @Nullable String identifier,
        @Nullable String type,
        Parts shown,
        Parts quoted,
        @Nullable String text,
        @Nullable String filter)
        implements HostObject {

    /** A yes or no for each part of a name. */
    record Parts(boolean database, boolean schema, boolean identifier) {
        static final Parts ALL = new Parts(true, true, true);

        Parts with(Arguments arguments) {
            return new Parts(
                    arguments.flag(0, "database", database),
                    arguments.flag(1, "schema", schema),
                    arguments.flag(2, "identifier", identifier));
        }

        /** What a mapping such as {@code quoting: {identifier: false}} says, and the present value where it is silent. */
        Parts with(Map<?, ?> mapping) {
            return new Parts(
                    of(mapping, "database", database),
                    of(mapping, "schema", schema),
                    of(mapping, "identifier", identifier));
        }

        private static boolean of(Map<?, ?> mapping, String key, boolean otherwise) {
            return mapping.get(key) == null ? otherwise : Python.truth(mapping.get(key));
        }

        private Map<String, @Nullable Object> mapping() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("database", database);
            map.put("schema", schema);
            map.put("identifier", identifier);
            return map;
        }
    }

    static RelationValue of(Relation relation, @Nullable String type, Parts quoted) {
        return new RelationValue(
                relation.database(), relation.schema(), relation.identifier(), type, Parts.ALL, quoted, null, null);
    }

    /** The name under which an ephemeral model stands in the SQL of those that read it. */
    static RelationValue ephemeral(String identifier) {
        return new RelationValue(
                null, null, "__dbt__cte__" + identifier, "cte", Parts.ALL, new Parts(true, true, false), null, null);
    }

    RelationValue withText(@Nullable String other) {
        return new RelationValue(database, schema, identifier, type, shown, quoted, other, filter);
    }

    RelationValue withType(@Nullable String other) {
        return new RelationValue(database, schema, identifier, other, shown, quoted, text, filter);
    }

    RelationValue withFilter(@Nullable String condition) {
        return new RelationValue(database, schema, identifier, type, shown, quoted, text, condition);
    }

    /** The relation that a template passed to a function. */
    static RelationValue require(@Nullable Object value, String function) {
        if (value instanceof RelationValue relation) {
            return relation;
        }
        throw new JinjaException(function + " takes a relation, got " + Python.typeName(value)
                + (value instanceof String ? " " + Python.repr(value) : ""));
    }

    Relation relation() {
        return new Relation(database, schema, Objects.requireNonNullElse(identifier, ""));
    }

    String render() {
        if (text != null) {
            return text;
        }
        List<String> parts = new ArrayList<>();
        add(parts, database, shown.database, quoted.database);
        add(parts, schema, shown.schema, quoted.schema);
        add(parts, identifier, shown.identifier, quoted.identifier);
        return String.join(".", parts);
    }

    private static void add(List<String> parts, @Nullable String part, boolean show, boolean quote) {
        if (show && part != null) {
            parts.add(quote ? Relation.quote(part) : part);
        }
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "database" -> database;
            case "schema" -> schema;
            case "identifier", "table", "name" -> identifier;
            case "type" -> type;
            case "is_table" -> "table".equals(type);
            case "is_view" -> "view".equals(type);
            case "is_cte" -> "cte".equals(type);
            case "is_materialized_view", "is_dynamic_table", "is_pointer" -> false;
            case "can_be_renamed", "can_be_replaced", "is_delta", "is_hudi", "is_iceberg" -> false;
            case "external" -> text;
            case "quote_policy" -> quoted.mapping();
            case "include_policy" -> shown.mapping();
            case "quote_character" -> "\"";
            case "path" -> path();
            case "metadata" -> Map.of("type", "DuckDBRelation");
            case "render" -> (Callable) arguments -> render();
            case "include" -> (Callable) arguments -> withShown(shown.with(arguments));
            case "quote" -> (Callable) arguments -> withQuoted(quoted.with(arguments));
            case "without_identifier" -> (Callable) arguments -> withShown(new Parts(true, true, false));
            case "incorporate" -> (Callable) this::incorporate;
            case "replace_path" -> (Callable) arguments -> withPath(arguments.keyword());
            case "information_schema" -> (Callable) arguments -> informationSchema(arguments.text(0, "view_name", ""));
            case "information_schema_only" -> (Callable) arguments -> informationSchema("");
            case "matches" -> (Callable) this::matches;
            case "get" -> (Callable) this::get;
            case "quoted" -> (Callable) arguments -> Relation.quote(arguments.text(0, "identifier"));
            case "create" -> (Callable) arguments -> create(arguments, Parts.ALL);
            default -> Undefined.because(name, "'DuckDBRelation object' has no attribute '" + name + "'");
        };
    }

    private @Nullable Object get(Arguments arguments) {
        Object value = attribute(arguments.text(0, "key"));
        return value instanceof Undefined ? arguments.get(1, "default") : value;
    }

    private Map<String, @Nullable Object> path() {
        Map<String, @Nullable Object> path = new LinkedHashMap<>();
        path.put("database", database);
        path.put("schema", schema);
        path.put("identifier", identifier);
        return path;
    }

    private RelationValue withShown(Parts other) {
        return new RelationValue(database, schema, identifier, type, other, quoted, text, filter);
    }

    private RelationValue withQuoted(Parts other) {
        return new RelationValue(database, schema, identifier, type, shown, other, text, filter);
    }

    private RelationValue withPath(Map<?, ?> path) {
        return new RelationValue(
                path.containsKey("database") ? string(path.get("database")) : database,
                path.containsKey("schema") ? string(path.get("schema")) : schema,
                path.containsKey("identifier") ? string(path.get("identifier")) : identifier,
                type,
                shown,
                quoted,
                text,
                filter);
    }

    private RelationValue incorporate(Arguments arguments) {
        RelationValue changed = this;
        if (arguments.keyword().get("path") instanceof Map<?, ?> path) {
            changed = changed.withPath(path);
        }
        if (arguments.keyword().get("quote_policy") instanceof Map<?, ?> policy) {
            changed = changed.withQuoted(quoted.with(policy));
        }
        if (arguments.keyword().get("include_policy") instanceof Map<?, ?> policy) {
            changed = changed.withShown(shown.with(policy));
        }
        return arguments.keyword().containsKey("type")
                ? changed.withType(string(arguments.keyword().get("type")))
                : changed;
    }

    private RelationValue informationSchema(String view) {
        return new RelationValue(
                database,
                "INFORMATION_SCHEMA",
                view.isEmpty() ? null : view,
                null,
                Parts.ALL,
                new Parts(quoted.database, false, false),
                null,
                null);
    }

    private boolean matches(Arguments arguments) {
        return same(database, arguments.get(0, "database"))
                && same(schema, arguments.get(1, "schema"))
                && same(identifier, arguments.get(2, "identifier"));
    }

    private static boolean same(@Nullable String part, @Nullable Object wanted) {
        return wanted == null || (part != null && part.equalsIgnoreCase(Python.str(wanted)));
    }

    /** {@code api.Relation.create(database=…, schema=…, identifier=…, type=…)}. */
    static RelationValue create(Arguments arguments, Parts quoted) {
        Parts quotes =
                arguments.keyword().get("quote_policy") instanceof Map<?, ?> policy ? quoted.with(policy) : quoted;
        Parts shows = arguments.keyword().get("include_policy") instanceof Map<?, ?> policy
                ? Parts.ALL.with(policy)
                : Parts.ALL;
        Object type = arguments.get(3, "type");
        return new RelationValue(
                string(arguments.get(0, "database")),
                string(arguments.get(1, "schema")),
                string(arguments.get(2, "identifier")),
                type == null ? null : Python.str(type).toLowerCase(Locale.ROOT),
                shows,
                quotes,
                string(arguments.keyword().get("external")),
                null);
    }

    private static @Nullable String string(@Nullable Object value) {
        return value == null || value instanceof Undefined ? null : Python.str(value);
    }

    /** dbt_utils tells a relation from a text by this. */
    @Override
    public boolean isMapping() {
        return true;
    }

    @Override
    public boolean isSequence() {
        return false;
    }

    @Override
    public String typeName() {
        return "DuckDBRelation";
    }

    @Override
    public String toString() {
        return filter == null ? render() : "(select * from " + render() + " where " + filter + ")";
    }
}
