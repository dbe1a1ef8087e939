package dev.landfall.template;

import dev.landfall.jinja.Location;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the YAML files beside models, seeds, snapshots, tests and macros say, found by package, kind and name. */
final class PropertyFiles {
    private static final Map<String, String> KINDS =
            Map.of("models", "model", "seeds", "seed", "snapshots", "snapshot", "analyses", "analysis");
    private static final Set<String> KNOWN = Set.of(
            "version",
            "models",
            "seeds",
            "snapshots",
            "analyses",
            "macros",
            "sources",
            "exposures",
            "metrics",
            "semantic_models",
            "saved_queries",
            "groups",
            "unit_tests",
            "data_tests",
            "functions",
            "anchors");
    private static final List<String> READ_OVER = List.of("metrics", "semantic_models", "saved_queries", "functions");

    private static final Set<String> ENTRY_KEYS = Set.of(
            "access",
            "alias",
            "columns",
            "config",
            "constraints",
            "data_tests",
            "deprecation_date",
            "description",
            "docs",
            "group",
            "latest_version",
            "materialized",
            "meta",
            "name",
            "quote_columns",
            "relation",
            "schema",
            "tags",
            "tests",
            "time_spine",
            "unique_key",
            "versions");
    private static final Set<String> COLUMN_KEYS = Set.of(
            "config",
            "constraints",
            "data_tests",
            "data_type",
            "description",
            "dimension",
            "entity",
            "exclude",
            "granularity",
            "include",
            "meta",
            "name",
            "quote",
            "tags",
            "tests");
    private static final Set<String> FOREIGN_TO_MODELS =
            Set.of("tags", "materialized", "schema", "alias", "unique_key");

    /**
     * One entry.
     *
     * @param kind {@code model}, {@code seed}, …
     * @param section the key it stands under: {@code models}
     * @param version null unless it is one of a model's versions
     */
    record Entry(
            SourceFile file,
            String kind,
            String section,
            String name,
            YamlMap map,
            @Nullable ModelVersion version) {
        Entry(SourceFile file, String kind, String section, String name, YamlMap map) {
            this(file, kind, section, name, map, null);
        }

        /** Of what it describes. */
        String uniqueId() {
            return kind + "." + file.owner().name() + "." + name + (version == null ? "" : "." + version.suffix());
        }

        Location place() {
            return map.place();
        }

        String shown() {
            return file.shown();
        }
    }

    private final Problems problems;
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<Entry> sources = new ArrayList<>();
    private final List<Entry> exposures = new ArrayList<>();
    private final List<Entry> groups = new ArrayList<>();
    private final List<Entry> unitTests = new ArrayList<>();
    private final List<Entry> snapshotsOfYaml = new ArrayList<>();

    PropertyFiles(Problems problems) {
        this.problems = problems;
    }

    void add(SourceFile file, YamlMap map, YamlRenderer renderer) {
        for (String key : map.keySet()) {
            if (!KNOWN.contains(key)) {
                problems.warn(map.at(key), "unknown key '" + key + "'" + Problems.nearest(key, KNOWN));
            }
        }
        for (String section : READ_OVER) {
            if (map.containsKey(section)) {
                problems.warn(
                        map.at(section),
                        "'" + section + "' are read over: Landfall builds tables, and has neither a semantic layer nor"
                                + " functions of dbt's");
            }
        }
        for (YamlMap entry : map.maps("unit_tests", problems)) {
            unitTests.add(new Entry(file, "unit_test", "unit_tests", entry.text("name", ""), entry));
        }
        KINDS.forEach((section, kind) -> {
            for (YamlMap entry : map.maps(section, problems)) {
                add(file, kind, section, entry, renderer);
            }
        });
        for (YamlMap entry : map.maps("data_tests", problems)) {
            add(file, "test", "data_tests", entry, renderer);
        }
        for (YamlMap entry : map.maps("sources", problems)) {
            sources.add(new Entry(file, "source", "sources", entry.text("name", ""), rendered(entry, renderer)));
        }
        for (YamlMap entry : map.maps("groups", problems)) {
            groups.add(new Entry(file, "group", "groups", entry.text("name", ""), rendered(entry, renderer)));
        }
        for (YamlMap entry : map.maps("exposures", problems)) {
            exposures.add(new Entry(file, "exposure", "exposures", entry.text("name", ""), rendered(entry, renderer)));
        }
    }

    private void add(SourceFile file, String kind, String section, YamlMap written, YamlRenderer renderer) {
        YamlMap map = rendered(written, renderer);
        map.map("config", problems);
        warnOfNearKeys(map, ENTRY_KEYS);
        map.maps("columns", problems).forEach(column -> warnOfNearKeys(column, COLUMN_KEYS));
        String name = map.text("name");
        if (name == null || name.isBlank()) {
            problems.error(map.place(), "an item of '" + section + "' has no 'name'");
            return;
        }
        if (kind.equals("model")) {
            for (String key : FOREIGN_TO_MODELS) {
                if (map.containsKey(key)) {
                    problems.warn(
                            map.at(key),
                            "'" + key + "' beside the name of model '" + name
                                    + "' has no effect, as in dbt; it belongs under 'config:'");
                }
            }
        }
        if (kind.equals("model") && !map.list("versions").isEmpty()) {
            new ModelVersions(problems).of(file, name, map).forEach(this::put);
            return;
        }
        Entry entry = new Entry(file, kind, section, name, map);
        if (kind.equals("snapshot") && map.containsKey("relation")) {
            snapshotsOfYaml.add(entry);
        }
        put(name, entry);
    }

    /** Other keys than dbt's are let be, unless they look like one of dbt's. */
    private void warnOfNearKeys(YamlMap map, Set<String> known) {
        for (String key : map.keySet()) {
            if (!known.contains(key)) {
                Problems.near(key, known)
                        .ifPresent(near ->
                                problems.warn(map.at(key), "unknown key '" + key + "': did you mean '" + near + "'?"));
            }
        }
    }

    /** @param fileName of the file that it describes, without its suffix */
    private void put(String fileName, Entry entry) {
        Entry twin = entries.putIfAbsent(key(entry.file().owner().name(), entry.kind(), fileName), entry);
        if (twin != null) {
            problems.error(
                    entry.place(), entry.section() + " '" + fileName + "' is described twice, also in " + twin.place());
        }
    }

    /** Descriptions, tests and hooks are rendered later, in contexts of their own. */
    private static YamlMap rendered(YamlMap map, YamlRenderer renderer) {
        return renderer.render(map, (path, value) -> {
            String last = path.get(path.size() - 1);
            return last.equals("description")
                    || last.equals("tests")
                    || last.equals("data_tests")
                    || last.endsWith("-hook")
                    || last.endsWith("_hook")
                    || last.equals("relation");
        });
    }

    private static String key(String packageName, String kind, String name) {
        return packageName + "\u0000" + kind + "\u0000" + name;
    }

    @Nullable
    Entry of(String packageName, String kind, String fileName) {
        return entries.get(key(packageName, kind, fileName));
    }

    /** Each once, although a latest version may be found by two names. */
    Iterable<Entry> all() {
        Set<Entry> each = Collections.newSetFromMap(new IdentityHashMap<>());
        each.addAll(entries.values());
        return each;
    }

    List<Entry> sources() {
        return sources;
    }

    List<Entry> exposures() {
        return exposures;
    }

    List<Entry> groups() {
        return groups;
    }

    List<Entry> unitTests() {
        return unitTests;
    }

    List<Entry> snapshotsOfYaml() {
        return snapshotsOfYaml;
    }
}
