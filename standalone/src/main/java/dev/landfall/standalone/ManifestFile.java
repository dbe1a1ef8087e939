package dev.landfall.standalone;

import dev.landfall.graph.ModelGraph;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.SourceTable;
import dev.landfall.template.TemplateRenderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The project as dbt's {@code target/manifest.json}, for the tools that read it. */
final class ManifestFile {
    private static final String SCHEMA = "https://schemas.getdbt.com/dbt/manifest/v12.json";
    private static final String DBT_VERSION = "1.12.0";

    private ManifestFile() {}

    /** Writes the file below the project's target path, and returns where it is. */
    static Path write(Project project) {
        Path file = project.directory().resolve(project.settings().targetPath()).resolve("manifest.json");
        try {
            Path folder = file.getParent();
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "manifest", ".tmp");
            Files.writeString(temporary, JsonMapper.builder().build().writeValueAsString(manifest(project)));
            return Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> manifest(Project project) {
        TemplateRenderer renderer = new TemplateRenderer(project);
        Map<String, @Nullable Object> nodes = new LinkedHashMap<>();
        for (Node node : project.nodes().values()) {
            nodes.put(node.uniqueId(), renderer.describe(node));
        }
        Map<String, @Nullable Object> sources = new LinkedHashMap<>();
        for (SourceTable source : project.sources().values()) {
            sources.put(source.uniqueId(), renderer.describe(source));
        }
        ModelGraph graph = ModelGraph.of(project);
        Map<String, List<String>> parents = new TreeMap<>();
        Map<String, List<String>> children = new TreeMap<>();
        for (String id : graph.order()) {
            parents.put(id, graph.parents(id));
            children.put(id, graph.children(id));
        }
        Map<String, @Nullable Object> manifest = new LinkedHashMap<>();
        manifest.put("metadata", metadata(project));
        manifest.put("nodes", nodes);
        manifest.put("sources", sources);
        for (String kind : List.of("macros", "docs", "exposures", "metrics", "groups", "selectors", "disabled")) {
            manifest.put(kind, Map.of());
        }
        manifest.put("parent_map", parents);
        manifest.put("child_map", children);
        for (String kind : List.of("group_map", "saved_queries", "semantic_models", "unit_tests", "functions")) {
            manifest.put(kind, Map.of());
        }
        return manifest;
    }

    private static Map<String, @Nullable Object> metadata(Project project) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("dbt_schema_version", SCHEMA);
        metadata.put("dbt_version", DBT_VERSION);
        metadata.put("generated_at", Instant.now().toString());
        metadata.put("invocation_id", UUID.randomUUID().toString());
        metadata.put("env", Map.of());
        metadata.put("project_name", project.name());
        metadata.put("adapter_type", "duckdb");
        return metadata;
    }
}
