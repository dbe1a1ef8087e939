package dev.landfall.run;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Project;
import dev.landfall.warehouse.Warehouse;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Rebuilds every mart whose inputs or SQL changed, in graph order. What is stale is read from the warehouse each time,
 * so a lost event costs nothing.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class EagerMarts {
    private final Supplier<Project> project;

    public EagerMarts(
            Supplier<Project> project, Warehouse warehouse, Lake lake, LakeReader reader, RunSettings settings) {
        this.project = project;
    }

    /**
     * One wave: builds what is stale, each node at most once, parents first. A failing one does not stop its siblings;
     * what it feeds is skipped with the reason. Results come to the listener as soon as each is committed.
     */
    public List<RunResult> buildStale(Consumer<RunResult> listener) {
        throw new UnsupportedOperationException(String.valueOf(project));
    }

    /** Builds these whether they are stale or not, in graph order. */
    public List<RunResult> build(Collection<String> ids, boolean fullRefresh, Consumer<RunResult> listener) {
        throw new UnsupportedOperationException(String.valueOf(project));
    }

    /** Every node of mart-runner and what is to be done with it, in graph order. */
    public List<Staleness> explain() {
        throw new UnsupportedOperationException(String.valueOf(project));
    }

    /**
     * What is to be done with a mart.
     *
     * @param reason why, in words for {@code status}: which parent is newer, which was never built
     */
    public record Staleness(String model, State state, String reason) {}

    public enum State {
        FRESH,
        /** To be built in the next wave. */
        STALE,
        /** Stale, and a parent is missing. */
        WAITING
    }
}
