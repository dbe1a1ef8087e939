package dev.landfall.run;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A project in a folder, with a database file of its own, on which one-shot commands run. */
final class OneShotProject {
    private static final Map<String, Set<String>> KINDS = Map.of(
            "run",
            Set.of("model"),
            "test",
            Set.of("test", "unit_test"),
            "seed",
            Set.of("seed"),
            "snapshot",
            Set.of("snapshot"),
            "build",
            Set.of("model", "test", "unit_test", "seed", "snapshot"));

    private final Path directory;

    OneShotProject(Path directory) throws IOException {
        this.directory = directory;
        write("dbt_project.yml", """
            name: shop
            version: '1.0'
            profile: shop
            model-paths: [models]
            """);
        write("profiles.yml", """
            shop:
              target: dev
              outputs:
                dev: {type: duckdb, path: shop.duckdb, threads: 2}
            """);
    }

    ProjectRun.Report run(String command) throws InvalidProjectException {
        return run(command, new ProjectRun.Flags(command, false, false, 2));
    }

    ProjectRun.Report run(String command, ProjectRun.Flags flags) throws InvalidProjectException {
        Project project = project();
        try (Warehouse warehouse = warehouse(project)) {
            List<String> ids = project.nodes().values().stream()
                    .filter(node -> KINDS.getOrDefault(command, Set.of()).contains(node.resourceType()))
                    .map(Node::uniqueId)
                    .toList();
            return new ProjectRun(project, warehouse, null, null, RunSettings.DEFAULT)
                    .run(ids, flags, RunListener.NONE);
        }
    }

    /** Rows as text, {@code null} for NULL. */
    List<List<String>> query(String sql) throws InvalidProjectException {
        try (Warehouse warehouse = warehouse()) {
            return warehouse.with(
                    "test",
                    session -> session.query(sql).rows().stream()
                            .map(row -> row.stream().map(String::valueOf).toList())
                            .toList());
        }
    }

    /** The rows, one a line, values divided by bars. */
    String rows(String sql) throws InvalidProjectException {
        return String.join(
                "\n", query(sql).stream().map(row -> String.join("|", row)).toList());
    }

    Project project() throws InvalidProjectException {
        return ProjectLoader.load(new ProjectOptions(directory, directory, null, Map.of(), Map.of()));
    }

    Warehouse warehouse() throws InvalidProjectException {
        return warehouse(project());
    }

    private Warehouse warehouse(Project project) {
        return Warehouse.open(project.target(), directory, WarehouseSettings.exclusive("test"));
    }

    Path path(String file) {
        return directory.resolve(file);
    }

    void write(String file, String text) throws IOException {
        Path path = path(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text.stripIndent());
    }

    static List<String> statuses(ProjectRun.Report report) {
        return report.results().stream().map(result -> result.status().word()).toList();
    }

    static String status(ProjectRun.Report report, String name) {
        return result(report, name).status().word();
    }

    static NodeResult result(ProjectRun.Report report, String name) {
        return report.results().stream()
                .filter(result -> result.node().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
