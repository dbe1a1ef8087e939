package dev.landfall.run;

import dev.landfall.event.ColumnChanged;
import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.jinja.JinjaException;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeException;
import dev.landfall.lake.LakeFile;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.UniqueKey;
import dev.landfall.run.RunSettings.OnDroppedRows;
import dev.landfall.run.RunSettings.OnModelChange;
import dev.landfall.run.RunSettings.OnOlderLanding;
import dev.landfall.run.RunSettings.OnVanished;
import dev.landfall.template.ColumnInfo;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.RenderRequest;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.ParsedQuery;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One core model in one run of its stream: which files, in which batches, and what becomes of those that fail. */
final class CoreModelRun {
    private static final Logger LOG = LoggerFactory.getLogger(CoreModelRun.class);
    /** So many files alone must fail before the model is blamed, when it never worked before. */
    private static final int PROBES = 3;
    /** Rows from which on counting them costs more than a landing may. */
    private static final long LARGE_TABLE = 1_000_000;

    private final RunContext context;
    private final Project project;
    private final StreamConfig stream;
    private final Model model;
    private final State state;
    private final Lane lane;
    private final String runId = RunContext.newRunId();
    private final Instant startedAt = Instant.now();
    private final LakeView lake;
    private final boolean whole;
    private @Nullable ShadowBuild shadowBuild;
    /** Everything is computed and nothing is kept: to find the files that fail. */
    private boolean probing;
    /** All files are read by one statement, whatever their columns. */
    private boolean together;
    /** What of the batch is not in the table yet. */
    private List<LandedFile> arriving = List.of();
    /** How the columns of the batch differ from those of the stream; null where that is not known. */
    private @Nullable StreamColumns columns;

    private final List<DeadLettered> dead = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> manifests = new LinkedHashSet<>();
    private long inserted;
    private long deleted;
    private long filesRead;
    private long bytesRead;
    private int commits;
    private String ordering;
    private @Nullable ModelMaterialized event;

    /**
     * What the warehouse has of a model when a run begins.
     *
     * @param entries what the ledger has of the files in question, by file key
     * @param applied how many files it has applied
     * @param newestPartition the newest one among them, as its path
     * @param missingParents names of relations that it reads and that were never built
     */
    record State(
            Map<String, Ledger.Entry> entries,
            long applied,
            String newestPartition,
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
            Ledger.Applied applied = ledger.allApplied(model.uniqueId());
            return new State(
                    ledger.entries(model.uniqueId(), keys),
                    applied.files(),
                    applied.newestPartition(),
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
     * @param next where it stands once a transaction of this run has committed
     * @param replay whether files are applied again that the ledger has
     * @param more whether further work waits
     */
    record Lane(LanePosition position, Ledger.Lane next, boolean replay, boolean more) {}

    /** All files must be read by one statement. */
    private static final class AtOnce extends RuntimeException {
        AtOnce() {
            super("at once", null, false, false);
        }
    }

    /** Files of a batch have different columns. */
    private static final class SeveralShapes extends RuntimeException {
        private final transient List<FileShape> shapes;

        SeveralShapes(List<FileShape> shapes) {
            super("several shapes", null, false, false);
            this.shapes = shapes;
        }
    }

    /** The end of a transaction that was only to be seen to work. */
    private static final class Probed extends RuntimeException {
        Probed() {
            super("probed", null, false, false);
        }
    }

    CoreModelRun(RunContext context, Project project, StreamConfig stream, Model model, State state, Lane lane) {
        this.context = context;
        this.project = project;
        this.stream = stream;
        this.model = model;
        this.state = state;
        this.lane = lane;
        this.lake = context.lakeView();
        this.whole = !model.materialized().equals("incremental") || Materializer.fullRefresh(model, false);
        this.ordering = state.build().map(Ledger.Build::ordering).orElseGet(() -> orderingOf(model, state.columns()));
    }

    // --- what is to be done

    /** Applies what of these landings the model has not. */
    RunResult apply(LandingFiles landed) {
        try {
            return decide(landed);
        } finally {
            lake.close();
        }
    }

    /** Builds the model anew from exactly these files, beside the old table, which serves until the end. */
    RunResult refresh(List<LandedFile> files) {
        return refresh(files, null, () -> false).orElseThrow();
    }

    /**
     * The same in parts.
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
                    List<LandedFile> all = with(files, meanwhile(before, files));
                    return Optional.of(commitAll(all, all, true));
                }
                build = new ShadowBuild(files, before, StreamRunner.shadowOf(model));
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
        return shadowBuild == null ? 0 : shadowBuild.written.size();
    }

    /** What the ledger got since then, and these files do not have. */
    private List<LandedFile> meanwhile(@Nullable Map<String, Ledger.Entry> before, Collection<LandedFile> files) {
        if (before == null) {
            return List.of();
        }
        Set<String> have = new HashSet<>();
        files.forEach(landed -> have.add(version(landed)));
        return ledgerEntries().values().stream()
                .filter(entry -> !entry.dead() && !have.contains(version(entry.landed())))
                .filter(entry -> {
                    Ledger.Entry old = before.get(entry.landed().key());
                    return old == null || !old.runId().equals(entry.runId());
                })
                .map(Ledger.Entry::landed)
                .toList();
    }

    private static String version(LandedFile landed) {
        return landed.key() + "@" + landed.file().etag();
    }

    /** One version of each file, the later one. */
    private static List<LandedFile> with(List<LandedFile> files, List<LandedFile> later) {
        Map<String, LandedFile> byKey = new LinkedHashMap<>();
        files.forEach(landed -> byKey.put(landed.key(), landed));
        later.forEach(landed -> byKey.put(landed.key(), landed));
        return byKey.values().stream().sorted(LandedFile.OLDEST_FIRST).toList();
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
            if (failure.isPresent() || !scratch.exists) {
                return notAudited(from, failure.map(CoreModelRun::reasonOf).orElse("none of its files can be read"));
            }
            return context.warehouse()
                    .with(
                            "audit of " + RunContext.label(model),
                            session -> new TableComparison(session, model, model.relation(), scratch.shadow)
                                    .compare(scratch.written.size(), sample));
        } finally {
            scratch.dropLeftover();
            lake.close();
        }
    }

    private Audit notAudited(List<LandedFile> files, String why) {
        return new Audit(model.uniqueId(), files.size(), 0, 0, "", "", 0, 0, List.of(), why);
    }

    private static String reasonOf(RunResult result) {
        return result instanceof RunResult.Failed failed
                ? failed.event().error()
                : result instanceof RunResult.Skipped skipped ? skipped.reason() : result.toString();
    }

    /** Does nothing, and says why. */
    RunResult refuse(String why) {
        return failed(why, false, List.of());
    }

    private RunResult decide(LandingFiles landed) {
        if (!state.missingParents().isEmpty()) {
            return new RunResult.Skipped(
                    model.uniqueId(),
                    "waits for " + String.join(", ", state.missingParents()) + ", which was never built");
        }
        boolean exists = state.relationType().isPresent();
        List<LandedFile> pending =
                landed.files().stream().filter(this::isPending).toList();
        if (!landed.gone().isEmpty() && applied(landed.gone())) {
            warn("files that it has applied vanished from the lake ("
                    + landed.gone().size() + ", such as "
                    + landed.gone().iterator().next() + "); their rows stay. A full refresh would drop them");
            if (context.settings().onVanished() == OnVanished.FULL_REFRESH && exists) {
                return refresh(known(pending, landed.gone()));
            }
        }
        if (pending.isEmpty() && !exists && state.applied() == 0 && mayBeEmpty()) {
            return createEmpty();
        }
        if (pending.isEmpty()) {
            return exists || state.applied() == 0 ? nothingToDo() : restore(landed);
        }
        if (whole) {
            return commitAll(known(pending, Set.of()), pending, false);
        }
        if (!exists) {
            return commitAll(known(pending, Set.of()), pending, false);
        }
        if (state.applied() == 0
                && mayBeEmpty()
                && state.build().filter(build -> build.rows() == 0).isPresent()) {
            // Its columns were only declared so far.
            return refresh(pending);
        }
        if (changed() && context.settings().onModelChange() == OnModelChange.FULL_REFRESH) {
            return refresh(known(pending, Set.of()));
        }
        if (changed()) {
            warn("its SQL changed since its last full refresh; rows of older landings are as the old SQL made them."
                    + " Run a full refresh, or set on-model-change=full_refresh");
        }
        if (!Upsert.Ordering.anyOrder(ordering) && outOfOrder(pending)) {
            return outOfOrderRun(pending);
        }
        return commitAll(pending, pending, false);
    }

    private boolean mayBeEmpty() {
        return context.settings().createEmpty() && !stream.fields().isEmpty();
    }

    /** What reads the model need not wait for its first landing. */
    private RunResult createEmpty() {
        return new Batches(
                        List.of(),
                        List.of(),
                        whole ? (files, last) -> writeWhole(files, false) : this::writeIncrement,
                        true)
                .run(() -> false)
                .orElseGet(this::succeeded);
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
        return keys.stream().map(state.entries()::get).anyMatch(entry -> entry != null && !entry.dead());
    }

    /** The ledger's files and these, oldest first. */
    private List<LandedFile> known(Collection<LandedFile> pending, Set<String> without) {
        Map<String, LandedFile> files = new TreeMap<>();
        if (state.applied() > 0) {
            ledgerEntries().values().stream()
                    .filter(entry ->
                            !entry.dead() && !without.contains(entry.landed().key()))
                    .forEach(entry -> files.put(entry.landed().key(), entry.landed()));
        }
        pending.forEach(landed -> files.put(landed.key(), landed));
        return files.values().stream().sorted(LandedFile.OLDEST_FIRST).toList();
    }

    private Map<String, Ledger.Entry> ledgerEntries() {
        return context.warehouse()
                .with(
                        RunContext.label(model),
                        session -> Ledger.open(session, RunContext.databaseOf(model, project))
                                .entries(model.uniqueId()));
    }

    /** The table was dropped by somebody, and the ledger still has its files. */
    private RunResult restore(LandingFiles landed) {
        List<LandedFile> files =
                landed.files().stream().filter(file -> !isDead(file)).toList();
        return commitAll(known(files, Set.of()), files, false);
    }

    private boolean changed() {
        return state.build()
                .filter(build -> build.changedSinceRefresh(model.checksum()))
                .isPresent();
    }

    /** How a table that no run has written yet tells older rows from newer ones. */
    static String orderingOf(Model model, List<ColumnInfo> table) {
        UniqueKey key = model.config().uniqueKey();
        if (key instanceof UniqueKey.None || Strategy.of(model).equals("append")) {
            return Upsert.Ordering.APPEND.word();
        }
        boolean sequence = model.config()
                .sequenceBy()
                .map(columns -> !columns.isEmpty())
                .orElseGet(
                        () -> table.stream().anyMatch(column -> column.name().equalsIgnoreCase(Upsert.EXTRACTED_AT)));
        return (sequence ? Upsert.Ordering.SEQUENCE : Upsert.Ordering.NONE).word();
    }

    private boolean outOfOrder(List<LandedFile> pending) {
        if (lane.replay()) {
            return pending.stream().anyMatch(landed -> state.entries().containsKey(landed.key()));
        }
        if (ordering.equals(Upsert.Ordering.APPEND.word())) {
            return pending.stream().anyMatch(landed -> isApplied(landed.key()));
        }
        return pending.stream()
                .anyMatch(landed ->
                        landed.partition().path().compareTo(state.newestPartition()) < 0 || isApplied(landed.key()));
    }

    private boolean isApplied(String key) {
        Ledger.Entry entry = state.entries().get(key);
        return entry != null && !entry.dead();
    }

    private RunResult outOfOrderRun(List<LandedFile> pending) {
        String why = ordering.equals(Upsert.Ordering.APPEND.word())
                ? "it only adds rows, and files that it has applied came again"
                : "it cannot tell an older row from a newer one, and an older landing came";
        if (context.settings().onOlderLanding() == OnOlderLanding.REFUSE) {
            return failed(
                    why + "; run a full refresh, or give it sequence_by, or set on-older-landing=rebuild",
                    false,
                    pending);
        }
        warn(why + "; it is built anew from all of its files. With sequence_by it would not have to be");
        return refresh(known(pending, Set.of()));
    }

    private RunResult nothingToDo() {
        Optional<ModelMaterialized> last = state.build().flatMap(CoreModelRun::eventOf);
        if (last.isEmpty()) {
            return new RunResult.Skipped(model.uniqueId(), "nothing has landed that it has not applied");
        }
        return new RunResult.Succeeded(withMore(last.get()), List.of(), List.copyOf(warnings), true);
    }

    private static Optional<ModelMaterialized> eventOf(Ledger.Build build) {
        try {
            return build.event().isEmpty()
                    ? Optional.empty()
                    : Optional.of(EventJson.read(ModelMaterialized.class, build.event()));
        } catch (EventException e) {
            LOG.warn("the ledger's event of {} cannot be read: {}", build.model(), e.getMessage());
            return Optional.empty();
        }
    }

    private ModelMaterialized withMore(ModelMaterialized e) {
        return new ModelMaterialized(
                e.model(),
                e.relation(),
                e.layer(),
                e.stream(),
                e.runId(),
                e.landings(),
                lane.more(),
                e.fullRefresh(),
                e.rowsInserted(),
                e.rowsDeleted(),
                e.rowsTotal(),
                e.filesRead(),
                e.filesTotal(),
                e.bytesRead(),
                e.startedAt(),
                e.finishedAt(),
                e.version(),
                e.parentVersions(),
                e.projectChecksum());
    }

    // --- batches, and files that fail

    /** Writes one batch within one transaction. */
    private interface Writer {
        void write(List<LandedFile> batch, boolean last);
    }

    private RunResult commitAll(List<LandedFile> files, List<LandedFile> fresh, boolean fullRefresh) {
        Writer writer = whole ? (batch, last) -> writeWhole(batch, fullRefresh) : this::writeIncrement;
        Optional<RunResult> failure = work(files, fresh, writer, whole);
        return failure.orElseGet(this::succeeded);
    }

    /** Works files off in batches; gives a result when the run cannot go on. */
    private Optional<RunResult> work(List<LandedFile> files, List<LandedFile> fresh, Writer writer, boolean atOnce) {
        try {
            return new Batches(files, fresh, writer, atOnce).run(() -> false);
        } catch (AtOnce e) {
            return new Batches(files, fresh, writer, true).run(() -> false);
        }
    }

    private final class Batches {
        private final Writer writer;
        private final boolean atOnce;
        /** What is not in the table yet, and may be to blame. */
        private final Set<LandedFile> fresh;

        private final Deque<List<LandedFile>> queue = new ArrayDeque<>();
        private final Map<LandedFile, RuntimeException> bad = new LinkedHashMap<>();
        private boolean proven;
        private boolean paused;
        private boolean newestWentFirst;

        Batches(List<LandedFile> files, List<LandedFile> fresh, Writer writer, boolean atOnce) {
            this.writer = writer;
            this.atOnce = atOnce;
            this.fresh = Set.copyOf(fresh);
            this.proven = state.build()
                    .map(build -> build.rawChecksum().equals(model.checksum()))
                    .orElse(false);
            queue.addAll(
                    atOnce
                            ? List.of(files)
                            : LandingFiles.batches(files, context.settings().maxBatchBytes()));
        }

        /** May be called again when it paused, or failed and that may pass. */
        Optional<RunResult> run(BooleanSupplier pause) {
            paused = false;
            for (int done = 0; !queue.isEmpty(); done++) {
                if (done > 0 && pause.getAsBoolean()) {
                    paused = true;
                    return Optional.empty();
                }
                List<LandedFile> batch = queue.pop();
                try {
                    write(batch);
                    proven = true;
                } catch (SeveralShapes e) {
                    for (int i = e.shapes.size() - 1; i >= 0; i--) {
                        push(e.shapes.get(i).files());
                    }
                    done--;
                } catch (LakeException e) {
                    List<LandedFile> still = e.reason() == LakeException.Reason.CHANGED ? stillThere(batch) : batch;
                    if (still.size() == batch.size()) {
                        push(batch);
                        return Optional.of(failed(message(e), true, batch));
                    }
                    // What was replaced or is gone comes with a newer landing, or never.
                    push(still);
                } catch (JinjaException | ModelFaultException | WarehouseException e) {
                    Optional<RunResult> end = handle(e, batch);
                    if (end.isPresent()) {
                        return end;
                    }
                } catch (Waiting e) {
                    return Optional.of(new RunResult.Skipped(model.uniqueId(), "waits: " + e.reason()));
                }
            }
            return buryBad();
        }

        private void write(List<LandedFile> batch) {
            try {
                Map<String, List<LakeFile>> byBucket = new LinkedHashMap<>();
                batch.forEach(landed -> byBucket.computeIfAbsent(landed.bucket(), x -> new ArrayList<>())
                        .add(landed.file()));
                byBucket.forEach(lake::fetch);
                CrashPoint.BEFORE_TRANSACTION.reach();
                together = atOnce;
                arriving = batch.stream().filter(fresh::contains).toList();
                columns = null;
                writer.write(batch, queue.isEmpty());
            } finally {
                lake.release();
            }
        }

        private void push(List<LandedFile> batch) {
            if (!batch.isEmpty()) {
                queue.push(batch);
            }
        }

        private Optional<RunResult> handle(RuntimeException failure, List<LandedFile> batch) {
            RuntimeException e = explained(failure);
            if (RunContext.retryable(e)) {
                push(batch);
                return Optional.of(failed(message(e), true, batch));
            }
            if (RunContext.modelIsToBlame(e)) {
                return Optional.of(failed(message(e), false, batch));
            }
            if (mayKnowColumnsLater(e)) {
                newestWentFirst = true;
                push(batch);
                queue.push(queue.removeLast());
                return Optional.empty();
            }
            Optional<LandedFile> named = named(e, batch);
            if (named.isPresent() && batch.size() > 1) {
                List<LandedFile> rest = new ArrayList<>(batch);
                rest.remove(named.get());
                bad.put(named.get(), e);
                push(rest);
            } else if (batch.size() == 1) {
                bad.put(batch.get(0), e);
                if (modelSeemsToBlame()) {
                    return Optional.of(failed(message(e), false, List.copyOf(bad.keySet())));
                }
            } else if (atOnce) {
                return probe(e, batch);
            } else {
                int half = batch.size() / 2;
                push(batch.subList(half, batch.size()));
                push(batch.subList(0, half));
            }
            return Optional.empty();
        }

        /** A column that old files lack is NULL there, once a newer file has shown it. */
        private boolean mayKnowColumnsLater(RuntimeException e) {
            return !newestWentFirst
                    && !atOnce
                    && !queue.isEmpty()
                    && (state.relationType().isEmpty() || Upsert.Ordering.anyOrder(ordering))
                    && message(e).contains("Binder Error");
        }

        /** What fails alone, where all files must be read at once: the rest of them is written without it. */
        private Optional<RunResult> probe(RuntimeException e, List<LandedFile> batch) {
            List<LandedFile> suspects = batch.stream().filter(fresh::contains).toList();
            List<LandedFile> base =
                    batch.stream().filter(landed -> !fresh.contains(landed)).toList();
            int known = bad.size();
            probing = true;
            try {
                if (suspects.size() == 1) {
                    bad.put(suspects.get(0), e);
                } else {
                    search(base, suspects.subList(0, suspects.size() / 2));
                    search(base, suspects.subList(suspects.size() / 2, suspects.size()));
                }
            } finally {
                probing = false;
            }
            List<LandedFile> rest =
                    batch.stream().filter(landed -> !bad.containsKey(landed)).toList();
            if (bad.size() == known || modelSeemsToBlame()) {
                return Optional.of(failed(message(e), false, batch));
            }
            push(rest.size() == base.size() ? List.of() : rest);
            return Optional.empty();
        }

        private void search(List<LandedFile> base, List<LandedFile> suspects) {
            if (suspects.isEmpty() || modelSeemsToBlame()) {
                return;
            }
            List<LandedFile> files = new ArrayList<>(base);
            files.addAll(suspects);
            files.sort(LandedFile.OLDEST_FIRST);
            try {
                write(files);
            } catch (Probed wellDone) {
                proven = true;
            } catch (WarehouseException e) {
                if (e.retryable()) {
                    throw e;
                }
                if (suspects.size() == 1) {
                    bad.put(suspects.get(0), e);
                } else {
                    search(base, suspects.subList(0, suspects.size() / 2));
                    search(base, suspects.subList(suspects.size() / 2, suspects.size()));
                }
            }
        }

        private boolean modelSeemsToBlame() {
            return !proven && bad.size() >= PROBES && bad.values().stream().noneMatch(CoreModelRun::isFaultOfFiles);
        }

        private Optional<LandedFile> named(RuntimeException e, List<LandedFile> batch) {
            if (!(e instanceof WarehouseException failure) || failure.kind() != Kind.UNREADABLE_FILE) {
                return Optional.empty();
            }
            List<String> paths = failure.paths();
            return batch.stream()
                    .filter(landed -> paths.stream().anyMatch(path -> path.endsWith(landed.key())))
                    .findFirst();
        }

        private List<LandedFile> stillThere(List<LandedFile> batch) {
            Lake store = context.lake();
            return store == null
                    ? batch
                    : batch.stream()
                            .filter(landed -> store.stat(landed.bucket(), landed.key())
                                    .filter(now ->
                                            now.etag().equals(landed.file().etag()))
                                    .isPresent())
                            .toList();
        }

        /** Files that fail alone are left out, unless it is the model that fails. */
        private Optional<RunResult> buryBad() {
            if (bad.isEmpty()) {
                return Optional.empty();
            }
            if (!proven && bad.values().stream().noneMatch(CoreModelRun::isFaultOfFiles)) {
                return Optional.of(failed(message(bad.values().iterator().next()), false, List.copyOf(bad.keySet())));
            }
            bad.forEach((landed, e) -> dead.add(new DeadLettered(
                    model.uniqueId(),
                    stream.name().toString(),
                    landed.bucket(),
                    landed.file(),
                    landed.partition().path(),
                    message(e),
                    Instant.now())));
            buryInLedger();
            return Optional.empty();
        }

        private void buryInLedger() {
            context.warehouse().with(RunContext.label(model), session -> {
                Ledger ledger = Ledger.open(session, RunContext.databaseOf(model, project));
                session.begin();
                fence(ledger);
                bad.forEach((landed, e) -> ledger.record(
                        model.uniqueId(),
                        stream.name().toString(),
                        List.of(landed),
                        message(e),
                        runId,
                        lane.position().firstOffset(),
                        lane.position().lastOffset()));
                session.commit();
                return true;
            });
        }
    }

    /** A value that does not fit is the file's fault when its column changed its type. */
    private RuntimeException explained(RuntimeException e) {
        String retyped = columns == null || together ? "" : columns.retyped();
        return !retyped.isEmpty() && e instanceof WarehouseException failure && failure.kind() == Kind.PERMANENT
                ? new WarehouseException(
                        e.getMessage() + "\n  the column's type changed: " + retyped,
                        Kind.REFUSED_FILE,
                        failure.sql().orElse(null),
                        e)
                : e;
    }

    private static boolean isFaultOfFiles(RuntimeException e) {
        return e instanceof WarehouseException failure && failure.faultOfFiles();
    }

    private static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }

    // --- one transaction

    private void writeIncrement(List<LandedFile> batch, boolean last) {
        lake.work(context.warehouse(), RunContext.label(model), session -> {
            Ledger ledger = Ledger.open(session, RunContext.databaseOf(model, project));
            Materializer.createSchema(session, model.relation());
            session.lock(List.of(model.relation()));
            look(session, ledger);
            Optional<String> type = session.relationType(model.relation());
            boolean exists = type.equals(Optional.of("table"));
            Forms forms = compile(session, ledger, batch, exists, true);
            boolean alone = last && commits == 0;
            if (!forms.readsOwnStream && !alone) {
                throw new AtOnce();
            }
            Frame frame = new Frame(session, ledger, batch, forms, false);
            Materializer materializer = new Materializer(session, model, frame);
            materializer.envelope().begin();
            Upsert upsert = new Upsert(session, model, model.relation(), materializer);
            Upsert.Result result;
            if (exists) {
                result = upsert.apply(forms.sql, forms.whole, context.settings().onDroppedRows());
            } else {
                type.ifPresent(
                        view -> session.execute("drop view " + model.relation().sql()));
                result = upsert.create(forms.sql);
                if (!alone && dependsOnOrder(result.ordering())) {
                    throw new AtOnce();
                }
                materializer.envelope().createIndexes();
            }
            tell(result);
            materializer.envelope().commit(new Materializer.Outcome(result.inserted(), result.deleted()));
            committed(frame);
            materializer.envelope().runHooks(model.config().postHooks(), false);
            return true;
        });
    }

    private static boolean dependsOnOrder(Upsert.Ordering ordering) {
        return ordering == Upsert.Ordering.NONE || ordering == Upsert.Ordering.SEVERAL;
    }

    private void tell(Upsert.Result result) {
        if (!ordering.equals(Upsert.Ordering.SEVERAL.word())) {
            ordering = result.ordering().word();
        }
        if (result.ordering() == Upsert.Ordering.SEVERAL) {
            warn("several rows have one unique_key; a later landing replaces all of an earlier one's. Where that is not"
                    + " meant, deduplicate in the model or name sequence_by");
        }
        if (result.dropped() > 0) {
            warn("its own filter dropped " + result.dropped() + " rows of the landing that it ran for; they were "
                    + (context.settings().onDroppedRows() == OnDroppedRows.APPLY ? "applied all the same" : "left out")
                    + ". Filter with {{ landed_partitions() }} or read {{ var('files') }}");
        }
    }

    private void writeWhole(List<LandedFile> files, boolean fullRefresh) {
        lake.work(context.warehouse(), RunContext.label(model), session -> {
            Ledger ledger = Ledger.open(session, RunContext.databaseOf(model, project));
            Materializer.createSchema(session, model.relation());
            look(session, ledger);
            Forms forms = compile(session, ledger, files, false, false);
            Frame frame = new Frame(session, ledger, files, forms, true);
            frame.fullRefresh = fullRefresh;
            new Materializer(session, model, frame).materialize(forms.sql, true);
            committed(frame);
            return true;
        });
    }

    /** A model's SQL over the files of a batch. */
    private static final class Forms {
        private final String sql;
        private final String checksum;
        private final boolean readsOwnStream;
        private final long files;
        /** Without the model's own filter, null when that is the same. */
        private @Nullable String whole;

        private Forms(String sql, String checksum, boolean readsOwnStream, long files) {
            this.sql = sql;
            this.checksum = checksum;
            this.readsOwnStream = readsOwnStream;
            this.files = files;
        }
    }

    /** Looks at the columns of what arrives. What becomes of a file must not depend on its neighbours' columns. */
    private void look(Session session, Ledger ledger) {
        lake.requireAtHand();
        List<FileShape> shapes = FileShape.of(session, lake, arriving, !Upsert.Ordering.anyOrder(ordering));
        List<Ledger.Column> known = ledger.columns(stream.name().toString());
        boolean baseline = known.isEmpty();
        for (FileShape shape : shapes) {
            if (columns != null) {
                // The shape before may have shown some.
                known = ledger.columns(stream.name().toString());
            }
            StreamColumns seen = new StreamColumns(stream.name(), session, ledger, project, known, shape);
            List<ColumnChanged> changes = seen.notice();
            if (!baseline) {
                changes.forEach(context::tell);
            }
            columns = seen;
        }
        if (!together && shapes.size() > 1) {
            throw new SeveralShapes(shapes);
        }
    }

    /** The SQL over the plan's files; with NULL for what the stream got later than these files, where that is read. */
    private String rewrite(Session session, ScanPlan plan, ParsedQuery query) {
        String sql = plan.rewrite(query);
        StreamColumns seen = columns;
        if (seen == null
                || together
                || (seen.notYet().isEmpty() && seen.vanished().isEmpty())) {
            return sql;
        }
        lake.requireAtHand();
        try {
            session.query("explain " + sql);
            return sql;
        } catch (WarehouseException e) {
            if (!String.valueOf(e.getMessage()).contains("Binder Error")) {
                throw e;
            }
            String filled = plan.withMissing(seen.notYet()).rewrite(query);
            try {
                session.query("explain " + filled);
                return filled;
            } catch (WarehouseException still) {
                String gone = seen.vanished().entrySet().stream()
                        .filter(column -> String.valueOf(still.getMessage()).contains(column.getKey()))
                        .map(column -> column.getKey() + " (" + column.getValue() + ")")
                        .collect(Collectors.joining(", "));
                if (gone.isEmpty()) {
                    throw still;
                }
                throw new WarehouseException(
                        session.what() + ": it needs the column " + gone + ", which older files have and this one has"
                                + " not; bring it back at the source, or take it out of the model, and retry with"
                                + " landfall dead-letters retry",
                        Kind.REFUSED_FILE,
                        sql,
                        still);
            }
        }
    }

    private Forms compile(Session session, Ledger ledger, List<LandedFile> files, boolean incremental, boolean narrow) {
        RenderRequest request = request(session, files, incremental, narrow);
        CompiledModel compiled = context.compiler(project).compile(model, request);
        ScanPlan plan = plan(ledger, files, narrow);
        ParsedQuery query = ParsedQuery.parse(session, compiled.sql());
        String sql = rewrite(session, plan, query);
        Forms forms = new Forms(sql, compiled.checksum(), plan.readsOwnStream(query), plan.filesRead());
        plan.warnings().forEach(this::warn);
        if (incremental && forms.readsOwnStream && !compiled.landingAware()) {
            CompiledModel unfiltered = context.compiler(project).compile(model, request.withIncremental(false));
            if (!unfiltered.sql().equals(compiled.sql())) {
                forms.whole = plan.rewrite(ParsedQuery.parse(session, unfiltered.sql()));
            }
        }
        return forms;
    }

    private ScanPlan plan(Ledger ledger, List<LandedFile> files, boolean narrow) {
        Map<String, String> own = state.hiveTypes();
        return new ScanPlan(project, context.settings(), lake)
                .of(stream, files, narrow)
                .withOptions(name -> name.equals(stream.name()) ? own : ledger.hiveTypes(name.toString()))
                .without(state.deadFiles());
    }

    private RenderRequest request(Session session, List<LandedFile> files, boolean incremental, boolean narrow) {
        Map<String, @Nullable Object> vars = new HashMap<>();
        if (!files.isEmpty()) {
            vars.put("files", fileList(files));
            vars.put("landed_partitions", narrow ? partitions(files) : null);
        }
        return new RenderRequest(session, incremental, false, vars);
    }

    private static String fileList(List<LandedFile> files) {
        return files.stream().map(landed -> Relation.literal(landed.uri())).collect(Collectors.joining(", ", "[", "]"));
    }

    private static List<Map<String, String>> partitions(List<LandedFile> files) {
        return files.stream()
                .map(landed -> landed.partition().values())
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void fence(Ledger ledger) {
        String name = stream.name().toString();
        boolean ours = lane.position().firstOffset() < 0
                ? ledger.keep(name, lane.next().epoch())
                : ledger.move(name, lane.next());
        if (!ours) {
            throw new LaneLostException(stream.name().toString(), lane.next().epoch());
        }
    }

    /** What is committed with the rows: the lane, the ledger, the version, the history. */
    private final class Frame implements Materializer.Frame {
        private final Session session;
        private final Ledger ledger;
        private final List<LandedFile> files;
        private final Forms forms;
        /** The files are all that the table is made of. */
        private final boolean everything;

        private boolean fullRefresh;
        private @Nullable ModelMaterialized made;

        Frame(Session session, Ledger ledger, List<LandedFile> files, Forms forms, boolean everything) {
            this.session = session;
            this.ledger = ledger;
            this.files = files;
            this.forms = forms;
            this.everything = everything;
        }

        @Override
        public String render(Hook hook) {
            return context.compiler(project).render(model, hook.sql(), request(session, files, false, !everything));
        }

        @Override
        public void beforeCommit(Materializer.Outcome outcome) {
            fence(ledger);
            Gates.check(session, project, context.compiler(project), model);
            if (probing) {
                session.rollback();
                throw new Probed();
            }
            String id = model.uniqueId();
            if (everything) {
                ledger.forgetApplied(id);
            }
            ledger.record(
                    id,
                    stream.name().toString(),
                    files,
                    null,
                    runId,
                    lane.position().firstOffset(),
                    lane.position().lastOffset());
            long total = total(outcome);
            ModelMaterialized event = event(outcome, total);
            made = event;
            boolean refreshed = everything || (state.relationType().isEmpty() && commits == 0);
            ledger.put(new Ledger.Build(
                    id,
                    model.relation().sql(),
                    "core",
                    event.version(),
                    event.finishedAt(),
                    forms.checksum,
                    model.checksum(),
                    project.checksum(),
                    parentVersions(),
                    total,
                    ordering,
                    refreshed
                            ? model.checksum()
                            : state.build().map(Ledger.Build::refreshedChecksum).orElse(model.checksum()),
                    EventJson.write(event)));
            Contents.record(session, ledger, project, model, model.relation(), outcome, event.version());
            ledger.add(new Ledger.Run(
                    event.version(),
                    id,
                    "core",
                    stream.name().toString(),
                    "success",
                    startedAt,
                    event.finishedAt(),
                    outcome.inserted(),
                    outcome.deleted(),
                    total,
                    files.size(),
                    bytes(files),
                    fullRefresh,
                    null,
                    project.checksum()));
        }

        /** Counting a table that has rows deleted in this transaction reads all of it: of a large one the change is added. */
        private long total(Materializer.Outcome outcome) {
            ModelMaterialized last = CoreModelRun.this.event;
            long before = last != null
                    ? last.rowsTotal()
                    : state.build().map(Ledger.Build::rows).orElse(0L);
            boolean others = !model.config().preHooks().isEmpty()
                    || !model.config().postHooks().isEmpty();
            return everything
                            || others
                            || before < LARGE_TABLE
                            || state.relationType().isEmpty()
                    ? session.number("select count(*) from " + model.relation().sql())
                    : before + outcome.inserted() - outcome.deleted();
        }

        private Map<String, String> parentVersions() {
            List<Node> parents = RunContext.parents(project, model);
            Map<String, Ledger.Build> builds =
                    ledger.builds(parents.stream().map(Node::uniqueId).toList());
            Map<String, String> versions = new TreeMap<>();
            parents.forEach(parent -> Optional.ofNullable(builds.get(parent.uniqueId()))
                    .ifPresent(build -> versions.put(parent.uniqueId(), build.version())));
            return versions;
        }

        private ModelMaterialized event(Materializer.Outcome outcome, long total) {
            Set<String> landings = new LinkedHashSet<>(manifests);
            files.forEach(landed -> landings.add(landed.manifest()));
            return new ModelMaterialized(
                    model.uniqueId(),
                    model.relation().sql(),
                    "core",
                    stream.name().toString(),
                    runId,
                    List.copyOf(landings),
                    lane.more(),
                    fullRefresh,
                    inserted + outcome.inserted(),
                    deleted + outcome.deleted(),
                    total,
                    filesRead + forms.files,
                    ledger.applied(model.uniqueId()),
                    bytesRead + bytes(files),
                    startedAt,
                    Instant.now(),
                    commits == 0 ? runId : runId + "." + commits,
                    Map.of(),
                    project.checksum());
        }
    }

    private static long bytes(List<LandedFile> files) {
        return files.stream().mapToLong(landed -> landed.file().size()).sum();
    }

    private void committed(Frame frame) {
        ModelMaterialized made = frame.made;
        if (made != null) {
            commits++;
            inserted = made.rowsInserted();
            deleted = made.rowsDeleted();
            filesRead = made.filesRead();
            bytesRead = made.bytesRead();
            manifests.addAll(made.landings());
            event = made;
        }
    }

    // --- a shadow, swapped in at the end

    private final class ShadowBuild {
        private final @Nullable Map<String, Ledger.Entry> before;
        private final Relation shadow;
        private final List<LandedFile> written = new ArrayList<>();
        private List<LandedFile> files;
        private @Nullable Batches batches;
        private boolean exists;

        ShadowBuild(List<LandedFile> files, @Nullable Map<String, Ledger.Entry> before, Relation shadow) {
            this.files = files;
            this.before = before;
            this.shadow = shadow;
        }

        /** Empty when it paused. */
        Optional<RunResult> run(BooleanSupplier pause) {
            Optional<RunResult> failure = build(pause);
            if (failure.isEmpty() && paused()) {
                return failure;
            }
            if (failure.isEmpty() && exists) {
                CrashPoint.BEFORE_SWAP.reach();
                failure = swapped();
            }
            if (failure.isPresent() && !mayPass(failure.get())) {
                dropLeftover();
            }
            return Optional.of(failure.orElseGet(CoreModelRun.this::succeeded));
        }

        private boolean paused() {
            return batches != null && batches.paused;
        }

        private static boolean mayPass(RunResult result) {
            return result instanceof RunResult.Failed failed && failed.retryable();
        }

        /** The gates look at the new table before it takes the old one's place. */
        private Optional<RunResult> swapped() {
            try {
                swap();
                return Optional.empty();
            } catch (JinjaException | ModelFaultException | WarehouseException e) {
                return Optional.of(failed(message(e), RunContext.retryable(e), List.of()));
            }
        }

        /** Builds it and does not swap; gives a result when that cannot be done. */
        private Optional<RunResult> build(BooleanSupplier pause) {
            if (batches == null) {
                dropLeftover();
                ordering = "";
                files = with(files, meanwhile(before, files));
                if (files.isEmpty()) {
                    return Optional.of(new RunResult.Skipped(model.uniqueId(), "there is no file to build it from"));
                }
                batches = new Batches(files, files, this::write, false);
            }
            while (true) {
                Optional<RunResult> failure = goOn(batches, pause);
                if (failure.isPresent() || paused()) {
                    return failure;
                }
                List<LandedFile> later = meanwhile(before, files);
                if (later.isEmpty()) {
                    return Optional.empty();
                }
                files = with(files, later);
                batches = new Batches(later, later, this::write, false);
            }
        }

        private Optional<RunResult> goOn(Batches underway, BooleanSupplier pause) {
            try {
                return underway.run(pause);
            } catch (AtOnce e) {
                batches = new Batches(files, files, this::write, true);
                return batches.run(pause);
            }
        }

        private void dropLeftover() {
            exists = false;
            written.clear();
            context.warehouse().with(RunContext.label(model), session -> {
                session.execute("drop table if exists " + shadow.sql());
                return true;
            });
        }

        private void write(List<LandedFile> batch, boolean last) {
            lake.work(context.warehouse(), RunContext.label(model) + ", full refresh", session -> {
                Ledger ledger = Ledger.open(session, RunContext.databaseOf(model, project));
                Materializer.createSchema(session, shadow);
                session.lock(List.of(shadow));
                look(session, ledger);
                Forms forms = compile(session, ledger, batch, false, !whole);
                boolean alone = last && !exists;
                if (!forms.readsOwnStream && !alone) {
                    throw new AtOnce();
                }
                Materializer materializer =
                        new Materializer(session, model, shadow, new Frame(session, ledger, batch, forms, false));
                session.begin();
                // An audit holds no lane.
                if (lane.position().epoch() > 0) {
                    fence(ledger);
                }
                Upsert upsert = new Upsert(session, model, shadow, materializer);
                Upsert.Result result =
                        exists ? upsert.apply(forms.sql, null, OnDroppedRows.WARN) : upsert.create(forms.sql);
                if (!alone && result.ordering() != Upsert.Ordering.SEQUENCE) {
                    session.rollback();
                    dropLeftoverIn(session);
                    throw new AtOnce();
                }
                if (probing) {
                    session.rollback();
                    throw new Probed();
                }
                tell(result);
                session.commit();
                CrashPoint.AFTER_SHADOW_BATCH.reach();
                exists = true;
                written.addAll(batch);
                filesRead += forms.files;
                bytesRead += bytes(batch);
                checksum = forms.checksum;
                return true;
            });
        }

        private String checksum = "";

        private void dropLeftoverIn(Session session) {
            session.execute("drop table if exists " + shadow.sql());
            exists = false;
            written.clear();
            filesRead = 0;
            bytesRead = 0;
        }

        private void swap() {
            long files = filesRead;
            long bytes = bytesRead;
            filesRead = 0;
            bytesRead = 0;
            context.warehouse().with(RunContext.label(model) + ", full refresh", session -> {
                Ledger ledger = Ledger.open(session, RunContext.databaseOf(model, project));
                session.lock(List.of(model.relation(), shadow));
                Frame frame = new Frame(session, ledger, written, new Forms("", checksum, true, files), true);
                frame.fullRefresh = true;
                Materializer materializer = new Materializer(session, model, frame);
                materializer.envelope().begin();
                Optional<String> old = session.relationType(model.relation());
                old.ifPresent(type ->
                        session.execute("drop " + type + " " + model.relation().sql()));
                session.execute("alter table " + shadow.sql() + " rename to "
                        + Relation.quote(model.relation().identifier()));
                materializer.envelope().createIndexes();
                long rows = session.number(
                        "select count(*) from " + model.relation().sql());
                bytesRead = bytes - bytes(written);
                materializer.envelope().commit(new Materializer.Outcome(rows, 0));
                committed(frame);
                materializer.envelope().runHooks(model.config().postHooks(), false);
                return true;
            });
        }
    }

    // --- results

    private void warn(String text) {
        if (context.tellsFirst(model.uniqueId(), text.replaceAll("\\d+", "#"))) {
            warnings.add(RunContext.label(model) + ": " + text);
        }
    }

    private RunResult succeeded() {
        ModelMaterialized made = event;
        if (made != null) {
            return new RunResult.Succeeded(made, List.copyOf(dead), List.copyOf(warnings), false);
        }
        Optional<ModelMaterialized> last = state.build().flatMap(CoreModelRun::eventOf);
        if (last.isPresent()) {
            return new RunResult.Succeeded(withMore(last.get()), List.copyOf(dead), List.copyOf(warnings), true);
        }
        return dead.isEmpty()
                ? new RunResult.Skipped(model.uniqueId(), "none of its files is in the lake any more")
                : failed("no file of the landing can be read: " + dead.get(0).reason(), false, List.of());
    }

    private RunResult failed(String error, boolean retryable, List<LandedFile> files) {
        String label = RunContext.label(model);
        List<String> partitions = files.stream()
                .map(landed -> landed.partition().path())
                .distinct()
                .toList();
        String message = (error.startsWith(label) ? "" : label + ": ")
                + error
                + (partitions.isEmpty()
                        ? ""
                        : "\n  while it ran for "
                                + String.join(", ", partitions.subList(0, Math.min(5, partitions.size())))
                                + (partitions.size() > 5 ? " and " + (partitions.size() - 5) + " more" : ""));
        remember(message);
        return new RunResult.Failed(
                new ModelFailed(
                        model.uniqueId(),
                        "core",
                        stream.name().toString(),
                        runId,
                        partitions,
                        message,
                        retryable,
                        startedAt,
                        Instant.now(),
                        project.checksum()),
                List.copyOf(dead));
    }

    /** Keeps the failure in the history, where that is possible. */
    private void remember(String error) {
        try {
            context.warehouse().with(RunContext.label(model), session -> {
                Ledger.open(session, RunContext.databaseOf(model, project))
                        .add(new Ledger.Run(
                                runId,
                                model.uniqueId(),
                                "core",
                                stream.name().toString(),
                                "failed",
                                startedAt,
                                Instant.now(),
                                inserted,
                                deleted,
                                -1,
                                filesRead,
                                bytesRead,
                                false,
                                error,
                                project.checksum()));
                return true;
            });
        } catch (WarehouseException e) {
            LOG.debug("the failure of {} is not in the history: {}", model.name(), e.getMessage());
        }
    }
}
