package dev.landfall.core;

import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.RunRequested;
import dev.landfall.lake.LakeException;
import dev.landfall.project.StreamName;
import dev.landfall.run.CrashPoint;
import dev.landfall.run.DeadLettered;
import dev.landfall.run.LaneLostException;
import dev.landfall.run.LanePosition;
import dev.landfall.run.Refresh;
import dev.landfall.run.RunResult;
import dev.landfall.run.StreamRunner;
import dev.landfall.run.UnknownModelException;
import dev.landfall.service.Engine;
import dev.landfall.template.ProjectUnavailableException;
import dev.landfall.warehouse.WarehouseException;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Does the turns of the lanes: compares landings with the ledger, runs the stream's models, and publishes what became
 * of them. Offsets are committed by the lane after that.
 */
final class CoreRunner implements StreamLanes.LaneWork {
    private static final Logger log = LoggerFactory.getLogger(CoreRunner.class);
    /** So many landings are given to the models in one go, at most; between two of them fresh ones get their turn. */
    private static final int MAX_SLICE = 200;
    /** So many differing rows an audit tells, unless it is asked for others. */
    private static final int AUDIT_SAMPLE = 10;
    /** Rows of a wide table may be some kilobytes each, and a record a megabyte at most. */
    private static final int MAX_AUDIT_SAMPLE = 100;

    private final Engine engine;
    private final LandedTopic topic;
    private final RunReporter reporter;
    private final StatusReporter status;
    private final DeadLetters deadLetters;
    private final long sliceBytes;
    private final Map<StreamName, String> failures = new ConcurrentHashMap<>();
    /** What was built and not tested yet: the tests wait until nothing else does. */
    private final Map<StreamName, Map<String, ModelMaterialized>> untested = new ConcurrentHashMap<>();

    CoreRunner(
            Engine engine,
            LandedTopic topic,
            RunReporter reporter,
            StatusReporter status,
            DeadLetters deadLetters,
            long maxBatchBytes) {
        this.engine = engine;
        this.topic = topic;
        this.reporter = reporter;
        this.status = status;
        this.deadLetters = deadLetters;
        this.sliceBytes = 4 * maxBatchBytes;
    }

    @Override
    public Outcome run(Turn turn) {
        MDC.put("stream", turn.stream().toString());
        try {
            return take(turn);
        } finally {
            MDC.remove("stream");
        }
    }

    private Outcome take(Turn turn) {
        try {
            if (turn.request().filter(request -> !request.begun()).isPresent()) {
                engine.project().refreshNow();
            }
            if (engine.project().get().stream(turn.stream()).isEmpty()) {
                return unknownStream(turn);
            }
            StreamRunner runner = engine.streams();
            runner.onColumnChange(reporter::changed);
            if (turn.lease().epoch() == Lease.NOT_TAKEN) {
                turn.lease().epoch(runner.takeLane(turn.stream()));
            }
            Outcome outcome = run(runner, turn);
            failures.remove(turn.stream());
            if (outcome instanceof Outcome.Done && !turn.more()) {
                test(turn);
            }
            return outcome;
        } catch (LaneLostException e) {
            log.warn("{}", e.getMessage());
            turn.lease().aside(null);
            return new Outcome.Lost(String.valueOf(e.getMessage()));
        } catch (ProjectUnavailableException
                | WarehouseException
                | LakeException
                | KafkaException
                | org.springframework.kafka.KafkaException e) {
            return failed(turn, e);
        }
    }

    private Outcome run(StreamRunner runner, Turn turn) {
        if (turn.catchUp()) {
            return catchUp(runner, turn);
        }
        if (!turn.landings().isEmpty()) {
            return apply(runner, turn);
        }
        if (turn.aside().isPresent()) {
            return turn.aside().get().goOn().apply(turn);
        }
        return turn.request().isPresent()
                ? new RequestedRun(runner, turn, turn.request().get()).run()
                : new Outcome.Done(true);
    }

    /** The tests that are no gates, as long as nothing fresh waits. */
    private void test(Turn turn) {
        Map<String, ModelMaterialized> built = untested.getOrDefault(turn.stream(), Map.of());
        for (ModelMaterialized model : List.copyOf(built.values())) {
            if (turn.more()) {
                return;
            }
            built.remove(model.model());
            engine.tests().test(model).forEach(reporter::tested);
        }
    }

    /** Its landings stay in the topic: when its file comes, the project changes and the lane catches up. */
    private Outcome unknownStream(Turn turn) {
        String problem = "the project has no stream " + turn.stream() + ": no file streams/"
                + turn.stream().source() + "/" + turn.stream().stream() + ".json; what lands there waits for one";
        if (!problem.equals(failures.put(turn.stream(), problem))) {
            log.warn("{}", problem);
        }
        turn.request().ifPresent(request -> reporter.request(request, "failed", problem));
        return new Outcome.Done(true);
    }

    /** A failure that goes on is logged once. */
    private Outcome failed(Turn turn, RuntimeException e) {
        String error = String.valueOf(e.getMessage());
        if (!error.equals(failures.put(turn.stream(), error))) {
            log.warn("{} is tried again later: {}", turn.stream(), error);
        }
        return new Outcome.Failed(error);
    }

    /** The records that waited, in one run. */
    private Outcome apply(StreamRunner runner, Turn turn) {
        List<Landing> landings = turn.landings();
        Lease lease = turn.lease();
        boolean refreshes = turn.mayRefresh();
        Outcome outcome = new Slice(
                        landings,
                        () -> records(runner, lease, false).begin(landings, turn.more(), refreshes),
                        result -> {})
                .goOn(turn);
        if (outcome instanceof Outcome.Failed) {
            return outcome;
        }
        lease.nextRecord(landings.get(landings.size() - 1).offset() + 1);
        return new Outcome.Done(outcome.complete());
    }

    private static SliceWork records(StreamRunner runner, Lease lease, boolean replay) {
        return (slice, more, refreshes) ->
                runner.application(lease.stream(), landed(slice), position(lease, slice), more, replay, refreshes);
    }

    /** Landings that stand for no records: a later lease goes by the ledger, or the request. */
    private static SliceWork others(StreamRunner runner, Lease lease, boolean replay) {
        return (slice, more, refreshes) -> runner.application(
                lease.stream(), landed(slice), LanePosition.none(lease.epoch()), more, replay, refreshes);
    }

    /**
     * Everything that ever landed is compared with the ledger: what it lacks is applied. The records from the committed
     * offset on go first, and what a rewound lane applies again last.
     */
    private Outcome catchUp(StreamRunner runner, Turn turn) {
        Lease lease = turn.lease();
        LandedTopic.Snapshot snapshot = topic.read(turn.stream());
        turn.covers(snapshot.end());
        deadLetters.sendMissing(turn.stream(), runner.deadLetters(turn.stream()), snapshot.landings());
        lease.replayBelow(snapshot.end());
        long nextRecord = lease.nextRecord();
        List<Landing> records = snapshot.landings().stream()
                .filter(landing -> landing.offset() >= nextRecord)
                .toList();
        Outcome outcome = inSlices(
                turn,
                records,
                records(runner, lease, false),
                result -> {},
                done -> lease.nextRecord(records.get(done - 1).offset() + 1));
        if (!(outcome instanceof Outcome.Done done)) {
            return outcome;
        }
        lease.nextRecord(snapshot.end());
        List<Landing> rest = select(
                snapshot.landings(),
                landing -> landing.offset() < nextRecord && !lease.compared().contains(landing.offset()));
        Outcome ofRest = inSlices(
                turn,
                rest,
                others(runner, lease, false),
                result -> {},
                count -> rest.subList(0, count)
                        .forEach(landing -> lease.compared().add(landing.offset())));
        if (!(ofRest instanceof Outcome.Done compared)) {
            return done.complete() ? ofRest : ofRest.incomplete();
        }
        Outcome replayed =
                replay(runner, turn, select(snapshot.landings(), each -> lease.isToBeReplayed(each.offset())));
        if (replayed instanceof Outcome.Done) {
            lease.compared().clear();
        }
        return done.complete() && compared.complete() ? replayed : replayed.incomplete();
    }

    /** What a rewound lane has behind its offset. */
    private Outcome replay(StreamRunner runner, Turn turn, List<Landing> again) {
        Lease lease = turn.lease();
        Outcome outcome = inSlices(
                turn,
                again,
                records(runner, lease, true),
                result -> {},
                count -> again.subList(0, count).forEach(landing -> lease.replayed(landing.offset())));
        if (outcome instanceof Outcome.Done) {
            lease.endReplay();
        }
        return outcome;
    }

    private static LanePosition position(Lease lease, List<Landing> landings) {
        LongSummaryStatistics offsets =
                landings.stream().mapToLong(Landing::offset).summaryStatistics();
        return new LanePosition(lease.epoch(), offsets.getMin(), offsets.getMax());
    }

    private static List<Landing> select(List<Landing> landings, Predicate<Landing> wanted) {
        return landings.stream().filter(wanted).sorted(Partitions.OLDEST_FIRST).toList();
    }

    private static List<PartitionLanded> landed(List<Landing> landings) {
        return landings.stream().map(Landing::landed).toList();
    }

    /** One call of the models, and what is told of it. */
    private final class Run {
        private final StreamName stream;
        private final RunReporter.Report report;
        private boolean complete = true;
        private String failure = "";

        Run(Turn turn, List<Landing> landings) {
            this.stream = turn.stream();
            this.report = reporter.begin(turn.stream(), landings);
        }

        void add(RunResult result) {
            report.add(result);
            if (result instanceof RunResult.Failed failed) {
                complete = false;
                if (failed.retryable()) {
                    failure = failed.event().error();
                }
            } else if (result instanceof RunResult.Skipped) {
                complete = false;
            } else if (result instanceof RunResult.Succeeded succeeded && !succeeded.repeated()) {
                untested.computeIfAbsent(stream, name -> new ConcurrentHashMap<>())
                        .put(succeeded.model(), succeeded.event());
            }
        }

        /** Waits until everything is published. */
        Outcome end() {
            report.end();
            CrashPoint.AFTER_PUBLISH.reach();
            return failure.isEmpty() ? new Outcome.Done(complete) : new Outcome.Failed(failure);
        }
    }

    /** How a slice of landings is given to the models. */
    private interface SliceWork {
        StreamRunner.Application begin(List<Landing> slice, boolean more, boolean refreshes);
    }

    /** A slice of landings on its way into the models. */
    private final class Slice {
        private final List<Landing> landings;
        private final Supplier<StreamRunner.Application> work;
        private final Consumer<RunResult> listener;
        private StreamRunner.@Nullable Application application;

        Slice(List<Landing> landings, Supplier<StreamRunner.Application> work, Consumer<RunResult> listener) {
            this.landings = landings;
            this.work = work;
            this.listener = listener;
        }

        /** Is set aside where it has to give way, until it is done; after a failure it begins anew. */
        Outcome goOn(Turn turn) {
            StreamRunner.Application underway = application != null ? application : work.get();
            application = null;
            Run run = new Run(turn, landings);
            boolean done = underway.work(turn::mustGiveWay, result -> {
                run.add(result);
                listener.accept(result);
            });
            Outcome outcome = run.end();
            if (outcome instanceof Outcome.Failed) {
                underway.abandon();
            } else if (!done) {
                application = underway;
                turn.lease().aside(new SetAside(landings, this::goOn));
                return new Outcome.Unfinished(outcome.complete());
            } else if (turn.aside().isPresent()) {
                turn.lease().aside(null);
            }
            return outcome;
        }
    }

    /**
     * Works landings off in slices: between two of them the lane may give way.
     *
     * @param listener told of each result
     * @param progress told after each slice how many landings are done, or set aside
     */
    private Outcome inSlices(
            Turn turn, List<Landing> landings, SliceWork work, Consumer<RunResult> listener, IntConsumer progress) {
        List<List<Landing>> slices = Partitions.slices(landings, MAX_SLICE, sliceBytes);
        boolean complete = true;
        int done = 0;
        for (int i = 0; i < slices.size(); i++) {
            List<Landing> slice = slices.get(i);
            boolean last = i == slices.size() - 1;
            boolean more = !last || turn.more();
            boolean refreshes = turn.mayRefresh();
            Outcome outcome = new Slice(slice, () -> work.begin(slice, more, refreshes), listener).goOn(turn);
            if (outcome instanceof Outcome.Failed) {
                return outcome;
            }
            complete &= outcome.complete();
            done += slice.size();
            progress.accept(done);
            if (!last && turn.mustGiveWay()) {
                return new Outcome.Unfinished(complete);
            }
        }
        return new Outcome.Done(complete);
    }

    /** What the command line asked for. */
    private final class RequestedRun {
        private final StreamRunner runner;
        private final Turn turn;
        private final OpenRequest request;

        RequestedRun(StreamRunner runner, Turn turn, OpenRequest request) {
            this.runner = runner;
            this.turn = turn;
            this.request = request;
        }

        Outcome run() {
            Outcome outcome = begin();
            if (outcome instanceof Outcome.Done done) {
                // Before the request is told to be done: who asked may look at once.
                status.tellDeadLetters(turn.stream());
                boolean well = done.complete() && request.problem().isEmpty();
                reporter.request(request, well ? "done" : "failed", well ? request.result() : request.problem());
            } else if (outcome instanceof Outcome.Failed failed) {
                reporter.request(request, "waiting", failed.error());
            }
            return outcome;
        }

        private Outcome begin() {
            try {
                return work();
            } catch (UnknownModelException e) {
                request.problem(String.valueOf(e.getMessage()));
                return new Outcome.Done(true);
            }
        }

        private Outcome work() {
            RunRequested requested = request.requested();
            switch (requested.cause()) {
                case RunRequested.AUDIT -> {
                    return audit();
                }
                case RunRequested.DROP -> {
                    return drop();
                }
                case RunRequested.RETRY -> {
                    Set<String> files = files();
                    if (!request.begun()) {
                        // Once: in a later turn those that failed again are left out again.
                        runner.forgetDeadLetters(turn.stream(), files);
                    }
                    return replay(
                            landing -> landing.landed().files().stream().anyMatch(file -> files.contains(file.key())));
                }
                default -> {
                    Set<String> partitions = Set.copyOf(requested.partitions());
                    return requested.fullRefresh()
                            ? fullRefresh()
                            : replay(landing ->
                                    partitions.isEmpty() || partitions.contains(Partitions.path(landing.landed())));
                }
            }
        }

        /** A part of it, at least; fresh landings go before the rest. */
        private Outcome fullRefresh() {
            Optional<String> mistake =
                    request.begun() ? Optional.empty() : engine.project().problem();
            if (mistake.isPresent()) {
                request.problem("nothing is refreshed while the project cannot be loaded: " + mistake.get());
                return new Outcome.Done(true);
            }
            Refresh refresh = begun();
            Run run = new Run(turn, List.of());
            boolean complete = refresh.work(
                    () -> {
                        progress((int) (request.total() * refresh.progress()), request.total());
                        return turn.mustGiveWay();
                    },
                    result -> {
                        run.add(result);
                        note(result);
                    });
            progress((int) (request.total() * refresh.progress()), request.total());
            Outcome outcome = run.end();
            return outcome instanceof Outcome.Done done && !complete
                    ? new Outcome.Unfinished(done.complete())
                    : outcome;
        }

        private Refresh begun() {
            Refresh underway = request.refresh();
            if (underway == null || underway.epoch() != turn.lease().epoch()) {
                List<Landing> all = topic.read(turn.stream()).landings();
                progress(0, all.size());
                underway = runner.refresh(
                        turn.stream(),
                        request.requested().models(),
                        landed(all),
                        turn.lease().epoch(),
                        request.requested().force());
                request.refresh(underway);
            }
            return underway;
        }

        private Outcome drop() {
            int dropped = runner.dropDeadLetters(turn.stream(), files());
            request.result(dropped + " dropped");
            progress(dropped, dropped);
            return new Outcome.Done(true);
        }

        /** Those that it names, or all that are left out; chosen once, since a file that is retried is so no more. */
        private Set<String> files() {
            Set<String> files = request.files();
            if (files == null) {
                List<String> named = request.requested().files();
                files = named.isEmpty()
                        ? runner.deadLetters(turn.stream()).stream()
                                .map(dead -> dead.file().key())
                                .collect(Collectors.toSet())
                        : Set.copyOf(named);
                request.files(files);
            }
            return files;
        }

        private Outcome audit() {
            RunRequested requested = request.requested();
            int sample =
                    requested.sample() == null ? AUDIT_SAMPLE : (int) Math.min(MAX_AUDIT_SAMPLE, requested.sample());
            List<String> results = new ArrayList<>();
            int models = requested.models().size();
            for (String model : requested.models()) {
                progress(results.size(), models);
                results.add(EventJson.write(runner.audit(turn.stream(), model, List.of(), sample)));
            }
            progress(models, models);
            request.result("[" + String.join(",", results) + "]");
            return new Outcome.Done(true);
        }

        private Outcome replay(Predicate<Landing> wanted) {
            List<Landing> landings = select(topic.read(turn.stream()).landings(), wanted);
            int skip = Math.min(request.done(), landings.size());
            progress(skip, landings.size());
            boolean again = request.requested().cause().equals(RunRequested.REPLAY);
            Outcome outcome = inSlices(
                    turn,
                    landings.subList(skip, landings.size()),
                    others(runner, turn.lease(), again),
                    this::note,
                    done -> progress(skip + done, landings.size()));
            return turn.lease().aside().isPresent() && outcome instanceof Outcome.Done
                    ? new Outcome.Unfinished(outcome.complete())
                    : outcome;
        }

        private void note(RunResult result) {
            if (result instanceof RunResult.Failed failed) {
                // What may pass is told while the request waits, and is forgotten when it has passed.
                if (!failed.retryable()) {
                    request.problem(failed.event().error());
                }
            } else if (result instanceof RunResult.Skipped skipped) {
                request.problem(skipped.model() + " was not run: " + skipped.reason());
            } else if (!result.deadLettered().isEmpty()) {
                DeadLettered first = result.deadLettered().get(0);
                request.problem(result.model() + " leaves out "
                        + (result.deadLettered().size() == 1
                                ? "a file"
                                : result.deadLettered().size() + " files")
                        + ", " + first.file().key() + ": " + first.reason());
            }
        }

        private void progress(int done, int total) {
            request.progress(done, total);
            reporter.request(request, "running", "");
        }
    }
}
