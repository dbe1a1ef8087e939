package dev.landfall.run;

import dev.landfall.lake.Partition;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.StreamConfig;
import dev.landfall.run.RunSettings.OnModelChange;
import dev.landfall.run.RunSettings.OnOlderLanding;
import dev.landfall.run.RunSettings.OnVanished;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One core model in one run of its stream: what is to be done with what landed. */
final class CoreModelRun {
    private final CoreTask task;
    private final CoreReport report;
    private final CoreTable table;
    /** On so many files a model is tried at most, where some of them are gone. */
    private static final int MAX_TRIALS = 3;

    private final RunContext context;
    private final Project project;
    private final StreamConfig stream;
    private final Model model;
    private final CoreTask.State state;
    private final CoreTask.Lane lane;
    private final LakeView lake;
    private final boolean whole;
    private @Nullable ShadowBuild shadowBuild;

    CoreModelRun(
            RunContext context,
            Project project,
            StreamConfig stream,
            Model model,
            CoreTask.State state,
            CoreTask.Lane lane) {
        this.task = new CoreTask(context, project, stream, model, state, lane);
        this.report = new CoreReport(task);
        this.context = context;
        this.project = project;
        this.stream = stream;
        this.model = model;
        this.state = state;
        this.lane = lane;
        this.lake = context.lakeView();
        this.table = new CoreTable(task, report, lake);
        this.whole = task.whole();
    }

    /**
     * Applies what of these landings the model has not.
     *
     * @param pause whether to stop after a batch, where the model is built anew
     * @return empty when it paused; call it again to go on
     */
    Optional<RunResult> apply(LandingFiles landed, BooleanSupplier pause) {
        try {
            return shadowBuild == null ? decide(landed, pause) : shadowBuild.run(pause);
        } finally {
            lake.close();
        }
    }

    /**
     * Builds the model anew from exactly these files, beside the old table, which serves until the end.
     *
     * @param before what the ledger had when the refresh was asked for: what it got since is taken in, too; or null
     * @param pause whether to stop after a batch
     * @return empty when it paused; call it again to go on. Also after a failure that may pass
     */
    Optional<RunResult> refresh(
            List<LandedFile> landed, @Nullable Map<String, Ledger.Entry> before, BooleanSupplier pause) {
        try {
            ShadowBuild build = shadowBuild;
            if (build == null) {
                List<LandedFile> files =
                        landed.stream().filter(file -> !isDead(file)).toList();
                if (whole) {
                    List<LandedFile> all = ShadowBuild.withLater(task, before, files);
                    return Optional.of(commitAll(all, all, true));
                }
                build = new ShadowBuild(table, files, before, StreamRunner.shadowOf(model));
                shadowBuild = build;
            }
            return build.run(pause);
        } finally {
            lake.close();
        }
    }

    /** Gives a refresh up that paused. */
    void abandon() {
        if (shadowBuild != null) {
            shadowBuild.dropLeftover();
            shadowBuild = null;
        }
    }

    /** How many files of a refresh are done. */
    int filesDone() {
        return shadowBuild == null ? 0 : shadowBuild.filesDone();
    }

    /**
     * Compares the table with what these files make of it.
     *
     * @param files null for those that the ledger has as applied
     * @param sample so many differences are told in full
     */
    Audit audit(@Nullable List<LandedFile> files, int sample) {
        List<LandedFile> from = files == null ? known(List.of(), Set.of()) : files;
        ShadowBuild scratch = new ShadowBuild(
                table,
                from,
                null,
                new Relation(
                        RunContext.databaseOf(model, project),
                        Ledger.SCHEMA,
                        "audit_" + model.relation().identifier()));
        try {
            if (from.isEmpty() || state.relationType().isEmpty()) {
                return notAudited(from, from.isEmpty() ? "it has applied no file" : "its table does not exist");
            }
            Optional<RunResult> failure = scratch.build(() -> false);
            if (failure.isPresent() || !scratch.exists()) {
                return notAudited(from, failure.map(CoreModelRun::reasonOf).orElse("none of its files can be read"));
            }
            return context.warehouse()
                    .with(
                            "audit of " + task.label(),
                            session -> new TableComparison(session, model, model.relation(), scratch.relation())
                                    .compare(scratch.filesDone(), from.size() - scratch.filesDone(), sample));
        } finally {
            scratch.dropLeftover();
            lake.close();
        }
    }

    private Audit notAudited(List<LandedFile> files, String why) {
        return new Audit(model.uniqueId(), files.size(), 0, 0, 0, "", "", 0, 0, List.of(), why);
    }

    private static String reasonOf(RunResult result) {
        return result instanceof RunResult.Failed failed
                ? failed.event().error()
                : result instanceof RunResult.Skipped skipped ? skipped.reason() : result.toString();
    }

    /** Does nothing, and says why. */
    RunResult refuse(String why) {
        return report.failed(why, false, List.of());
    }

    private Optional<RunResult> decide(LandingFiles landed, BooleanSupplier pause) {
        if (!state.missingParents().isEmpty()) {
            return skipped("waits for " + String.join(", ", state.missingParents()) + ", which was never built");
        }
        boolean exists = state.relationType().isPresent();
        List<LandedFile> pending =
                landed.files().stream().filter(this::isPending).toList();
        if (!landed.gone().isEmpty() && applied(landed.gone())) {
            report.warn("files that it has applied vanished from the lake ("
                    + landed.gone().size() + ", such as "
                    + landed.gone().iterator().next() + "); their rows stay. A full refresh would drop them");
            if (context.settings().onVanished() == OnVanished.FULL_REFRESH && exists) {
                return anew(known(pending, landed.gone()), pause);
            }
        }
        if (pending.isEmpty() && !exists && state.applied() == 0 && mayBeEmpty()) {
            return Optional.of(createEmpty());
        }
        if (pending.isEmpty()) {
            return Optional.of(exists || state.applied() == 0 ? report.nothingToDo() : restore(landed));
        }
        if (whole || !exists) {
            return Optional.of(commitAll(known(pending, Set.of()), pending, false));
        }
        if (state.applied() == 0
                && mayBeEmpty()
                && state.build().filter(build -> build.rows() == 0).isPresent()) {
            // Its columns were only declared so far.
            return anew(pending, pause);
        }
        if (changed() && context.settings().onModelChange() == OnModelChange.FULL_REFRESH) {
            return anew(known(pending, Set.of()), pause);
        }
        if (changed()) {
            report.warn(
                    "its SQL changed since its last full refresh; rows of older landings are as the old SQL made them."
                            + " Run a full refresh, or set on-model-change=full_refresh");
        }
        if (!table.anyOrder() && outOfOrder(pending)) {
            return outOfOrderRun(pending, pause);
        }
        return Optional.of(commitAll(pending, pending, false));
    }

    private Optional<RunResult> skipped(String why) {
        return Optional.of(new RunResult.Skipped(model.uniqueId(), why));
    }

    /** Nobody asked for it: it follows from what landed. */
    private Optional<RunResult> anew(List<LandedFile> files, BooleanSupplier pause) {
        return lane.refreshes()
                ? refresh(files, task.entriesNow(), pause)
                : skipped("waits to be built anew, until the lane is done with a full refresh");
    }

    private boolean mayBeEmpty() {
        return context.settings().createEmpty() && !stream.fields().isEmpty();
    }

    /** What reads the model need not wait for its first landing. */
    private RunResult createEmpty() {
        return new FileBatches(table, List.of(), List.of(), List::of, writer(false), true)
                .run(() -> false)
                .orElseGet(report::succeeded);
    }

    private boolean isPending(LandedFile landed) {
        Ledger.Entry entry = state.entries().get(landed.key());
        return entry == null || !entry.isOf(landed.file()) || (lane.replay() && !entry.dropped());
    }

    /** What was left out stays so until it is retried, dropped or replaced. */
    private boolean isDead(LandedFile landed) {
        Ledger.Entry entry = state.entries().get(landed.key());
        return entry != null && entry.dead() && entry.isOf(landed.file());
    }

    private boolean applied(Set<String> keys) {
        return keys.stream().anyMatch(this::isApplied);
    }

    /** The ledger's files and these, oldest first. */
    private List<LandedFile> known(Collection<LandedFile> pending, Set<String> without) {
        Map<String, LandedFile> files = new TreeMap<>();
        if (state.applied() > 0) {
            task.entriesNow().values().stream()
                    .filter(entry ->
                            !entry.dead() && !without.contains(entry.landed().key()))
                    .forEach(entry -> files.put(entry.landed().key(), entry.landed()));
        }
        pending.forEach(landed -> files.put(landed.key(), landed));
        return files.values().stream().sorted(LandedFile.OLDEST_FIRST).toList();
    }

    /** The table was dropped by somebody, and the ledger still has its files. */
    private RunResult restore(LandingFiles landed) {
        List<LandedFile> files =
                landed.files().stream().filter(file -> !isDead(file)).toList();
        return commitAll(known(files, Set.of()), files, false);
    }

    private boolean changed() {
        return state.build()
                .filter(build -> build.changedSinceRefresh(
                        model, context.compiler(project).codeChecksum(model)))
                .isPresent();
    }

    private boolean outOfOrder(List<LandedFile> pending) {
        if (lane.replay()) {
            return pending.stream().anyMatch(landed -> state.entries().containsKey(landed.key()));
        }
        if (table.ordering().equals(Upsert.Ordering.APPEND.word())) {
            return pending.stream().anyMatch(landed -> isApplied(landed.key()));
        }
        Optional<Partition> newest = task.newestPartition();
        return pending.stream()
                .anyMatch(landed -> newest.filter(each -> landed.partition().compareTo(each) < 0)
                                .isPresent()
                        || isApplied(landed.key()));
    }

    private boolean isApplied(String key) {
        Ledger.Entry entry = state.entries().get(key);
        return entry != null && !entry.dead();
    }

    private Optional<RunResult> outOfOrderRun(List<LandedFile> pending, BooleanSupplier pause) {
        String why = table.ordering().equals(Upsert.Ordering.APPEND.word())
                ? "it only adds rows, and files that it has applied came again"
                : "it cannot tell an older row from a newer one, and an older landing came";
        if (context.settings().onOlderLanding() == OnOlderLanding.REFUSE) {
            return Optional.of(report.failed(
                    why + "; run a full refresh, or give it sequence_by, or set on-older-landing=rebuild",
                    false,
                    pending));
        }
        report.warn(why + "; it is built anew from all of its files. With sequence_by it would not have to be");
        return anew(known(pending, Set.of()), pause);
    }

    private RunResult commitAll(List<LandedFile> files, List<LandedFile> fresh, boolean fullRefresh) {
        return work(files, fresh, writer(fullRefresh)).orElseGet(report::succeeded);
    }

    private FileBatches.Writer writer(boolean fullRefresh) {
        return whole ? (batch, last) -> table.whole(batch, fullRefresh) : table::increment;
    }

    /** Works files off in batches; gives a result when the run cannot go on. */
    private Optional<RunResult> work(List<LandedFile> files, List<LandedFile> fresh, FileBatches.Writer writer) {
        Supplier<List<List<LandedFile>>> known = () -> trials(files, fresh);
        try {
            return new FileBatches(table, files, fresh, known, writer, whole).run(() -> false);
        } catch (FileBatches.AtOnce e) {
            return new FileBatches(table, files, fresh, known, writer, true).run(() -> false);
        }
    }

    /** What the model can be tried on: its newest files one by one, or all of them where it reads all at once. */
    private List<List<LandedFile>> trials(List<LandedFile> files, List<LandedFile> fresh) {
        if (model.materialized().equals("external")) {
            // A trial would write its file.
            return List.of();
        }
        Set<String> keys = fresh.stream().map(LandedFile::key).collect(Collectors.toSet());
        if (whole) {
            List<LandedFile> rest = files.stream()
                    .filter(landed -> !keys.contains(landed.key()))
                    .toList();
            return rest.isEmpty() ? List.of() : List.of(rest);
        }
        return task.entriesNow().values().stream()
                .filter(entry -> !entry.dead() && !keys.contains(entry.landed().key()))
                .map(Ledger.Entry::landed)
                .sorted(LandedFile.OLDEST_FIRST.reversed())
                .limit(MAX_TRIALS)
                .map(List::of)
                .toList();
    }
}
