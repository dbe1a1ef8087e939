package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.HostObject;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.PyTuple;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Undefined;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code adapter} in a template. While the project is parsed, nothing of it touches the database. */
final class AdapterValue implements HostObject {
    private static final List<String> PREFIXES = List.of("duckdb__", "default__");

    private final Rendering rendering;

    AdapterValue(Rendering rendering) {
        this.rendering = rendering;
    }

    @Override
    public @Nullable Object attribute(String name) {
        Callable method = rendering.executes() ? running(name) : parsing(name);
        if (method == null) {
            method = always(name);
        }
        return method == null
                ? name.equals("config") || name.equals("behavior") || name.equals("Relation") || name.equals("Column")
                        ? part(name)
                        : Undefined.because(name, "adapter has no method '" + name + "'")
                : method;
    }

    private @Nullable Object part(String name) {
        return switch (name) {
            case "Relation" -> rendering.relationType();
            case "Column" -> ColumnValue.TYPE;
            default -> Undefined.permissive(name);
        };
    }

    /** The same whether the project is parsed or run. */
    private @Nullable Callable always(String name) {
        return switch (name) {
            case "dispatch" -> this::dispatch;
            case "type" -> arguments -> "duckdb";
            case "quote" -> arguments -> Relation.quote(arguments.text(0, "identifier"));
            case "quote_as_configured" -> this::quoteAsConfigured;
            case "quote_seed_column" -> this::quoteSeedColumn;
            case "warn_once",
                    "standardize_grants_dict",
                    "cache_added",
                    "cache_dropped",
                    "cache_renamed",
                    "cache_new_relation",
                    "add_query",
                    "expand_target_column_types" -> arguments -> rendering.executes() ? null : "";
            case "is_motherduck" ->
                arguments -> rendering.library().target.path().matches("(md|motherduck):.*");
            case "is_ducklake" -> arguments -> rendering.library().target.isDuckLake(databaseOf(arguments));
            case "external_root" -> arguments -> rendering.library().target.externalRoot();
            case "convert_type" -> arguments -> "text";
            case "get_hard_deletes_behavior" -> arguments -> hardDeletes();
            case "batch_id_for_model" -> arguments -> "";
            case "use_ducklake_table_workarounds", "catalog_supports_foreign_keys" -> arguments -> false;
            case "disable_transactions" -> arguments -> false;
            case "verify_database" -> arguments -> "";
            case "date_function" -> arguments -> "now()";
            case "valid_incremental_strategies" -> arguments -> new ArrayList<>(ModelConfig.STRATEGIES);
            default -> null;
        };
    }

    private @Nullable Callable parsing(String name) {
        return switch (name) {
            case "get_relation",
                    "commit",
                    "create_schema",
                    "drop_schema",
                    "drop_relation",
                    "rename_relation",
                    "truncate_relation",
                    "get_columns_in_table" -> arguments -> null;
            case "get_columns_in_relation",
                    "get_missing_columns",
                    "list_relations",
                    "list_relations_without_caching",
                    "list_schemas",
                    "get_column_schema_from_query" -> arguments -> new ArrayList<>();
            case "check_schema_exists", "already_exists", "location_exists" -> arguments -> false;
            case "execute" -> arguments -> PyTuple.of("", TableValue.EMPTY);
            default -> null;
        };
    }

    private @Nullable Callable running(String name) {
        return switch (name) {
            case "get_relation", "load_relation" -> this::getRelation;
            case "get_columns_in_relation" ->
                arguments -> columns(RelationValue.require(arguments.require(0, "relation"), name));
            case "get_missing_columns" -> this::missingColumns;
            case "get_column_schema_from_query" -> arguments -> columnsOfQuery(arguments.text(0, "sql"));
            case "list_relations", "list_relations_without_caching" -> this::listRelations;
            case "list_schemas" -> this::listSchemas;
            case "check_schema_exists" ->
                arguments -> schemaExists(arguments.text(0, "database"), arguments.text(1, "schema"));
            case "already_exists" ->
                arguments -> rendering
                        .database()
                        .relationType(new Relation(
                                rendering.library().target.database(),
                                arguments.text(0, "schema"),
                                arguments.text(1, "name")))
                        .isPresent();
            case "location_exists" -> this::locationExists;
            case "commit" -> this::commit;
            case "get_incremental_strategy_macro" -> this::incrementalStrategy;
            case "execute" -> this::execute;
            case "create_schema" -> arguments -> committed("create schema if not exists " + schema(arguments, name));
            case "drop_schema" ->
                arguments -> committed("drop schema if exists " + schema(arguments, name) + " cascade");
            case "drop_relation" -> this::dropRelation;
            case "truncate_relation" ->
                arguments -> {
                    rendering.begin();
                    return run("truncate table " + RelationValue.require(arguments.require(0, "relation"), name));
                };
            case "rename_relation" -> this::renameRelation;
            default -> null;
        };
    }

    private String hardDeletes() {
        ModelConfig config = rendering.subject().config();
        return config.flag("invalidate_hard_deletes").orElse(false)
                ? "invalidate"
                : config.text("hard_deletes").orElse("ignore");
    }

    private @Nullable Object commit(Arguments arguments) {
        if (rendering.isTransactional()) {
            rendering.database().commit();
        }
        return null;
    }

    private Object incrementalStrategy(Arguments arguments) {
        String strategy = arguments.text(1, "strategy");
        String name = "get_incremental_" + strategy.replace('+', '_') + "_sql";
        Callable macro = rendering.macro(name);
        if (macro == null) {
            throw new JinjaException("dbt could not find an incremental strategy macro with the name \"" + name
                    + "\" in " + rendering.library().name);
        }
        return macro;
    }

    private Object dispatch(Arguments arguments) {
        String name = arguments.text(0, "macro_name");
        if (name.contains(".")) {
            int dot = name.indexOf('.');
            throw new JinjaException(
                    "In adapter.dispatch, got a macro name of \"" + name + "\", but \".\" is not a valid"
                            + " macro name component. Did you mean `adapter.dispatch(\"" + name.substring(dot + 1)
                            + "\", macro_namespace=\"" + name.substring(0, dot) + "\")`?");
        }
        Object namespace = arguments.get(1, "macro_namespace");
        if (namespace != null && !(namespace instanceof String)) {
            throw new JinjaException("In adapter.dispatch, macro_namespace should be None or a string, got "
                    + Python.typeName(namespace));
        }
        List<String> attempts = new ArrayList<>();
        for (String packageName : searched((String) namespace)) {
            for (String prefix : PREFIXES) {
                attempts.add((packageName.isEmpty() ? "" : packageName + ".") + prefix + name);
                Object found = packageName.isEmpty()
                        ? rendering.macro(prefix + name)
                        : rendering.macroIn(packageName, prefix + name);
                if (found != null) {
                    return found;
                }
            }
        }
        throw new JinjaException("In dispatch: No macro named '" + name + "' found within namespace: '"
                + Python.str(namespace) + "'\n    Searched for: "
                + attempts.stream().map(Python::repr).collect(Collectors.joining(", ")));
    }

    /** Packages to look into; the empty name means everywhere, as for a plain call. */
    private List<String> searched(@Nullable String namespace) {
        if (namespace == null) {
            return List.of("");
        }
        Library library = rendering.library();
        List<String> configured = library.settings.dispatch().get(namespace);
        if (configured != null && !configured.isEmpty()) {
            return configured;
        }
        boolean known = library.macros.hasPackage(namespace)
                || library.settings.packages().contains(namespace);
        return known && !namespace.equals(library.name) ? List.of(library.name, namespace) : List.of("");
    }

    private String quoteAsConfigured(Arguments arguments) {
        String name = arguments.text(0, "identifier");
        RelationValue.Parts quoting = rendering.library().quoting;
        boolean quote = switch (arguments.text(1, "quote_key")) {
            case "database" -> quoting.database();
            case "schema" -> quoting.schema();
            default -> quoting.identifier();
        };
        return quote ? Relation.quote(name) : name;
    }

    private String quoteSeedColumn(Arguments arguments) {
        String name = arguments.text(0, "column");
        return Boolean.FALSE.equals(arguments.get(1, "quote_config")) ? name : Relation.quote(name);
    }

    private @Nullable Object getRelation(Arguments arguments) {
        Object database = arguments.get(0, "database");
        Relation relation = new Relation(
                database == null ? null : Python.str(database),
                arguments.text(1, "schema"),
                arguments.text(2, "identifier"));
        rendering.lookUp(relation);
        Optional<String> type = rendering.database().relationType(relation);
        return type.isEmpty() ? null : RelationValue.of(relation, type.get(), rendering.library().quoting);
    }

    private List<Object> columns(RelationValue relation) {
        List<Object> columns = new ArrayList<>();
        rendering.begin();
        if (relation.text() != null || "cte".equals(relation.type())) {
            return columnsOfQuery("select * from " + relation.render());
        }
        rendering
                .database()
                .columns(relation.relation())
                .forEach(column -> columns.add(new ColumnValue(column.name(), column.type())));
        return columns;
    }

    private List<Object> columnsOfQuery(String sql) {
        List<Object> columns = new ArrayList<>();
        QueryResult result = rendering.database().query("describe " + sql);
        for (List<@Nullable Object> row : result.rows()) {
            columns.add(new ColumnValue(String.valueOf(row.get(0)), String.valueOf(row.get(1))));
        }
        return columns;
    }

    private List<Object> missingColumns(Arguments arguments) {
        List<Object> missing =
                columns(RelationValue.require(arguments.require(0, "from_relation"), "get_missing_columns"));
        Set<String> present =
                columns(RelationValue.require(arguments.require(1, "to_relation"), "get_missing_columns")).stream()
                        .map(column -> ((ColumnValue) column).name())
                        .collect(Collectors.toSet());
        missing.removeIf(column -> present.contains(((ColumnValue) column).name()));
        return missing;
    }

    private List<Object> listRelations(Arguments arguments) {
        String database;
        String schema;
        if (arguments.get(0, "schema_relation") instanceof RelationValue relation) {
            database = String.valueOf(relation.database());
            schema = String.valueOf(relation.schema());
        } else {
            database = arguments.text(0, "database");
            schema = arguments.text(1, "schema");
        }
        rendering.begin();
        List<Object> relations = new ArrayList<>();
        for (Relation relation : rendering.database().relations(database, schema)) {
            relations.add(RelationValue.of(
                    relation, rendering.database().relationType(relation).orElse(null), rendering.library().quoting));
        }
        return relations;
    }

    private List<Object> listSchemas(Arguments arguments) {
        Object database = arguments.get(0, "database");
        QueryResult result = rendering
                .database()
                .query("select schema_name from system.information_schema.schemata"
                        + (database == null
                                ? ""
                                : " where lower(catalog_name) = lower(" + Relation.literal(Python.str(database))
                                        + ")"));
        List<Object> names = new ArrayList<>();
        result.rows().forEach(row -> names.add(String.valueOf(row.get(0))));
        return names;
    }

    private boolean schemaExists(String database, String schema) {
        return !rendering
                .database()
                .query("select 1 from system.information_schema.schemata where lower(catalog_name) = "
                        + Relation.literal(database.toLowerCase(Locale.ROOT)) + " and lower(schema_name) = "
                        + Relation.literal(schema.toLowerCase(Locale.ROOT)))
                .rows()
                .isEmpty();
    }

    private boolean locationExists(Arguments arguments) {
        try {
            rendering
                    .database()
                    .query("select 1 from " + Relation.literal(arguments.text(0, "location")) + " where 1=0");
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private Object execute(Arguments arguments) {
        String sql = arguments.text(0, "sql");
        if (arguments.flag(1, "auto_begin", false)) {
            rendering.begin();
        }
        if (arguments.flag(2, "fetch", false)) {
            return PyTuple.of(Response.OK, TableValue.of(rendering.database().query(sql)));
        }
        rendering.database().execute(sql);
        return PyTuple.of(Response.OK, TableValue.EMPTY);
    }

    private @Nullable Object run(String sql) {
        rendering.database().execute(sql);
        return null;
    }

    /** Schemas come and go at once: dbt commits them itself. */
    private @Nullable Object committed(String sql) {
        rendering.begin();
        run(sql);
        if (rendering.isTransactional()) {
            rendering.database().commit();
        }
        return null;
    }

    private static String schema(Arguments arguments, String method) {
        RelationValue relation = RelationValue.require(arguments.require(0, "relation"), method);
        String schema = Relation.quote(String.valueOf(relation.schema()));
        return relation.database() == null ? schema : Relation.quote(relation.database()) + "." + schema;
    }

    private static @Nullable String databaseOf(Arguments arguments) {
        return arguments.get(0, "relation") instanceof RelationValue relation ? relation.database() : null;
    }

    private @Nullable Object dropRelation(Arguments arguments) {
        RelationValue relation = RelationValue.require(arguments.require(0, "relation"), "drop_relation");
        String type = relation.type() == null
                ? rendering.database().relationType(relation.relation()).orElse("table")
                : relation.type();
        return run("drop " + type + " if exists " + relation
                + rendering.library().target.cascade(relation.database()));
    }

    private @Nullable Object renameRelation(Arguments arguments) {
        RelationValue from = RelationValue.require(arguments.require(0, "from_relation"), "rename_relation");
        RelationValue to = RelationValue.require(arguments.require(1, "to_relation"), "rename_relation");
        String type = rendering.database().relationType(from.relation()).orElse("table");
        rendering.begin();
        return run("alter " + type + " " + from + " rename to " + Relation.quote(String.valueOf(to.identifier())));
    }

    @Override
    public String typeName() {
        return "RuntimeDatabaseWrapper";
    }

    /** What DuckDB says of a statement that went well. */
    enum Response implements HostObject {
        OK;

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "_message" -> "OK";
                case "code", "rows_affected", "query_id" -> null;
                default -> Undefined.of(name);
            };
        }
    }
}
