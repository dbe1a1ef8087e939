package dev.landfall.run;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Project;
import dev.landfall.warehouse.Warehouse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A one-shot command with dbt's semantics: run, test, seed, snapshot or build over selected nodes, in graph order. */
@SuppressWarnings("DoNotCallSuggester")
public final class ProjectRun {
    private final Project project;

    /** @param lake where {@code s3://} globs are looked up, with its reader; null when no lake is configured */
    public ProjectRun(
            Project project,
            Warehouse warehouse,
            @Nullable Lake lake,
            @Nullable LakeReader reader,
            RunSettings settings) {
        this.project = project;
    }

    /**
     * What the command line says.
     *
     * @param command {@code run}, {@code test}, {@code seed}, {@code snapshot}, {@code build}
     * @param failFast stop at the first failure, the rest is skipped
     */
    public record Flags(String command, boolean fullRefresh, boolean failFast, int threads) {}

    /** All results in the order of their end. */
    public record Report(List<NodeResult> results, Duration elapsed) {
        public boolean success() {
            return results.stream().noneMatch(result -> result.status().bad());
        }
    }

    /** Runs the nodes of these unique ids; ephemeral models, analyses and sources among them are passed over. */
    public Report run(Collection<String> ids, Flags flags, RunListener listener) {
        throw new UnsupportedOperationException(String.valueOf(project));
    }
}
