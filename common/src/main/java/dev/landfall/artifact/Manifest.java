package dev.landfall.artifact;

import dev.landfall.graph.ModelGraph;
import dev.landfall.project.Appendix;
import dev.landfall.project.DataTest;
import dev.landfall.project.MacroDefinition;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import dev.landfall.template.MacroCalls;
import dev.landfall.template.TemplateRenderer;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The body of manifest.json. Nodes are described one at a time, so that no project is in memory twice. */
final class Manifest {
    private final Project project;
    private final TemplateRenderer renderer;
    private final MacroCalls calls;
    private final Map<String, List<String>> groups = new TreeMap<>();
    private final Map<String, String> compiledSql;

    Manifest(Project project, Map<String, String> compiledSql) {
        this.project = project;
        this.renderer = new TemplateRenderer(project);
        this.calls = new MacroCalls(project);
        this.compiledSql = compiledSql;
    }

    /** What the metadata of a manifest tells beside that of other artifacts. */
    static Map<String, @Nullable Object> metadata(Project project) {
        Map<String, @Nullable Object> quoting = new LinkedHashMap<>();
        for (String part : List.of("database", "schema", "identifier")) {
            quoting.put(part, project.settings().quoting().getOrDefault(part, true));
        }
        quoting.put("column", null);
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("project_name", project.name());
        metadata.put("project_id", Md5.hex(project.name()));
        metadata.put("user_id", null);
        metadata.put("send_anonymous_usage_stats", false);
        metadata.put("adapter_type", "duckdb");
        metadata.put("quoting", quoting);
        metadata.put(
                "run_started_at",
                project.settings()
                        .invocation()
                        .startedAt()
                        .atOffset(ZoneOffset.UTC)
                        .toString());
        return metadata;
    }

    void write(ArtifactFile file) {
        file.beginObject("nodes");
        for (Node node : project.nodes().values()) {
            if (!(node instanceof UnitTest)) {
                file.field(node.uniqueId(), describe(node));
            }
        }
        file.endObject();
        file.beginObject("sources");
        for (SourceTable source : project.sources().values()) {
            file.field(source.uniqueId(), renderer.describe(source));
        }
        file.endObject();
        file.beginObject("macros");
        for (MacroDefinition macro : project.macros().values()) {
            file.field(macro.uniqueId(), describe(macro));
        }
        file.endObject();
        file.beginObject("docs");
        project.docs().forEach((name, text) -> file.field("doc." + name, describeDoc(name, text)));
        file.endObject();
        Appendix appendix = project.appendix();
        file.beginObject("exposures");
        appendix.exposures().forEach((id, exposure) -> file.field(id, renderer.describe(exposure)));
        file.endObject();
        file.field("metrics", Map.of());
        file.beginObject("groups");
        appendix.groups().forEach((id, group) -> file.field(id, renderer.describe(group)));
        file.endObject();
        file.field("selectors", appendix.selectors());
        file.beginObject("disabled");
        appendix.disabled().forEach((id, node) -> file.field(id, List.of(renderer.describe(node))));
        file.endObject();
        relatives(file);
        file.field("group_map", groups);
        for (String kind : List.of("saved_queries", "semantic_models", "functions")) {
            file.field(kind, Map.of());
        }
        file.beginObject("unit_tests");
        for (Node node : project.nodes().values()) {
            if (node instanceof UnitTest) {
                file.field(node.uniqueId(), renderer.describe(node));
            }
        }
        file.endObject();
    }

    private Map<String, @Nullable Object> describe(Node node) {
        Map<String, @Nullable Object> map = renderer.describe(node);
        if (node instanceof DataTest test && test.generic() != null) {
            Node tested = project.nodes().get(test.generic().attachedNode());
            map.put("group", tested == null ? null : tested.config().get("group"));
        }
        Object group = map.get("group");
        if (group != null) {
            groups.computeIfAbsent(group.toString(), name -> new ArrayList<>()).add(node.uniqueId());
        }
        String sql = compiledSql.get(node.uniqueId());
        if (sql != null) {
            map.put("compiled", true);
            map.put("compiled_code", sql);
            map.put("extra_ctes_injected", true);
            map.put("extra_ctes", List.of());
        }
        return map;
    }

    private Map<String, @Nullable Object> describe(MacroDefinition macro) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", macro.name());
        map.put("resource_type", "macro");
        map.put("package_name", macro.packageName());
        map.put("path", macro.file().toString());
        map.put("original_file_path", macro.file().toString());
        map.put("unique_id", macro.uniqueId());
        map.put("macro_sql", macro.macro().source());
        map.put("depends_on", Map.of("macros", calls.of(macro)));
        map.put("description", macro.description());
        map.put("meta", Map.of());
        map.put("docs", Map.of("show", true));
        map.put("patch_path", null);
        map.put("arguments", List.of());
        map.put("created_at", project.settings().invocation().startedAt().toEpochMilli() / 1000.0);
        map.put("supported_languages", null);
        return map;
    }

    /** @param name with its package: {@code shop.orders} */
    private static Map<String, @Nullable Object> describeDoc(String name, String text) {
        int dot = name.indexOf('.');
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", name.substring(dot + 1));
        map.put("resource_type", "doc");
        map.put("package_name", name.substring(0, dot));
        map.put("path", "");
        map.put("original_file_path", "");
        map.put("unique_id", "doc." + name);
        map.put("block_contents", text);
        return map;
    }

    private void relatives(ArtifactFile file) {
        ModelGraph graph = ModelGraph.withExposures(project);
        Map<String, List<String>> children = new TreeMap<>();
        file.beginObject("parent_map");
        for (String id : graph.order()) {
            file.field(id, sorted(graph.parents(id)));
            children.put(id, sorted(graph.children(id)));
        }
        file.endObject();
        file.field("child_map", children);
    }

    private static List<String> sorted(List<String> ids) {
        List<String> sorted = new ArrayList<>(ids);
        sorted.sort(null);
        return sorted;
    }
}
