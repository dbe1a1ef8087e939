package dev.landfall.template;

import dev.landfall.project.Analysis;
import dev.landfall.project.ColumnDoc;
import dev.landfall.project.DataTest;
import dev.landfall.project.Definition;
import dev.landfall.project.Dependencies;
import dev.landfall.project.Exposure;
import dev.landfall.project.Group;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Node;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes in the form of dbt's manifest: what {@code model} and {@code graph} answer, and what manifest.json holds. */
public final class NodeMaps {
    private final RelationValue.Parts quoting;
    private final double createdAt;

    NodeMaps(Library library) {
        this.quoting = library.quoting;
        this.createdAt = library.settings.invocation().startedAt().toEpochMilli() / 1000.0;
    }

    public Map<String, @Nullable Object> of(Node node) {
        if (node instanceof UnitTest test) {
            return unitTest(test);
        }
        Map<String, @Nullable Object> map =
                of(node.definition(), node.resourceType(), node.config(), relation(node), node.dependencies());
        if (node instanceof DataTest test) {
            test(map, test);
        }
        if (node instanceof Seed seed) {
            // A seed has no text, so that it reads nothing.
            List.of("contract", "functions", "language", "metrics", "refs", "sources", "compiled_path")
                    .forEach(map::remove);
            Map<String, @Nullable Object> macrosOnly = new LinkedHashMap<>();
            macrosOnly.put("macros", new ArrayList<>());
            map.put("depends_on", macrosOnly);
            map.put("root_path", seed.csv().toString());
        }
        return map;
    }

    public Map<String, @Nullable Object> of(Exposure exposure) {
        Definition definition = exposure.definition();
        ModelConfig config = exposure.config();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", exposure.name());
        map.put("resource_type", "exposure");
        map.put("package_name", definition.packageName());
        map.put("path", definition.path());
        map.put("original_file_path", definition.packagePath());
        map.put("unique_id", exposure.uniqueId());
        map.put("fqn", new ArrayList<>(definition.fqn()));
        map.put("type", exposure.written().get("type"));
        map.put("owner", owner(exposure.written()));
        map.put("description", definition.description());
        for (String key : List.of("label", "maturity")) {
            map.put(key, exposure.written().get(key));
        }
        map.put("meta", copy(config.get("meta")));
        map.put("tags", new ArrayList<>(config.tags()));
        map.put("config", copy(config.values()));
        map.put("unrendered_config", copy(config.written()));
        map.put("url", exposure.written().get("url"));
        Map<String, @Nullable Object> dependsOn = new LinkedHashMap<>();
        dependsOn.put("macros", new ArrayList<>());
        dependsOn.put("nodes", new ArrayList<>(exposure.dependsOn()));
        map.put("depends_on", dependsOn);
        map.put("refs", refs(exposure.dependencies()));
        map.put("sources", sources(exposure.dependencies()));
        map.put("metrics", new ArrayList<>());
        map.put("created_at", createdAt);
        return map;
    }

    public Map<String, @Nullable Object> of(Group group) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", group.name());
        map.put("resource_type", "group");
        map.put("package_name", group.packageName());
        map.put("path", group.path());
        map.put("original_file_path", group.file().toString());
        map.put("unique_id", group.uniqueId());
        map.put("owner", owner(group.written()));
        map.put("description", group.written().get("description"));
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("meta", new LinkedHashMap<>());
        if (group.written().get("config") instanceof Map<?, ?> own) {
            own.forEach((key, value) -> config.put(String.valueOf(key), copy(value)));
        }
        map.put("config", config);
        return map;
    }

    private static Map<String, @Nullable Object> owner(Map<String, @Nullable Object> written) {
        Map<String, @Nullable Object> owner = new LinkedHashMap<>();
        owner.put("email", null);
        owner.put("name", null);
        if (written.get("owner") instanceof Map<?, ?> own) {
            own.forEach((key, value) -> owner.put(String.valueOf(key), copy(value)));
        }
        return owner;
    }

    private static Map<String, @Nullable Object> unitTest(UnitTest test) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", test.name());
        map.put("resource_type", "unit_test");
        map.put("package_name", test.packageName());
        map.put("path", test.definition().path());
        map.put("original_file_path", test.definition().packagePath());
        map.put("unique_id", test.uniqueId());
        map.put("fqn", new ArrayList<>(test.fqn()));
        map.put("model", test.model().substring(test.model().lastIndexOf('.') + 1));
        map.put(
                "given",
                new ArrayList<>(test.given().stream().map(NodeMaps::fixture).toList()));
        map.put("expect", fixture(test.expect()));
        map.put("description", test.description());
        Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
        overrides.put("macros", copy(test.macros()));
        overrides.put("vars", copy(test.vars()));
        overrides.put("env_vars", copy(test.environment()));
        map.put("overrides", overrides);
        Map<String, @Nullable Object> dependsOn = new LinkedHashMap<>();
        dependsOn.put("macros", new ArrayList<>());
        dependsOn.put("nodes", new ArrayList<>(test.dependsOn()));
        map.put("depends_on", dependsOn);
        map.put("config", copy(test.config().values()));
        map.put("checksum", test.checksum());
        map.put("schema", null);
        map.put("created_at", 0.0);
        map.put("versions", null);
        map.put("version", null);
        return map;
    }

    private static Map<String, @Nullable Object> fixture(UnitTest.Fixture fixture) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (!fixture.input().isEmpty()) {
            map.put("input", fixture.input());
        }
        map.put("rows", fixture.sql() == null ? copy(fixture.rows()) : fixture.sql());
        map.put("format", fixture.sql() == null ? "dict" : "sql");
        map.put("fixture", null);
        return map;
    }

    /** The relation that a node is built into, or null when it is none. */
    static @Nullable Relation relation(Node node) {
        if (node instanceof Model model) {
            return model.relation();
        }
        if (node instanceof Seed seed) {
            return seed.relation();
        }
        if (node instanceof Snapshot snapshot) {
            return snapshot.relation();
        }
        if (node instanceof UnitTest) {
            return null;
        }
        return node instanceof DataTest test ? test.relation() : ((Analysis) node).relation();
    }

    /** A node that may not be complete yet. */
    Map<String, @Nullable Object> of(
            Definition definition,
            String kind,
            ModelConfig config,
            @Nullable Relation relation,
            Dependencies dependencies) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        boolean built = !kind.equals("analysis")
                && !(kind.equals("test") && !config.flag("store_failures").orElse(false))
                && !config.materialized().equals("ephemeral");
        map.put("database", relation == null ? null : relation.database());
        map.put("schema", relation == null ? null : relation.schema());
        map.put("name", definition.name());
        map.put("resource_type", kind);
        map.put("package_name", definition.packageName());
        map.put("path", definition.path());
        map.put("original_file_path", definition.packagePath());
        map.put("unique_id", definition.uniqueId());
        map.put("fqn", new ArrayList<>(definition.fqn()));
        map.put("alias", relation == null ? definition.name() : relation.identifier());
        map.put("checksum", checksum(definition, kind));
        map.put("config", config(kind, config));
        map.put("tags", new ArrayList<>(config.tags()));
        map.put("description", definition.description());
        map.put("columns", columns(definition.columns()));
        map.put("meta", config.get("meta") == null ? new LinkedHashMap<>() : config.get("meta"));
        map.put("group", config.get("group"));
        map.put("docs", config.get("docs") == null ? ConfigMerge.docs() : config.get("docs"));
        map.put("patch_path", patchPath(definition));
        map.put("build_path", null);
        map.put("unrendered_config", copy(config.written()));
        map.put("created_at", createdAt);
        map.put(
                "relation_name",
                built && relation != null
                        ? RelationValue.of(relation, null, quoting).render()
                        : null);
        map.put("raw_code", definition.rawSql());
        map.put("doc_blocks", new ArrayList<>());
        map.put("language", "sql");
        map.put("refs", refs(dependencies));
        map.put("sources", sources(dependencies));
        map.put("metrics", new ArrayList<>());
        map.put("functions", new ArrayList<>());
        Map<String, @Nullable Object> dependsOn = new LinkedHashMap<>();
        dependsOn.put("macros", new ArrayList<>(dependencies.macros()));
        dependsOn.put("nodes", new ArrayList<>(dependencies.nodes()));
        map.put("depends_on", dependsOn);
        map.put("compiled_path", null);
        Map<String, @Nullable Object> contract = new LinkedHashMap<>();
        contract.put("enforced", config.contractEnforced());
        contract.put("alias_types", true);
        contract.put("checksum", null);
        map.put("contract", contract);
        if (kind.equals("model")) {
            map.put("access", config.text("access").orElse("protected"));
            List<Object> constraints = constraints(config.get("constraints"));
            map.put("constraints", constraints);
            if (config.contractEnforced()) {
                contract.put(
                        "checksum", ContractChecksum.of(definition.columns().values(), constraints, config));
            }
            ModelVersion version = definition.version();
            map.put("version", version == null ? null : version.number());
            map.put("latest_version", version == null ? null : version.latest());
            map.put("deprecation_date", null);
            map.put("primary_key", new ArrayList<>());
            map.put("time_spine", null);
        }
        return map;
    }

    private static Map<String, @Nullable Object> checksum(Definition definition, String kind) {
        Map<String, @Nullable Object> checksum = new LinkedHashMap<>();
        boolean none = kind.equals("test") && definition.template() == null;
        checksum.put("name", none ? "none" : "sha256");
        checksum.put("checksum", none ? "" : definition.checksum());
        return checksum;
    }

    private static Map<String, @Nullable Object> config(String kind, ModelConfig config) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        config.values().forEach((key, value) -> map.put(key, key.endsWith("-hook") ? hooks(value) : copy(value)));
        map.remove("constraints");
        // What nobody set is there and none; YAML's own word for a snapshot's deletions alone is left out, as in dbt.
        ConfigMerge.unset(kind).stream()
                .filter(key -> !key.equals("hard_deletes"))
                .forEach(key -> map.putIfAbsent(key, null));
        return map;
    }

    private static List<Object> hooks(@Nullable Object written) {
        List<Object> hooks = new ArrayList<>();
        for (Map<String, @Nullable Object> hook : ConfigMerge.hooks(written)) {
            hook.put("index", null);
            hooks.add(hook);
        }
        return hooks;
    }

    /** Templates may change what they are given. */
    private static @Nullable Object copy(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(key, copy(item)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return value;
    }

    private static @Nullable String patchPath(Definition definition) {
        return definition.patchFile() == null ? null : definition.packageName() + "://" + definition.patchFile();
    }

    private static Map<String, @Nullable Object> columns(Map<String, ColumnDoc> columns) {
        Map<String, @Nullable Object> maps = new LinkedHashMap<>();
        columns.forEach((name, column) -> {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("name", column.name());
            map.put("description", column.description());
            map.put("meta", copy(column.meta()));
            map.put("data_type", column.dataType());
            map.put("constraints", constraints(column.constraints()));
            map.put("quote", column.quote() ? true : null);
            Map<String, @Nullable Object> config = new LinkedHashMap<>();
            config.put("meta", copy(column.meta()));
            config.put("tags", new ArrayList<>(column.tags()));
            map.put("config", config);
            map.put("tags", new ArrayList<>(column.tags()));
            map.put("granularity", null);
            map.put("dimension", null);
            map.put("entity", null);
            map.put("doc_blocks", new ArrayList<>());
            maps.put(name, map);
        });
        return maps;
    }

    /** Constraints with all of the fields that dbt has for them. */
    static List<Object> constraints(@Nullable Object written) {
        List<Object> constraints = new ArrayList<>();
        for (Object item : ConfigMerge.list(written)) {
            Map<String, @Nullable Object> each = new LinkedHashMap<>();
            if (item instanceof Map<?, ?> map) {
                map.forEach((key, value) -> each.put(String.valueOf(key), value));
            }
            Map<String, @Nullable Object> constraint = new LinkedHashMap<>();
            constraint.put("type", each.get("type"));
            constraint.put("name", each.get("name"));
            constraint.put("expression", each.get("expression"));
            constraint.put("warn_unenforced", each.getOrDefault("warn_unenforced", true));
            constraint.put("warn_unsupported", each.getOrDefault("warn_unsupported", true));
            constraint.put("to", each.get("to"));
            constraint.put("to_columns", copy(each.getOrDefault("to_columns", List.of())));
            if (each.containsKey("columns")) {
                constraint.put("columns", copy(each.get("columns")));
            }
            constraints.add(constraint);
        }
        return constraints;
    }

    private static List<Object> refs(Dependencies dependencies) {
        List<Object> refs = new ArrayList<>();
        dependencies.refs().forEach(ref -> {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("name", ref.name());
            map.put("package", ref.packageName());
            map.put("version", ref.version());
            refs.add(map);
        });
        return refs;
    }

    private static List<Object> sources(Dependencies dependencies) {
        List<Object> sources = new ArrayList<>();
        dependencies
                .sources()
                .forEach(source -> sources.add(new ArrayList<>(List.of(source.source(), source.table()))));
        return sources;
    }

    private static void test(Map<String, @Nullable Object> map, DataTest test) {
        DataTest.Generic generic = test.generic();
        if (generic == null) {
            return;
        }
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("name", generic.test());
        metadata.put("kwargs", copy(generic.arguments()));
        metadata.put("namespace", generic.namespace());
        map.put("test_metadata", metadata);
        map.put("column_name", generic.column());
        map.put("attached_node", generic.attachedNode().startsWith("source.") ? null : generic.attachedNode());
        map.put("file_key_name", generic.fileKey());
    }

    /** With every field that dbt has for it; null stays null, which is a source whose freshness nobody asks for. */
    private static @Nullable Object freshness(ModelConfig config) {
        boolean switchedOff = config.values().containsKey("freshness") && config.get("freshness") == null;
        if (switchedOff) {
            return null;
        }
        Map<?, ?> written = config.get("freshness") instanceof Map<?, ?> map ? map : Map.of();
        Map<String, @Nullable Object> freshness = new LinkedHashMap<>();
        for (String level : List.of("warn_after", "error_after")) {
            Map<?, ?> limit = written.get(level) instanceof Map<?, ?> map ? map : Map.of();
            Map<String, @Nullable Object> time = new LinkedHashMap<>();
            time.put("count", limit.get("count"));
            time.put("period", limit.get("period"));
            freshness.put(level, time);
        }
        freshness.put("filter", written.get("filter"));
        return freshness;
    }

    private static Map<String, @Nullable Object> written(ModelConfig config) {
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        config.values().forEach((key, value) -> {
            boolean isDefault = key.equals("enabled") || (value instanceof Map<?, ?> map && map.isEmpty());
            if (!isDefault) {
                written.put(key, copy(value));
            }
        });
        written.putIfAbsent("loaded_at_field", null);
        written.putIfAbsent("loaded_at_query", null);
        return written;
    }

    public Map<String, @Nullable Object> of(SourceTable source) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("database", source.relation().database());
        map.put("schema", source.relation().schema());
        map.put("name", source.name());
        map.put("resource_type", "source");
        map.put("package_name", source.packageName());
        map.put("path", source.file().toString());
        map.put("original_file_path", source.file().toString());
        map.put("unique_id", source.uniqueId());
        map.put("fqn", new ArrayList<>(source.fqn()));
        map.put("source_name", source.source());
        map.put("source_description", source.sourceDescription());
        map.put("loader", source.loader());
        map.put("identifier", source.relation().identifier());
        Map<String, @Nullable Object> quoting = new LinkedHashMap<>();
        List.of("database", "schema", "identifier", "column").forEach(part -> quoting.put(part, null));
        if (source.config().get("quoting") instanceof Map<?, ?> written) {
            written.forEach((part, quoted) -> quoting.put(String.valueOf(part), quoted));
        }
        map.put("quoting", quoting);
        map.put("loaded_at_field", source.config().get("loaded_at_field"));
        map.put("loaded_at_query", source.config().get("loaded_at_query"));
        Object freshness = freshness(source.config());
        map.put("freshness", freshness);
        map.put("external", null);
        map.put("description", source.description());
        map.put("columns", columns(source.columns()));
        map.put(
                "meta",
                copy(
                        source.config().get("meta") == null
                                ? Map.of()
                                : source.config().get("meta")));
        map.put("source_meta", copy(source.sourceMeta()));
        map.put("tags", new ArrayList<>(source.tags()));
        Map<String, @Nullable Object> config = config("source", source.config());
        config.remove("quoting");
        config.put("freshness", copy(freshness));
        map.put("config", config);
        map.put("patch_path", null);
        map.put("unrendered_config", written(source.config()));
        map.put("relation_name", Rendering.relationOf(source).render());
        map.put("created_at", createdAt);
        map.put("unrendered_database", null);
        map.put("unrendered_schema", null);
        map.put("doc_blocks", new ArrayList<>());
        return map;
    }
}
