package dev.landfall.template;

import dev.landfall.jinja.Python;
import dev.landfall.project.Hook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** dbt's rules for laying one level of configuration over another. */
final class ConfigMerge {
    private static final Set<String> APPENDED = Set.of("tags", "pre-hook", "post-hook", "packages");
    private static final Set<String> UPDATED =
            Set.of("meta", "quoting", "column_types", "docs", "contract", "snapshot_meta_column_names");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Keys that dbt knows for every node, source or test and that have no value unless somebody sets one. */
    private static final List<String> UNSET = List.of("alias", "schema", "database", "group", "static_analysis");

    private static final List<String> UNSET_OF_BUILT = List.of(
            "incremental_strategy",
            "batch_size",
            "begin",
            "full_refresh",
            "unique_key",
            "event_time",
            "concurrent_batches");

    private static final Map<String, List<String>> UNSET_OF_KIND = Map.of(
            "model",
            List.of("freshness", "on_error"),
            "snapshot",
            List.of(
                    "strategy",
                    "target_schema",
                    "target_database",
                    "updated_at",
                    "check_cols",
                    "dbt_valid_to_current",
                    "hard_deletes"),
            "seed",
            List.of("quote_columns"),
            "source",
            List.of("event_time", "freshness", "loaded_at_field", "loaded_at_query", "static_analysis"),
            "test",
            List.of("store_failures", "store_failures_as", "sql_header", "where", "limit"));

    private ConfigMerge() {}

    /** Whether dbt knows the key for this kind of node, so that {@code config.get} never answers its default. */
    static boolean known(String kind, String key) {
        return (kind.equals("test") ? UNSET_OF_KIND.getOrDefault(kind, List.of()) : unset(kind)).contains(key);
    }

    /** The keys that dbt knows for this kind of node, and that have no value unless somebody sets one. */
    static List<String> unset(String kind) {
        List<String> keys = new ArrayList<>();
        if (!kind.equals("source")) {
            keys.addAll(UNSET);
            if (!kind.equals("test")) {
                keys.addAll(UNSET_OF_BUILT);
            }
        }
        keys.addAll(UNSET_OF_KIND.getOrDefault(kind, List.of()));
        return keys;
    }

    static Map<String, @Nullable Object> defaults(String kind) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("enabled", true);
        values.put("tags", new ArrayList<>());
        values.put("meta", new LinkedHashMap<>());
        if (kind.equals("source")) {
            return values;
        }
        if (kind.equals("test")) {
            values.put("schema", "dbt_test__audit");
            values.put("materialized", "test");
            values.put("severity", "ERROR");
            values.put("fail_calc", "count(*)");
            values.put("warn_if", "!= 0");
            values.put("error_if", "!= 0");
            return values;
        }
        values.put("materialized", kind.equals("seed") || kind.equals("snapshot") ? kind : "view");
        values.put("lookback", 1L);
        values.put("persist_docs", new LinkedHashMap<>());
        values.put("post-hook", new ArrayList<>());
        values.put("pre-hook", new ArrayList<>());
        values.put("quoting", new LinkedHashMap<>());
        values.put("column_types", new LinkedHashMap<>());
        values.put("on_schema_change", "ignore");
        values.put("on_configuration_change", "apply");
        values.put("grants", new LinkedHashMap<>());
        values.put("packages", new ArrayList<>());
        values.put("docs", docs());
        Map<String, @Nullable Object> contract = new LinkedHashMap<>();
        contract.put("enforced", false);
        contract.put("alias_types", true);
        values.put("contract", contract);
        if (kind.equals("model")) {
            values.put("access", "protected");
            Map<String, @Nullable Object> pointer = new LinkedHashMap<>();
            pointer.put("enabled", null);
            pointer.put("alias", null);
            values.put("latest_version_pointer", pointer);
        }
        if (kind.equals("seed")) {
            values.put("delimiter", ",");
        }
        if (kind.equals("snapshot")) {
            Map<String, @Nullable Object> columns = new LinkedHashMap<>();
            for (String column :
                    List.of("dbt_valid_to", "dbt_valid_from", "dbt_scd_id", "dbt_updated_at", "dbt_is_deleted")) {
                columns.put(column, null);
            }
            values.put("snapshot_meta_column_names", columns);
        }
        return values;
    }

    static Map<String, @Nullable Object> docs() {
        Map<String, @Nullable Object> docs = new LinkedHashMap<>();
        docs.put("show", true);
        docs.put("node_color", null);
        return docs;
    }

    /** Lays the further values over those that are there. */
    static void apply(Map<String, @Nullable Object> values, Map<?, ?> further) {
        further.forEach((writtenKey, value) -> {
            String key = key(String.valueOf(writtenKey));
            Object present = values.get(key);
            if (APPENDED.contains(key)) {
                List<@Nullable Object> list = new ArrayList<>(list(present));
                list.addAll(key.endsWith("-hook") ? hooks(value) : list(value));
                values.put(key, list);
            } else if (UPDATED.contains(key) && value instanceof Map<?, ?> map) {
                values.put(key, updated(present, map));
            } else if (key.equals("grants") && value instanceof Map<?, ?> map) {
                values.put(key, granted(present, map));
            } else {
                values.put(key, value);
            }
        });
    }

    /** {@code pre_hook} is {@code pre-hook}. */
    static String key(String written) {
        String key = written.strip();
        return key.equals("pre_hook") ? "pre-hook" : key.equals("post_hook") ? "post-hook" : key;
    }

    private static Map<Object, @Nullable Object> updated(@Nullable Object present, Map<?, ?> further) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        if (present instanceof Map<?, ?> old) {
            map.putAll(old);
        }
        map.putAll(further);
        return map;
    }

    private static Map<Object, @Nullable Object> granted(@Nullable Object present, Map<?, ?> further) {
        Map<Object, @Nullable Object> map = updated(present, Map.of());
        further.forEach((privilege, to) -> {
            String name = String.valueOf(privilege);
            if (name.startsWith("+")) {
                List<@Nullable Object> both = new ArrayList<>(list(map.get(name.substring(1))));
                both.addAll(list(to));
                map.put(name.substring(1), both);
            } else {
                map.put(name, list(to));
            }
        });
        return map;
    }

    static List<? extends @Nullable Object> list(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list ? list : List.of(value);
    }

    /** Hooks in the form {@code {sql, transaction}}, from texts, mappings or JSON texts. */
    static List<Map<String, @Nullable Object>> hooks(@Nullable Object value) {
        List<Map<String, @Nullable Object>> hooks = new ArrayList<>();
        for (Object item : list(value)) {
            if (item != null) {
                Hook hook = hook(item);
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                map.put("sql", hook.sql());
                map.put("transaction", hook.transaction());
                hooks.add(map);
            }
        }
        return hooks;
    }

    static Hook hook(Object item) {
        if (item instanceof Map<?, ?> map) {
            return new Hook(Python.str(map.get("sql")), !Boolean.FALSE.equals(map.get("transaction")));
        }
        String text = Python.str(item);
        if (text.strip().startsWith("{") && text.contains("\"sql\"")) {
            try {
                return hook(JSON.readValue(text, Map.class));
            } catch (JacksonException e) {
                // An opening brace of something else.
                return new Hook(text, true);
            }
        }
        // These two say where a hook runs only once they are rendered, and then it is too late.
        boolean outside = text.strip().matches("(?s)\\{\\{-?\\s*(before_begin|after_commit)\\s*\\(.*");
        return new Hook(text, !outside);
    }
}
