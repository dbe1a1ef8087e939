package dev.landfall.template;

import dev.landfall.jinja.Python;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Problems;
import dev.landfall.project.Relation;
import dev.landfall.project.SourceTable;
import dev.landfall.project.Target;
import dev.landfall.project.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes {@link SourceTable}s of the {@code sources:} in property files, external locations of dbt-duckdb included. */
final class SourceTables {
    private static final Set<String> OWN_KEYS = Set.of(
            "enabled",
            "event_time",
            "freshness",
            "loaded_at_field",
            "loaded_at_query",
            "meta",
            "tags",
            "static_analysis");
    private static final List<String> PERIODS = List.of("minute", "hour", "day");
    private static final Pattern OLD_STYLE = Pattern.compile("%(?:\\((\\w+)\\)s|(%))");
    private static final Pattern TEMPLATE_STYLE = Pattern.compile("\\$(?:(\\$)|(\\w+)|\\{(\\w+)\\})");

    private final Target target;
    private final Desk desk;
    private final String root;
    private final Descriptions descriptions;
    private final Problems problems;
    private final Map<String, SourceTable> tables = new LinkedHashMap<>();
    private final Map<String, YamlMap> written = new LinkedHashMap<>();
    private final Set<String> disabled = new LinkedHashSet<>();

    SourceTables(Target target, String root, Desk desk, Descriptions descriptions) {
        this.target = target;
        this.root = root;
        this.desk = desk;
        this.descriptions = descriptions;
        this.problems = desk.problems;
    }

    /** By unique id. */
    Map<String, SourceTable> tables() {
        return tables;
    }

    /** What was written for a table, for its tests. */
    Map<String, YamlMap> written() {
        return written;
    }

    /** {@code shop.orders} of tables that are switched off. */
    Set<String> disabled() {
        return disabled;
    }

    void add(PropertyFiles.Entry entry) {
        YamlMap source = entry.map();
        if (entry.name().isBlank()) {
            problems.error(source.place(), "an item of 'sources' has no 'name'");
            return;
        }
        if (entry.name().contains(" ")) {
            problems.warn(
                    source.valueAt("name"),
                    "the name of source '" + entry.name() + "' holds a space; dbt is giving that up");
        }
        checkShape(source);
        for (YamlMap table : source.maps("tables", problems)) {
            checkShape(table);
            String name = table.text("name");
            if (name == null || name.isBlank()) {
                problems.error(table.place(), "a table of source '" + entry.name() + "' has no 'name'");
            } else {
                add(entry, source, table, name);
            }
        }
    }

    private void checkShape(YamlMap level) {
        YamlMap config = level.map("config", problems);
        Object enabled = config.get("enabled");
        if (enabled != null && !(enabled instanceof Boolean)) {
            problems.error(
                    config.valueAt("enabled"), "'enabled' is " + Python.repr(enabled) + ", but must be true or false");
        }
        for (YamlMap home : List.of(level, config)) {
            YamlMap freshness = home.map("freshness", problems);
            for (String key : List.of("warn_after", "error_after")) {
                YamlMap limit = freshness.map(key, problems);
                Object count = limit.get("count");
                String period = limit.text("period", "day");
                if (count != null && !Python.str(count).matches("\\d+")) {
                    problems.error(
                            limit.valueAt("count"),
                            "'count' is " + Python.repr(count) + ", but must be a whole number");
                }
                if (!PERIODS.contains(period)) {
                    problems.error(
                            limit.valueAt("period"),
                            "'period' is '" + period + "', but must be one of " + String.join(", ", PERIODS));
                }
            }
        }
    }

    private void add(PropertyFiles.Entry entry, YamlMap source, YamlMap table, String name) {
        DbtPackage owner = entry.file().owner();
        String id = "source." + owner.name() + "." + entry.name() + "." + name;
        List<String> fqn = entry.file().fqn(entry.name(), name);
        ModelConfig config = config(owner, source, table, fqn);
        Relation relation = new Relation(
                table.text("database", source.text("database", source.text("catalog", target.database()))),
                source.text("schema", entry.name()),
                table.text("identifier", name));
        if (!config.enabled()) {
            disabled.add(entry.name() + "." + name);
            return;
        }
        Map<String, @Nullable Object> sourceMeta = new LinkedHashMap<>(source.map("meta"));
        SourceTable made = new SourceTable(
                id,
                owner.name(),
                entry.name(),
                name,
                relation,
                location(entry, table, name, relation, config),
                Path.of(entry.shown()),
                table.place().line(),
                fqn,
                descriptions.of(source, owner.name()),
                descriptions.of(table, owner.name()),
                table.text("loader", source.text("loader", "")),
                config,
                sourceMeta,
                descriptions.columns(table, owner.name()));
        SourceTable twin = tables.putIfAbsent(id, made);
        if (twin != null) {
            problems.error(
                    table.place(),
                    "source '" + entry.name() + "." + name + "' is defined twice, also in " + twin.file() + ":"
                            + twin.line());
        }
        written.put(id, table);
    }

    private ModelConfig config(DbtPackage owner, YamlMap source, YamlMap table, List<String> fqn) {
        Map<String, @Nullable Object> values = ConfigMerge.defaults("source");
        desk.tree(owner.name()).apply(values, "source", fqn);
        Map<String, @Nullable Object> meta = new LinkedHashMap<>(source.map("meta"));
        List<Object> tags = new ArrayList<>(ConfigMerge.list(source.get("tags")));
        for (YamlMap level : List.of(source, table)) {
            YamlMap config = level.map("config");
            for (String key : List.of("freshness", "loaded_at_field", "loaded_at_query", "event_time")) {
                if (level.containsKey(key)) {
                    values.put(key, level.get(key));
                }
            }
            if (level.get("quoting") instanceof Map<?, ?> quoting) {
                ConfigMerge.apply(values, Map.of("quoting", quoting));
            }
            config.forEach((key, value) -> {
                if (!key.equals("tags") && !key.equals("meta")) {
                    values.put(key, value);
                }
            });
            meta.putAll(config.map("meta"));
            tags.addAll(ConfigMerge.list(config.get("tags")));
        }
        meta.putAll(table.map("meta"));
        tags.addAll(ConfigMerge.list(table.get("tags")));
        ConfigMerge.apply(values, Map.of("meta", meta));
        if (!owner.name().equals(root)) {
            desk.tree(root).apply(values, "source", fqn);
        }
        // As in dbt, tags that dbt_project.yml gives to sources reach none of them.
        values.put("tags", tags.stream().map(Python::str).distinct().sorted().toList());
        return new ModelConfig(values);
    }

    private @Nullable String location(
            PropertyFiles.Entry entry, YamlMap table, String name, Relation relation, ModelConfig config) {
        Map<String, @Nullable Object> known = new LinkedHashMap<>();
        known.put("name", name);
        known.put("identifier", relation.identifier());
        known.put("schema", relation.schema());
        known.put("database", relation.database());
        known.put("tags", config.tags());
        if (config.get("meta") instanceof Map<?, ?> meta) {
            meta.forEach((key, value) -> known.put(String.valueOf(key), value));
        }
        config.values().forEach((key, value) -> {
            if (!OWN_KEYS.contains(key) && !key.equals("quoting")) {
                known.put(key, value);
            }
        });
        if (known.get("plugin") != null) {
            problems.warn(
                    table.place(),
                    "source '" + entry.name() + "." + name + "' is read by the plugin '" + known.get("plugin")
                            + "', which needs Python; it is taken for a table of the warehouse");
            return null;
        }
        Object template = known.get("external_location");
        if (template == null) {
            return null;
        }
        try {
            String location =
                    format(Python.str(template), Python.str(known.getOrDefault("formatter", "newstyle")), known);
            return location.contains("(") || location.startsWith("'") ? location : "'" + location + "'";
        } catch (IllegalArgumentException e) {
            problems.error(
                    table.place(),
                    "external_location of source '" + entry.name() + "." + name + "': " + e.getMessage());
            return null;
        }
    }

    /** @throws IllegalArgumentException in words for the user */
    static String format(String template, String formatter, Map<String, @Nullable Object> known) {
        return switch (formatter) {
            case "newstyle" -> NewStyle.format(template, known);
            case "oldstyle" -> replace(OLD_STYLE.matcher(template), known);
            case "template" -> replace(TEMPLATE_STYLE.matcher(template), known);
            default ->
                throw new IllegalArgumentException("Formatter " + formatter
                        + " not recognized. Must be one of 'newstyle', 'oldstyle', or 'template'.");
        };
    }

    private static String replace(Matcher matcher, Map<String, @Nullable Object> known) {
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String name = null;
            String escape = null;
            for (int group = 1; group <= matcher.groupCount(); group++) {
                String value = matcher.group(group);
                if (value != null && (value.equals("%") || value.equals("$"))) {
                    escape = value;
                } else if (value != null) {
                    name = value;
                }
            }
            matcher.appendReplacement(
                    text,
                    Matcher.quoteReplacement(
                            name == null ? String.valueOf(escape) : Python.str(NewStyle.value(name, known))));
        }
        return matcher.appendTail(text).toString();
    }

    /** Python's {@code str.format}, as far as locations use it: names, {@code [key]}, {@code .attribute}, doubled braces. */
    private static final class NewStyle {
        static String format(String template, Map<String, @Nullable Object> known) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < template.length(); i++) {
                char c = template.charAt(i);
                boolean doubled = i + 1 < template.length() && template.charAt(i + 1) == c;
                if ((c == '{' || c == '}') && doubled) {
                    text.append(c);
                    i++;
                } else if (c == '{') {
                    int end = template.indexOf('}', i);
                    if (end < 0) {
                        throw new IllegalArgumentException("'{' without '}' in '" + template + "'");
                    }
                    text.append(Python.str(field(template.substring(i + 1, end), known)));
                    i = end;
                } else if (c == '}') {
                    throw new IllegalArgumentException("'}' without '{' in '" + template + "'");
                } else {
                    text.append(c);
                }
            }
            return text.toString();
        }

        private static @Nullable Object field(String field, Map<String, @Nullable Object> known) {
            String[] parts = field.replaceFirst("[!:].*$", "").split("[.\\[]", -1);
            Object value = value(parts[0], known);
            for (int i = 1; i < parts.length; i++) {
                String key = parts[i].replace("]", "");
                if (value instanceof Map<?, ?> map) {
                    value = map.get(key);
                } else if (value instanceof List<?> list
                        && key.matches("\\d{1,6}")
                        && Integer.parseInt(key) < list.size()) {
                    value = list.get(Integer.parseInt(key));
                } else {
                    throw new IllegalArgumentException("'" + field + "' leads nowhere");
                }
            }
            return value;
        }

        static @Nullable Object value(String name, Map<String, @Nullable Object> known) {
            if (!known.containsKey(name)) {
                throw new IllegalArgumentException(
                        "unknown name '" + name + "'" + Problems.nearest(name, known.keySet()));
            }
            return known.get(name);
        }
    }
}
