package dev.landfall.run;

import dev.landfall.event.PartitionLanded;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.warehouse.Ledger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A full refresh of a stream's models, worked off in parts: between two of them the lane may apply fresh landings to the
 * old tables, which serve until the new ones are complete and are then replaced with all that came meanwhile. For one
 * thread at a time.
 */
public final class Refresh {
    private final StreamRunner runner;
    private final StreamName stream;
    private final Set<String> only;
    private final List<PartitionLanded> landings;
    private final long epoch;
    private final boolean force;

    /** What the ledger had of each model when the refresh began. */
    private final Map<String, Map<String, Ledger.Entry>> before = new HashMap<>();

    private final Set<String> finished = new HashSet<>();
    private final Set<String> failed = new LinkedHashSet<>();
    private @Nullable Plan plan;

    /** What is left to do, for one version of the project. */
    private static final class Plan {
        private final Project project;
        private final StreamRunner.Application application;
        private final Deque<Model> rest = new ArrayDeque<>();
        private @Nullable CoreModelRun underway;

        private Plan(Project project, StreamRunner.Application application) {
            this.project = project;
            this.application = application;
        }
    }

    Refresh(
            StreamRunner runner,
            StreamName stream,
            Collection<String> models,
            List<PartitionLanded> landings,
            long epoch,
            boolean force) {
        this.runner = runner;
        this.stream = stream;
        this.only = Set.copyOf(models);
        this.landings = List.copyOf(landings);
        this.epoch = epoch;
        this.force = force;
    }

    /** The lane that it is done in; a later lane begins it anew. */
    public long epoch() {
        return epoch;
    }

    /**
     * Goes on.
     *
     * @param pause whether to stop after a batch of files
     * @param listener told of each model at its end, and of failures that may pass: call this again then
     * @return whether everything is done
     * @throws LaneLostException when another runner has taken the lane
     * @throws UnknownModelException when a model that is named is none of the stream
     */
    public boolean work(BooleanSupplier pause, Consumer<RunResult> listener) {
        return runner.inLane(stream, () -> goOn(pause, listener));
    }

    /** How much is done, from 0 to 1. */
    public double progress() {
        Plan now = plan;
        if (now == null) {
            return 0;
        }
        int models = finished.size() + now.rest.size();
        int files = Math.max(1, now.application.files().size());
        double underway = now.underway == null ? 0 : Math.min(1.0, (double) now.underway.filesDone() / files);
        return models == 0 ? 1 : (finished.size() + underway) / models;
    }

    /** Gives it up: the old tables stay. */
    public void abandon() {
        Plan now = plan;
        if (now != null && now.underway != null) {
            now.underway.abandon();
            now.underway = null;
        }
    }

    private boolean goOn(BooleanSupplier pause, Consumer<RunResult> listener) {
        Plan now = plan;
        if (now == null || now.project != runner.project()) {
            abandon();
            now = plan();
            plan = now;
        }
        while (!now.rest.isEmpty()) {
            Model model = now.rest.peek();
            Optional<RunResult> result = goOn(now, model, pause);
            result.ifPresent(listener);
            if (result.isEmpty() || (result.get() instanceof RunResult.Failed bad && bad.retryable())) {
                return false;
            }
            now.underway = null;
            now.rest.remove();
            finished.add(model.uniqueId());
            if (!(result.get() instanceof RunResult.Succeeded)) {
                failed.add(model.uniqueId());
            }
            if (!now.rest.isEmpty() && pause.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    private Plan plan() {
        Project project = runner.project();
        StreamRunner.Application application =
                runner.new Application(stream, landings, LanePosition.none(epoch), false, true, true);
        RunContext.refuseUnknown(
                only, application.models(), "of the stream " + stream + " in the project that core-runner has");
        Plan made = new Plan(project, application);
        application.models().stream()
                .filter(model -> only.isEmpty() || only.contains(model.uniqueId()) || only.contains(model.name()))
                .filter(model -> !finished.contains(model.uniqueId()))
                .forEach(made.rest::add);
        runner.context().warehouse().with("full refresh of " + stream, session -> {
            made.rest.forEach(model -> before.computeIfAbsent(
                    model.uniqueId(),
                    id -> Ledger.open(session, RunContext.databaseOf(model, project))
                            .entries(id)));
            return true;
        });
        return made;
    }

    private Optional<RunResult> goOn(Plan now, Model model, BooleanSupplier pause) {
        Map<String, Ledger.Entry> known = before.getOrDefault(model.uniqueId(), Map.of());
        CoreModelRun run = now.underway;
        if (run == null) {
            Optional<String> notBuilt = RunContext.notBuilt(now.project, model, failed);
            if (notBuilt.isPresent()) {
                return notBuilt.map(reason -> new RunResult.Skipped(model.uniqueId(), reason));
            }
            run = now.application.begin(model);
            List<String> lost = force ? List.of() : notLanded(now, known);
            if (!lost.isEmpty()) {
                return Optional.of(run.refuse("its table holds rows of " + lost.size()
                        + (lost.size() == 1 ? " file" : " files") + " that the lake does not have any more, such as "
                        + lost.get(0) + "; a full refresh would lose them, and does so with --force"));
            }
            now.underway = run;
        }
        return run.refresh(now.application.files(), known, pause);
    }

    private static List<String> notLanded(Plan now, Map<String, Ledger.Entry> applied) {
        Set<String> known = new HashSet<>();
        now.application.files().forEach(file -> known.add(file.key()));
        return applied.values().stream()
                .filter(entry -> !entry.dead())
                .map(entry -> entry.landed().key())
                .filter(key -> !known.contains(key))
                .toList();
    }
}
