package dev.landfall.run;

import dev.landfall.lake.Partition;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one run of a core model is about.
 *
 * @param state what the warehouse has of the model as the run begins
 */
record CoreTask(RunContext context, Project project, StreamConfig stream, Model model, State state, Lane lane) {
    /**
     * What the warehouse has of a model when a run begins.
     *
     * @param entries what the ledger has of the files in question, by file key
     * @param applied how many files it has applied
     * @param missingParents names of relations that it reads and that were never built
     */
    record State(
            Map<String, Ledger.Entry> entries,
            long applied,
            Optional<Ledger.Build> build,
            Optional<String> relationType,
            List<ColumnInfo> columns,
            List<String> missingParents,
            Map<String, String> hiveTypes,
            Set<String> deadFiles) {

        static State read(
                Session session,
                Ledger ledger,
                Project project,
                StreamConfig stream,
                Model model,
                Collection<String> keys) {
            Optional<String> type = session.relationType(model.relation());
            return new State(
                    ledger.entries(model.uniqueId(), keys),
                    ledger.applied(model.uniqueId()),
                    ledger.build(model.uniqueId()),
                    type,
                    type.isPresent() ? session.describe(model.relation()) : List.of(),
                    RunContext.missingParents(session, project, model),
                    ledger.hiveTypes(stream.name().toString()),
                    ledger.deadFiles());
        }
    }

    /**
     * The lane that the run is for.
     *
     * @param replay whether files are applied again that the ledger has
     * @param more whether further work waits
     * @param refreshes whether it may build a table anew; false where the lane does that already
     */
    record Lane(LanePosition position, boolean replay, boolean more, boolean refreshes) {}

    String label() {
        return RunContext.label(model);
    }

    String streamName() {
        return stream.name().toString();
    }

    Ledger ledger(Session session) {
        return Ledger.open(session, RunContext.databaseOf(model, project));
    }

    /** Whether each run makes the whole table, of all files. */
    boolean whole() {
        return !model.materialized().equals("incremental") || Materializer.fullRefresh(model, false);
    }

    /** What the ledger has of the model now, by file key. */
    Map<String, Ledger.Entry> entriesNow() {
        return context.warehouse().with(label(), session -> ledger(session).entries(model.uniqueId()));
    }

    /** The newest partition of which the model has applied files. */
    Optional<Partition> newestPartition() {
        return context.warehouse().with(label(), session -> ledger(session).newestPartition(model.uniqueId()));
    }

    /** An audit holds none, and writes nothing that stays. */
    boolean holdsLane() {
        return lane.position().epoch() > 0;
    }

    /** Lets nobody commit who has lost the lane. */
    void fence(Ledger ledger) {
        long epoch = lane.position().epoch();
        if (!ledger.keep(streamName(), epoch)) {
            throw new LaneLostException(streamName(), epoch);
        }
    }
}
