package dev.landfall.artifact;

import dev.landfall.project.Invocation;
import dev.landfall.project.Project;
import dev.landfall.run.NodeResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that one command leaves in the project's target path, in the forms of dbt 1.12. */
public final class Artifacts {
    private static final String SCHEMAS = "https://schemas.getdbt.com/dbt/";

    private final Project project;
    private final Map<String, @Nullable Object> arguments;
    private final Path folder;

    /** @param arguments of the command: {@code which} is its name */
    public Artifacts(Project project, Map<String, ? extends @Nullable Object> arguments) {
        this.project = project;
        this.arguments = new LinkedHashMap<>(arguments);
        this.folder = project.directory().resolve(project.settings().targetPath());
    }

    /**
     * Writes {@code manifest.json} (v12): what the project is made of.
     *
     * @param compiledSql the SQL of the nodes that were compiled, by unique id
     * @throws UncheckedIOException when it cannot be written
     */
    public Path manifest(Map<String, String> compiledSql) {
        return write("manifest.json", "manifest/v12.json", file -> new Manifest(project, compiledSql).write(file));
    }

    /**
     * Writes {@code run_results.json} (v6): what became of each node.
     *
     * @throws UncheckedIOException when it cannot be written
     */
    public Path runResults(Collection<NodeResult> results, Duration elapsed) {
        return write(
                "run_results.json",
                "run-results/v6.json",
                file -> new RunResults(project, results).write(file, elapsed, arguments));
    }

    private interface Content {
        void write(ArtifactFile file);
    }

    private Path write(String name, String schema, Content content) {
        Path path = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            return write(path, schema, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
        }
    }

    private Path write(Path path, String schema, Content content) throws IOException {
        try (ArtifactFile file = ArtifactFile.begin(path)) {
            Invocation invocation = project.settings().invocation();
            file.beginObject("metadata");
            file.field("dbt_schema_version", SCHEMAS + schema);
            file.field("dbt_version", Invocation.DBT_VERSION);
            file.field("generated_at", ArtifactFile.time(Instant.now()));
            file.field("invocation_id", invocation.id());
            file.field("invocation_started_at", ArtifactFile.time(invocation.startedAt()));
            file.field("env", environment());
            if (schema.startsWith("manifest")) {
                Manifest.metadata(project).forEach(file::field);
            }
            file.endObject();
            content.write(file);
            return file.finish();
        }
    }

    /** What the user wants told of the surroundings: dbt's DBT_ENV_CUSTOM_ENV_ variables, without that prefix. */
    private Map<String, String> environment() {
        String prefix = "DBT_ENV_CUSTOM_ENV_";
        Map<String, String> told = new LinkedHashMap<>();
        project.settings().environment().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                told.put(name.substring(prefix.length()), value);
            }
        });
        return told;
    }
}
