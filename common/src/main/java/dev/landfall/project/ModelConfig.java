package dev.landfall.project;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configuration of a node after all of its sources were merged: dbt's keys, and any of the user's own. */
public final class ModelConfig {
    public static final ModelConfig EMPTY = new ModelConfig(Map.of());

    /** The incremental strategies that dbt-duckdb has. */
    public static final List<String> STRATEGIES = List.of("append", "delete+insert", "merge", "microbatch");

    private final Map<String, @Nullable Object> values;
    private final Map<String, @Nullable Object> written;

    public ModelConfig(Map<String, @Nullable Object> values) {
        this(values, Map.of());
    }

    /** @param written as {@link #written()} */
    public ModelConfig(Map<String, @Nullable Object> values, Map<String, @Nullable Object> written) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.written = Collections.unmodifiableMap(new LinkedHashMap<>(written));
    }

    /** Only what somebody set, later levels in place of earlier ones: what tells whether the configuration changed. */
    public Map<String, @Nullable Object> written() {
        return written;
    }

    /** Every key as it is answered by {@code config.get()} in templates. */
    public Map<String, @Nullable Object> values() {
        return values;
    }

    public @Nullable Object get(String key) {
        return values.get(key);
    }

    /** The value of a key, from {@code meta} where the key itself is not set. */
    public @Nullable Object getOrMeta(String key) {
        Object value = values.get(key);
        return value == null && values.get("meta") instanceof Map<?, ?> meta ? meta.get(key) : value;
    }

    /** {@code view} where nothing says otherwise. */
    public String materialized() {
        return text("materialized").orElse("view");
    }

    public boolean enabled() {
        return flag("enabled").orElse(true);
    }

    public List<String> tags() {
        return texts("tags");
    }

    public UniqueKey uniqueKey() {
        Object key = values.get("unique_key");
        if (key instanceof List<?> list) {
            return list.isEmpty() ? new UniqueKey.None() : new UniqueKey.Columns(texts("unique_key"));
        }
        String text = key == null ? "" : key.toString();
        return text.isEmpty() ? new UniqueKey.None() : new UniqueKey.Expression(text);
    }

    public Optional<String> incrementalStrategy() {
        return text("incremental_strategy");
    }

    /** {@code ignore}, {@code fail}, {@code append_new_columns} or {@code sync_all_columns}; as written otherwise. */
    public String onSchemaChange() {
        return text("on_schema_change").orElse("ignore").toLowerCase(Locale.ROOT);
    }

    /** What the model says; it wins over the command's flag either way. */
    public Optional<Boolean> fullRefresh() {
        return flag("full_refresh");
    }

    /** SQL conditions that narrow what an incremental run deletes. */
    public List<String> incrementalPredicates() {
        return values.get("predicates") == null ? texts("incremental_predicates") : texts("predicates");
    }

    /** Whether the predicates stand as one text, which dbt's delete+insert takes letter by letter, and so refuses. */
    public boolean predicatesAreText() {
        return (values.get("predicates") == null ? values.get("incremental_predicates") : values.get("predicates"))
                instanceof String;
    }

    /** Columns that order the versions of one row; empty list when the model says it has none. */
    public Optional<List<String>> sequenceBy() {
        Object value = getOrMeta("sequence_by");
        return value == null ? Optional.empty() : Optional.of(texts(value));
    }

    public Optional<String> sqlHeader() {
        return text("sql_header");
    }

    public List<Hook> preHooks() {
        return hooks("pre-hook");
    }

    public List<Hook> postHooks() {
        return hooks("post-hook");
    }

    /** True when the columns are a contract that the table must keep. */
    public boolean contractEnforced() {
        return values.get("contract") instanceof Map<?, ?> contract && Boolean.TRUE.equals(contract.get("enforced"));
    }

    public Optional<String> text(String key) {
        Object value = values.get(key);
        return value == null ? Optional.empty() : Optional.of(value.toString());
    }

    public Optional<Boolean> flag(String key) {
        Object value = values.get(key);
        return value instanceof Boolean flag
                ? Optional.of(flag)
                : value instanceof String text && text.matches("(?i)true|false")
                        ? Optional.of(Boolean.valueOf(text))
                        : Optional.empty();
    }

    public Optional<Integer> integer(String key) {
        Object value = values.get(key);
        if (value instanceof Number number) {
            return Optional.of(number.intValue());
        }
        return value instanceof String text && text.strip().matches("\\d{1,9}")
                ? Optional.of(Integer.valueOf(text.strip()))
                : Optional.empty();
    }

    /** A list of texts; one text stands for a list of one, nothing for an empty list. */
    public List<String> texts(String key) {
        return texts(values.get(key));
    }

    private static List<String> texts(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof Iterable<?> items) {
            items.forEach(item -> texts.add(String.valueOf(item)));
        } else {
            texts.add(value.toString());
        }
        return List.copyOf(texts);
    }

    private List<Hook> hooks(String key) {
        List<Hook> hooks = new ArrayList<>();
        Object value = values.get(key);
        if (value instanceof Iterable<?> items) {
            items.forEach(item -> addHook(hooks, item));
        } else {
            addHook(hooks, value);
        }
        return List.copyOf(hooks);
    }

    private static void addHook(List<Hook> hooks, @Nullable Object item) {
        if (item instanceof Hook hook) {
            hooks.add(hook);
        } else if (item instanceof Map<?, ?> map) {
            hooks.add(new Hook(String.valueOf(map.get("sql")), !Boolean.FALSE.equals(map.get("transaction"))));
        } else if (item != null) {
            hooks.add(new Hook(item.toString(), true));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelConfig config && values.equals(config.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
