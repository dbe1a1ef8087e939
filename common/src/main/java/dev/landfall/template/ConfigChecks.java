package dev.landfall.template;

import dev.landfall.jinja.Location;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Undefined;
import dev.landfall.project.Definition;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Problem;
import dev.landfall.project.Problems;
import dev.landfall.project.UniqueKey;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Holds the merged configuration of a node against what dbt takes. What dbt refuses when it parses is an error; what it
 * refuses only when the node is built, or never, is a warning. Each is told where the key was written.
 */
final class ConfigChecks {
    private enum Type {
        FLAG("true or false"),
        NUMBER("a number"),
        MAPPING("keys and values"),
        /** dbt takes anything else for a text, until it is used. */
        TEXT("a text"),
        TEXTS("a text or a list of texts");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        boolean takes(Object value) {
            return switch (this) {
                case FLAG -> value instanceof Boolean;
                case NUMBER -> value instanceof Number;
                case MAPPING -> value instanceof Map;
                case TEXT -> !(value instanceof Collection || value instanceof Map);
                case TEXTS -> !(value instanceof Map);
            };
        }
    }

    private static final Map<Type, Set<String>> TYPES = Map.of(
            Type.FLAG, Set.of("enabled", "full_refresh", "quote_columns", "store_failures"),
            Type.TEXT,
                    Set.of(
                            "alias",
                            "database",
                            "dbt_valid_to_current",
                            "delimiter",
                            "error_if",
                            "fail_calc",
                            "group",
                            "incremental_strategy",
                            "materialized",
                            "on_schema_change",
                            "schema",
                            "store_failures_as",
                            "strategy",
                            "target_database",
                            "target_schema",
                            "updated_at",
                            "warn_if",
                            "where"),
            Type.TEXTS, Set.of("check_cols", "tags", "unique_key"),
            Type.NUMBER, Set.of("limit"),
            Type.MAPPING,
                    Set.of(
                            "column_types",
                            "contract",
                            "docs",
                            "grants",
                            "meta",
                            "persist_docs",
                            "quoting",
                            "snapshot_meta_column_names"));

    /** What dbt-duckdb and Landfall read beside dbt's own keys. */
    private static final Set<String> FURTHER = Set.of(
            "external_location",
            "fast",
            "format",
            "hard_deletes",
            "incremental_predicates",
            "indexes",
            "invalidate_hard_deletes",
            "landfall",
            "location",
            "merge_exclude_columns",
            "merge_update_columns",
            "on_dropped_rows",
            "options",
            "overwrite",
            "partition_by",
            "partitioned_by",
            "predicates",
            "sequence_by",
            "sorted_by",
            "sql_header");

    private static final List<String> MATERIALIZATIONS = List.of(
            "ephemeral",
            "external",
            "function",
            "incremental",
            "seed",
            "snapshot",
            "table",
            "table_function",
            "test",
            "view");
    private static final List<String> SCHEMA_CHANGES =
            List.of("ignore", "fail", "append_new_columns", "sync_all_columns");
    private static final List<String> BATCH_SIZES = List.of("hour", "day", "month", "year");

    private final Problems problems;
    private final Library library;

    ConfigChecks(Desk desk, Library library) {
        this.problems = desk.problems;
        this.library = library;
    }

    /**
     * @param kind {@code model}, {@code test}, …
     * @param places where a key was set; where the node begins for a key that nobody set
     */
    void check(Definition definition, String kind, ModelConfig config, Function<String, Location> places) {
        boolean right = types(config, places);
        keys(kind, config, places);
        if (!right || !config.enabled()) {
            return;
        }
        switch (kind) {
            case "model" -> model(definition, config, places);
            case "snapshot" -> snapshot(definition, config, places);
            case "test" -> {
                String severity = config.text("severity").orElse("error");
                if (!severity.matches("(?i)warn|error")) {
                    problems.error(
                            places.apply("severity"),
                            "'severity' is '" + severity + "', but must be 'warn' or 'error'");
                }
            }
            default -> {
                // Seeds and the rest hold nothing that is checked together.
            }
        }
    }

    private boolean types(ModelConfig config, Function<String, Location> places) {
        boolean right = true;
        for (Map.Entry<Type, Set<String>> each : TYPES.entrySet()) {
            for (String key : each.getValue()) {
                Object value = config.get(key);
                if (value != null
                        && !(value instanceof Undefined)
                        && !each.getKey().takes(value)) {
                    Problem problem = new Problem(
                            places.apply(key),
                            "'" + key + "' is " + Python.repr(value) + ", but must be " + each.getKey().words);
                    if (each.getKey().compareTo(Type.TEXT) < 0) {
                        problems.error(problem);
                    } else {
                        problems.warn(problem);
                    }
                    right = false;
                }
            }
        }
        return right;
    }

    private void keys(String kind, ModelConfig config, Function<String, Location> places) {
        Set<String> known = new TreeSet<>(ConfigMerge.defaults(kind).keySet());
        known.addAll(ConfigMerge.unset(kind));
        known.addAll(FURTHER);
        for (String written : config.written().keySet()) {
            String key = ConfigMerge.key(written);
            if (!known.contains(key)) {
                Problems.near(key, known)
                        .ifPresent(near -> problems.warn(
                                places.apply(key), "unknown key '" + key + "': did you mean '" + near + "'?"));
            }
        }
    }

    private void model(Definition definition, ModelConfig config, Function<String, Location> places) {
        String materialized = config.materialized();
        among(
                "on_configuration_change",
                config.text("on_configuration_change").orElse("apply"),
                List.of("apply", "continue", "fail"),
                places);
        among("access", config.text("access").orElse("protected"), List.of("private", "protected", "public"), places);
        if (!MATERIALIZATIONS.contains(materialized)
                && !hasMacro(definition, "materialization_" + materialized + "_default")
                && !hasMacro(definition, "materialization_" + materialized + "_duckdb")) {
            problems.warn(
                    places.apply("materialized"),
                    "unknown materialization '" + materialized + "'" + Problems.nearest(materialized, MATERIALIZATIONS)
                            + "; the model cannot be built");
        }
        boolean incremental = materialized.equals("incremental");
        if (incremental) {
            incremental(definition, config, places);
        }
        if (config.contractEnforced()) {
            if (definition.columns().isEmpty()) {
                Problem problem = new Problem(
                        places.apply("contract"),
                        "the contract of " + definition.uniqueId()
                                + " names no columns; describe them, each with a data_type, in a YAML file");
                // As dbt, which holds models against it only where a YAML file describes them.
                if (definition.patchFile() == null) {
                    problems.warn(problem);
                } else {
                    problems.error(problem);
                }
            }
            if (incremental && !Set.of("append_new_columns", "fail").contains(config.onSchemaChange())) {
                problems.error(
                        places.apply(
                                config.written().containsKey("on_schema_change") ? "on_schema_change" : "contract"),
                        "'on_schema_change' is '" + config.onSchemaChange()
                                + "', but an incremental model with a contract needs 'append_new_columns' or 'fail'");
            }
        }
    }

    private void incremental(Definition definition, ModelConfig config, Function<String, Location> places) {
        String change = config.onSchemaChange();
        if (!SCHEMA_CHANGES.contains(change) && !config.contractEnforced()) {
            problems.warn(
                    places.apply("on_schema_change"),
                    "unknown value '" + change + "' of 'on_schema_change'" + Problems.nearest(change, SCHEMA_CHANGES)
                            + "; 'ignore' is taken");
        }
        String strategy = config.incrementalStrategy().orElse("delete+insert");
        String macro = "get_incremental_" + strategy.replace('+', '_') + "_sql";
        if (strategy.equals("microbatch") && !hasMacro(definition, macro)) {
            microbatch(config, places);
        } else if (!ModelConfig.STRATEGIES.contains(strategy)
                && !strategy.equals("default")
                && !hasMacro(definition, macro)) {
            problems.warn(
                    places.apply("incremental_strategy"),
                    "unknown incremental strategy '" + strategy + "'"
                            + Problems.nearest(strategy, ModelConfig.STRATEGIES)
                            + "; a strategy of your own is a macro '" + macro + "'");
        }
    }

    private boolean hasMacro(Definition definition, String name) {
        return library.settings.packages().stream().anyMatch(each -> library.macros.in(each, name) != null)
                || library.macros.find(definition.packageName(), name) != null;
    }

    /** A snapshot strategy may name its package: {@code extras.by_name}. */
    private boolean hasStrategy(Definition definition, String strategy) {
        int dot = strategy.indexOf('.');
        String macro = "snapshot_" + strategy.substring(dot + 1) + "_strategy";
        return dot < 0 ? hasMacro(definition, macro) : library.macros.in(strategy.substring(0, dot), macro) != null;
    }

    private void microbatch(ModelConfig config, Function<String, Location> places) {
        Location model = places.apply("incremental_strategy");
        if (!(config.get("event_time") instanceof CharSequence)) {
            problems.error(
                    config.get("event_time") == null ? model : places.apply("event_time"),
                    "a microbatch model needs 'event_time': the name of the column that tells when a row happened");
        }
        Object begin = config.get("begin");
        if (begin == null) {
            problems.error(model, "a microbatch model needs 'begin': the earliest time to build from, '2024-01-01'");
        } else if (begin instanceof CharSequence text ? !isTime(text.toString()) : begin instanceof Number) {
            problems.error(
                    places.apply("begin"), "'begin' is " + Python.repr(begin) + ", but must be a time, '2024-01-01'");
        }
        if (config.get("batch_size") == null) {
            problems.error(model, "a microbatch model needs 'batch_size': " + String.join(", ", BATCH_SIZES));
        } else {
            among("batch_size", Python.str(config.get("batch_size")), BATCH_SIZES, places);
        }
        whole("lookback", config, places);
        Object concurrent = config.get("concurrent_batches");
        if (concurrent != null && !(concurrent instanceof Boolean)) {
            problems.error(
                    places.apply("concurrent_batches"),
                    "'concurrent_batches' is " + Python.repr(concurrent) + ", but must be true or false");
        }
    }

    private void whole(String key, ModelConfig config, Function<String, Location> places) {
        Object value = config.get(key);
        if (value != null && !(value instanceof Number && Python.str(value).matches("-?\\d+"))) {
            problems.error(
                    places.apply(key), "'" + key + "' is " + Python.repr(value) + ", but must be a whole number");
        }
    }

    /** The forms of Python's {@code datetime.fromisoformat}, as far as they can be told from others. */
    private static boolean isTime(String text) {
        if (!text.matches("\\d{4}(-?\\d\\d-?\\d\\d|-?W\\d\\d(-?\\d)?)(.\\d.*)?")) {
            return false;
        }
        if (!text.matches("\\d{4}-\\d\\d-\\d\\d.*")) {
            return true;
        }
        try {
            return LocalDate.parse(text.substring(0, 10)).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void among(String key, String value, List<String> values, Function<String, Location> places) {
        if (!values.contains(value)) {
            problems.error(
                    places.apply(key),
                    "'" + key + "' is '" + value + "', but must be one of " + String.join(", ", values)
                            + Problems.near(value, values)
                                    .map(near -> ": did you mean '" + near + "'?")
                                    .orElse(""));
        }
    }

    private void snapshot(Definition definition, ModelConfig config, Function<String, Location> places) {
        String strategy = config.text("strategy").orElse("");
        if (strategy.isEmpty()) {
            problems.error(
                    definition.place(), "snapshot '" + definition.name() + "' needs a 'strategy': timestamp or check");
        }
        if (config.uniqueKey() instanceof UniqueKey.None) {
            problems.error(
                    definition.place(),
                    "snapshot '" + definition.name() + "' needs a 'unique_key': the columns that tell its rows apart");
        }
        Object columns = config.get("check_cols");
        boolean checks = columns != null && Python.truth(columns);
        if (strategy.equals("check")) {
            if (!checks) {
                problems.error(
                        places.apply("strategy"),
                        "the strategy 'check' needs 'check_cols': a list of columns, or 'all'");
            } else if (columns instanceof CharSequence && !"all".equals(columns.toString())) {
                problems.error(
                        places.apply("check_cols"),
                        "'check_cols' is '" + columns + "', but must be a list of columns, or 'all'");
            }
        } else if (strategy.equals("timestamp")) {
            if (config.text("updated_at").orElse("").isEmpty()) {
                problems.error(
                        places.apply("strategy"),
                        "the strategy 'timestamp' needs 'updated_at': the column that tells when a row changed");
            }
            if (checks) {
                problems.error(
                        places.apply("check_cols"),
                        "'check_cols' belongs to the strategy 'check', but this is 'timestamp'");
            }
        } else if (!strategy.isEmpty() && !hasStrategy(definition, strategy)) {
            problems.warn(
                    places.apply("strategy"),
                    "unknown snapshot strategy '" + strategy + "'"
                            + Problems.nearest(strategy, List.of("timestamp", "check")));
        }
        String deletes = config.text("hard_deletes").orElse("ignore");
        List<String> ways = List.of("ignore", "invalidate", "new_record");
        if (!ways.contains(deletes)) {
            problems.warn(
                    places.apply("hard_deletes"),
                    "unknown value '" + deletes + "' of 'hard_deletes'" + Problems.nearest(deletes, ways));
        }
        if (!config.materialized().equals("snapshot")) {
            problems.error(
                    places.apply("materialized"),
                    "a snapshot is materialized as 'snapshot', not '" + config.materialized() + "'");
        }
    }
}
