package dev.landfall.run;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.warehouse.Warehouse;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs the core models of a stream over its landings. Safe for use by several threads; calls for one stream must not
 * overlap.
 *
 * <p>A call may be repeated at any time: the ledger in the warehouse knows which files a model has applied.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class StreamRunner {
    private final Supplier<Project> project;

    public StreamRunner(
            Supplier<Project> project, Warehouse warehouse, Lake lake, LakeReader reader, RunSettings settings) {
        this.project = project;
    }

    /** Takes the stream's lane: earlier takers are fenced out. Gives the epoch for {@link LanePosition}. */
    public long takeLane(StreamName stream) {
        throw new UnsupportedOperationException(stream + " of " + project);
    }

    /**
     * Applies what of these landings the stream's models have not applied; giving everything that ever landed catches
     * up. Results come to the listener as soon as each model is committed, and all together at the end.
     *
     * @param more whether the lane has further work waiting, for the events
     * @throws LaneLostException when another runner has taken the lane
     */
    public List<RunResult> apply(
            StreamName stream,
            List<PartitionLanded> landings,
            LanePosition position,
            boolean more,
            Consumer<RunResult> listener) {
        throw new UnsupportedOperationException(stream + " of " + project);
    }

    public List<RunResult> apply(
            StreamName stream, List<PartitionLanded> landings, LanePosition position, boolean more) {
        return apply(stream, landings, position, more, result -> {});
    }

    /** As {@link #apply}, also what the ledger has as applied, and dead letters too: a requested replay. */
    public List<RunResult> replay(
            StreamName stream,
            List<PartitionLanded> landings,
            LanePosition position,
            boolean more,
            Consumer<RunResult> listener) {
        throw new UnsupportedOperationException(stream + " of " + project);
    }

    /**
     * Builds models anew from exactly the files of these landings: all that the landed topic holds.
     *
     * @param models unique ids; empty means every model of the stream
     * @param force build even though the ledger has files that the landings do not have any more
     */
    public List<RunResult> fullRefresh(
            StreamName stream,
            Collection<String> models,
            List<PartitionLanded> landings,
            LanePosition position,
            boolean force,
            Consumer<RunResult> listener) {
        throw new UnsupportedOperationException(stream + " of " + project);
    }

    /** What the stream's models have left out. */
    public List<DeadLettered> deadLetters(StreamName stream) {
        throw new UnsupportedOperationException(stream + " of " + project);
    }

    /** Forgets that a file was left out, so that the next run takes it again. Gives how many models had left it out. */
    public int forgetDeadLetter(StreamName stream, String key) {
        throw new UnsupportedOperationException(stream + " of " + project);
    }

    /** How many files each model of the stream has applied, and whether it can take older landings. */
    public List<CoreState> explain(StreamName stream) {
        throw new UnsupportedOperationException(stream + " of " + project);
    }

    /**
     * A core model as the warehouse has it.
     *
     * @param filesApplied files in the ledger
     * @param filesDead files left out
     * @param lastOffset the offset of the newest landing applied, -1 for none
     * @param note what the user should know: no sequence column, SQL changed since the last full refresh; or empty
     */
    public record CoreState(
            String model, boolean built, long filesApplied, long filesDead, long lastOffset, String note) {}
}
