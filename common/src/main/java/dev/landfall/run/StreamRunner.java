package dev.landfall.run;

import dev.landfall.event.ColumnChanged;
import dev.landfall.event.PartitionLanded;
import dev.landfall.graph.ModelGraph;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.Partition;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamName;
import dev.landfall.project.UniqueKey;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the core models of a stream over its landings. Safe for use by several threads; calls for one stream wait for
 * one another.
 *
 * <p>A call may be repeated at any time: the ledger in the warehouse knows which files a model has applied. What a call
 * could not apply (a model failed, or waits for another one) is not in the ledger: give the same landings again later.
 */
public final class StreamRunner {
    private final RunContext context;
    private final Map<StreamName, ReentrantLock> lanes = new ConcurrentHashMap<>();
    private final Map<Project, ModelGraph> graphs = new java.util.WeakHashMap<>();

    public StreamRunner(
            Supplier<Project> project, Warehouse warehouse, Lake lake, LakeReader reader, RunSettings settings) {
        this(project, warehouse, lake, reader, settings, Compiler::of);
    }

    StreamRunner(
            Supplier<Project> project,
            Warehouse warehouse,
            Lake lake,
            LakeReader reader,
            RunSettings settings,
            Function<Project, Compiler> compilers) {
        this.context = new RunContext(project, warehouse, lake, reader, settings, compilers);
    }

    /** Whom to tell that the columns of a stream's files changed. */
    public void onColumnChange(Consumer<ColumnChanged> listener) {
        context.onColumnChange(listener);
    }

    /** Takes the stream's lane: earlier takers are fenced out. Gives the epoch for {@link LanePosition}. */
    public long takeLane(StreamName stream) {
        Project project = context.project();
        Set<String> databases = databases(project, stream);
        return context.warehouse().with("lane of " + stream, session -> {
            long epoch = 0;
            for (String database : databases) {
                epoch = Math.max(epoch, Ledger.open(session, database).epoch(stream.toString()));
            }
            for (String database : databases) {
                session.begin();
                Ledger.open(session, database).take(stream.toString(), epoch + 1);
                session.commit();
            }
            project.modelsOf(stream)
                    .forEach(model -> session.execute(
                            "drop table if exists " + shadowOf(model).sql()));
            return epoch + 1;
        });
    }

    private static Set<String> databases(Project project, StreamName stream) {
        Set<String> databases = new LinkedHashSet<>();
        project.modelsOf(stream).forEach(model -> databases.add(RunContext.databaseOf(model, project)));
        if (databases.isEmpty()) {
            databases.add(project.target().database());
        }
        return databases;
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
        return new Application(stream, landings, position, more, false, true).complete(listener);
    }

    public List<RunResult> apply(
            StreamName stream, List<PartitionLanded> landings, LanePosition position, boolean more) {
        return apply(stream, landings, position, more, result -> {});
    }

    /** As {@link #apply}, also what the ledger has as applied, and dead letters too: somebody asked for a replay. */
    public List<RunResult> replay(
            StreamName stream,
            List<PartitionLanded> landings,
            LanePosition position,
            boolean more,
            Consumer<RunResult> listener) {
        return new Application(stream, landings, position, more, true, true).complete(listener);
    }

    /**
     * Builds models anew from exactly the files of these landings: all that the landed topic holds. The old table
     * serves until the new one is complete.
     *
     * @param models unique ids or names; empty means every model of the stream
     * @param force build even though the ledger has files that the landings do not have any more
     */
    public List<RunResult> fullRefresh(
            StreamName stream,
            Collection<String> models,
            List<PartitionLanded> landings,
            LanePosition position,
            boolean force,
            Consumer<RunResult> listener) {
        List<RunResult> results = new ArrayList<>();
        Refresh refresh = new Refresh(this, stream, models, landings, position.epoch(), force);
        boolean complete = refresh.work(() -> false, result -> {
            results.add(result);
            listener.accept(result);
        });
        if (!complete) {
            refresh.abandon();
        }
        return results;
    }

    /**
     * The same in parts, between which the lane may do other work: what it applies meanwhile is taken in, too.
     *
     * @param epoch as in {@link LanePosition}
     */
    public Refresh refresh(
            StreamName stream, Collection<String> models, List<PartitionLanded> landings, long epoch, boolean force) {
        return new Refresh(this, stream, models, landings, epoch, force);
    }

    /**
     * What {@link #apply} and {@link #replay} do, in parts: while a table is built anew, the lane may do other work.
     *
     * @param refreshes whether a table may be built anew: false while the lane has one under way, then that model is
     *     skipped
     */
    public Application application(
            StreamName stream,
            List<PartitionLanded> landings,
            LanePosition position,
            boolean more,
            boolean replay,
            boolean refreshes) {
        return new Application(stream, landings, position, more, replay, refreshes);
    }

    Project project() {
        return context.project();
    }

    RunContext context() {
        return context;
    }

    /**
     * Compares a model's table with what its files in the lake make of it, in a scratch table; writes nothing else.
     *
     * @param model unique id or name
     * @param landings what the files are taken from; empty for those that the ledger has as applied
     * @param sample so many differences are told in full
     */
    public Audit audit(StreamName stream, String model, List<PartitionLanded> landings, int sample) {
        Project project = context.project();
        StreamConfig config = project.stream(stream)
                .orElseThrow(() -> new UnknownModelException("there is no stream " + stream + " in " + project));
        Model audited = project.model(model)
                .filter(each -> project.modelsOf(stream).contains(each) && !each.ephemeral())
                .orElseThrow(() -> new UnknownModelException(model + " is no model of the stream " + stream));
        CoreTask.State state = context.warehouse()
                .with(
                        "audit of " + model,
                        session -> CoreTask.State.read(
                                session,
                                Ledger.open(session, RunContext.databaseOf(audited, project)),
                                project,
                                config,
                                audited,
                                List.of()));
        CoreTask.Lane nobody = new CoreTask.Lane(LanePosition.none(0), false, false, false);
        List<LandedFile> files =
                landings.isEmpty() ? null : LandingFiles.of(landings).files();
        return new CoreModelRun(context, project, config, audited, state, nobody).audit(files, sample);
    }

    /**
     * Takes the tables that something else has built as they are: their files count as applied, nothing is run. A model
     * that the ledger knows already, or that has no table, is left alone.
     *
     * @param landings all that the lake has of the stream
     * @param asOf files that are newer are left to the first run; null for as old as the newest row of each table, by its
     *     sequence column
     */
    public List<Adoption> adopt(StreamName stream, List<PartitionLanded> landings, @Nullable Instant asOf) {
        Project project = context.project();
        return inLane(
                stream,
                () -> context.warehouse()
                        .with(
                                "adoption of " + stream,
                                session -> new Adopting(context, project, session).core(stream, landings, asOf)));
    }

    <T> T inLane(StreamName stream, Supplier<T> work) {
        ReentrantLock lane = lanes.computeIfAbsent(stream, name -> new ReentrantLock(true));
        lane.lock();
        try {
            return work.get();
        } finally {
            lane.unlock();
        }
    }

    private synchronized ModelGraph graph(Project project) {
        return graphs.computeIfAbsent(project, ModelGraph::of);
    }

    /** Landings on their way into the models of a stream, in graph order. For one thread at a time. */
    public final class Application {
        private final Project project = context.project();
        private final StreamConfig stream;
        private final List<Model> models;
        private final LandingFiles landed;
        private final LanePosition position;
        private final CoreTask.Lane lane;
        private final Deque<Model> rest;
        private final Set<String> failed = new LinkedHashSet<>();
        private final Map<String, CoreTask.State> states = new HashMap<>();
        private final Map<String, Long> epochs = new HashMap<>();
        private @Nullable CoreModelRun underway;

        Application(
                StreamName name,
                List<PartitionLanded> landings,
                LanePosition position,
                boolean more,
                boolean replay,
                boolean refreshes) {
            this.stream = project.stream(name)
                    .orElseThrow(() -> new IllegalArgumentException("there is no stream " + name + " in " + project));
            Map<String, Model> byId = new LinkedHashMap<>();
            project.modelsOf(name).stream()
                    .filter(model -> !model.ephemeral())
                    .forEach(model -> byId.put(model.uniqueId(), model));
            this.models = graph(project).order(byId.keySet()).stream()
                    .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                    .toList();
            this.landed = LandingFiles.of(landings);
            this.position = position;
            this.lane = new CoreTask.Lane(position, replay, more, refreshes);
            this.rest = new ArrayDeque<>(models);
        }

        /**
         * Goes on.
         *
         * @param pause whether to stop between two parts of a table that is built anew
         * @param listener told of each model as soon as it is committed
         * @return false when it stopped, and is to be called again
         * @throws LaneLostException when another runner has taken the lane
         */
        public boolean work(BooleanSupplier pause, Consumer<RunResult> listener) {
            return inLane(stream.name(), () -> goOn(pause, listener));
        }

        /** Gives up a table that is being built anew: the old one stays. */
        public void abandon() {
            if (underway != null) {
                underway.abandon();
                underway = null;
            }
        }

        private List<RunResult> complete(Consumer<RunResult> listener) {
            List<RunResult> results = new ArrayList<>();
            work(() -> false, result -> {
                results.add(result);
                listener.accept(result);
            });
            return results;
        }

        private boolean goOn(BooleanSupplier pause, Consumer<RunResult> listener) {
            if (underway == null) {
                context.warehouse().with("stream " + stream.name(), session -> {
                    rest.forEach(model -> read(session, model));
                    return true;
                });
            }
            while (!rest.isEmpty()) {
                Model model = rest.element();
                Optional<RunResult> result = run(model, pause);
                if (result.isEmpty()) {
                    // What the lane does meanwhile changes what the warehouse has.
                    states.clear();
                    return false;
                }
                underway = null;
                rest.remove();
                if (!(result.get() instanceof RunResult.Succeeded)) {
                    failed.add(model.uniqueId());
                }
                listener.accept(result.get());
            }
            return true;
        }

        private void read(Session session, Model model) {
            String database = RunContext.databaseOf(model, project);
            Ledger ledger = Ledger.open(session, database);
            long epoch = epochs.computeIfAbsent(
                    database, x -> ledger.epoch(stream.name().toString()));
            if (epoch != position.epoch()) {
                throw new LaneLostException(stream.name().toString(), position.epoch());
            }
            freezeHiveTypes(ledger);
            List<String> keys = new ArrayList<>(landed.gone());
            landed.files().forEach(file -> keys.add(file.key()));
            states.put(model.uniqueId(), CoreTask.State.read(session, ledger, project, stream, model, keys));
        }

        private void freezeHiveTypes(Ledger ledger) {
            String name = stream.name().toString();
            if (!landed.files().isEmpty() && ledger.hiveTypes(name).isEmpty()) {
                List<Partition> partitions = landed.files().stream()
                        .map(LandedFile::partition)
                        .distinct()
                        .toList();
                ledger.freezeHiveTypes(name, HiveTypes.infer(partitions));
            }
        }

        /** In graph order, without those that have no table. */
        List<Model> models() {
            return models;
        }

        List<LandedFile> files() {
            return landed.files();
        }

        /** A run of one model, as the warehouse is now. */
        CoreModelRun begin(Model model) {
            CoreTask.State state = readAgain(model);
            return new CoreModelRun(context, project, stream, model, state, lane);
        }

        private Optional<RunResult> run(Model model, BooleanSupplier pause) {
            CoreModelRun run = underway;
            if (run == null) {
                Optional<String> notBuilt = RunContext.notBuilt(project, model, failed);
                if (notBuilt.isPresent()) {
                    return notBuilt.map(reason -> new RunResult.Skipped(model.uniqueId(), reason));
                }
                CoreTask.State state = states.get(model.uniqueId());
                if (state == null || !state.missingParents().isEmpty()) {
                    state = readAgain(model);
                }
                run = new CoreModelRun(context, project, stream, model, state, lane);
                underway = run;
            }
            return run.apply(landed, pause);
        }

        /** A parent may have been built by this very call. */
        private CoreTask.State readAgain(Model model) {
            context.warehouse().with("stream " + stream.name(), session -> {
                read(session, model);
                return true;
            });
            return java.util.Objects.requireNonNull(states.get(model.uniqueId()));
        }
    }

    /** What the stream's models have left out. */
    public List<DeadLettered> deadLetters(StreamName stream) {
        Project project = context.project();
        return context.warehouse()
                .with(
                        "dead letters of " + stream,
                        session -> databases(project, stream).stream()
                                .flatMap(database ->
                                        Ledger.open(session, database).deadOf(stream.toString()).entrySet().stream())
                                .flatMap(model ->
                                        model.getValue().stream().map(entry -> dead(model.getKey(), stream, entry)))
                                .toList());
    }

    private static DeadLettered dead(String model, StreamName stream, Ledger.Entry entry) {
        LandedFile landed = entry.landed();
        return new DeadLettered(
                model,
                stream.toString(),
                landed.bucket(),
                landed.file(),
                landed.partition().path(),
                entry.reason(),
                entry.at());
    }

    /** Forgets that files were left out, so that the next run takes them again. */
    public void forgetDeadLetters(StreamName stream, Collection<String> keys) {
        changeDead(
                stream,
                ledger -> keys.stream()
                        .mapToLong(key -> ledger.forgetDead(stream.toString(), key))
                        .sum());
    }

    /** Leaves files out for good, until newer versions of them come. Gives how many times a model had left one out. */
    public int dropDeadLetters(StreamName stream, Collection<String> keys) {
        return changeDead(
                stream,
                ledger -> keys.stream()
                        .mapToLong(key -> ledger.dropDead(stream.toString(), key))
                        .sum());
    }

    private int changeDead(StreamName stream, ToLongFunction<Ledger> change) {
        Project project = context.project();
        return context.warehouse()
                .with(
                        "dead letters of " + stream,
                        session -> databases(project, stream).stream()
                                .mapToInt(database -> (int) change.applyAsLong(Ledger.open(session, database)))
                                .sum());
    }

    /** How many files each model of the stream has applied, and whether it can take older landings. */
    public List<CoreState> explain(StreamName stream) {
        Project project = context.project();
        List<Model> models = project.modelsOf(stream).stream()
                .filter(model -> !model.ephemeral())
                .toList();
        return context.warehouse()
                .with(
                        "status of " + stream,
                        session -> models.stream()
                                .map(model -> explain(session, project, model))
                                .toList());
    }

    private CoreState explain(Session session, Project project, Model model) {
        Ledger ledger = Ledger.open(session, RunContext.databaseOf(model, project));
        Optional<Ledger.Build> build = ledger.build(model.uniqueId());
        Ledger.Progress progress = ledger.progress(model.uniqueId());
        return new CoreState(
                model.uniqueId(),
                session.relationType(model.relation()).isPresent(),
                progress.applied(),
                progress.dead(),
                progress.lastOffset(),
                note(model, build, context.compiler(project).codeChecksum(model)));
    }

    private static String note(Model model, Optional<Ledger.Build> build, String code) {
        String ordering = build.map(Ledger.Build::ordering).orElse("");
        String order = ordering.equals(Upsert.Ordering.SEVERAL.word())
                ? "several rows have one unique_key: an older landing, or a replay, rebuilds it"
                : ordering.equals(Upsert.Ordering.NONE.word())
                        ? "no sequence column: an older landing, or a replay, rebuilds it"
                        : ordering.equals(Upsert.Ordering.APPEND.word())
                                        && model.materialized().equals("incremental")
                                        && !(model.config().uniqueKey() instanceof UniqueKey.None)
                                ? "append: a replay rebuilds it"
                                : "";
        boolean changed =
                build.filter(each -> each.changedSinceRefresh(model, code)).isPresent();
        return Stream.of(order, changed ? "model changed since its last full refresh" : "")
                .filter(text -> !text.isEmpty())
                .collect(java.util.stream.Collectors.joining("; "));
    }

    /** The shadow that a killed full refresh left behind. */
    static Relation shadowOf(Model model) {
        return model.relation().withIdentifier(model.relation().identifier() + "__landfall_shadow");
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
