package dev.landfall.artifact;

import dev.landfall.graph.ModelGraph;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.SourceTable;
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
    private final Map<String, String> compiledSql;

    Manifest(Project project, Map<String, String> compiledSql) {
        this.project = project;
        this.renderer = new TemplateRenderer(project);
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
            file.field(node.uniqueId(), describe(node));
        }
        file.endObject();
        file.beginObject("sources");
        for (SourceTable source : project.sources().values()) {
            file.field(source.uniqueId(), renderer.describe(source));
        }
        file.endObject();
        for (String kind : List.of("macros", "docs", "exposures", "metrics", "groups", "selectors", "disabled")) {
            file.field(kind, Map.of());
        }
        relatives(file);
        for (String kind : List.of("group_map", "saved_queries", "semantic_models", "unit_tests", "functions")) {
            file.field(kind, Map.of());
        }
    }

    private Map<String, @Nullable Object> describe(Node node) {
        Map<String, @Nullable Object> map = renderer.describe(node);
        String sql = compiledSql.get(node.uniqueId());
        if (sql != null) {
            map.put("compiled", true);
            map.put("compiled_code", sql);
            map.put("extra_ctes_injected", true);
            map.put("extra_ctes", List.of());
        }
        return map;
    }

    private void relatives(ArtifactFile file) {
        ModelGraph graph = ModelGraph.of(project);
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
