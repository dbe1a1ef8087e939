package dev.landfall.core;

import dev.landfall.event.LaneStatus;
import dev.landfall.project.StreamName;
import dev.landfall.runner.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ordered lane per stream. Lanes run side by side on a few threads, in turns: a lane that has to wait after a
 * failure holds no thread, and whatever lands while a lane waits or runs joins its next run.
 */
final class StreamLanes {
    private static final Logger log = LoggerFactory.getLogger(StreamLanes.class);
    private static final Duration CANCELLING = Duration.ofSeconds(5);

    private final Map<StreamName, Lane> lanes = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService timer;
    private final Backoff backoff;
    private final LaneWork work;
    private volatile Consumer<StreamName> changed = stream -> {};
    private volatile boolean stopping;

    /** What is done in a turn. */
    @FunctionalInterface
    interface LaneWork {
        /** Called by one thread at a time for one lane. An exception counts as {@link Outcome.Failed}. */
        Outcome run(Turn turn) throws Exception;
    }

    /** @param recheck how long a lane with something left over waits before it looks for it again */
    StreamLanes(int maxConcurrentRuns, Backoff backoff, Duration recheck, LaneWork work) {
        this.threads = new ThreadPoolExecutor(
                maxConcurrentRuns, maxConcurrentRuns, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("run-"));
        this.threads.allowCoreThreadTimeOut(true);
        this.timer = Executors.newSingleThreadScheduledExecutor(named("lane-timer-"));
        this.backoff = backoff;
        this.work = work;
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(
                this::recheck, recheck.toMillis(), recheck.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Told after each change of a lane's state. */
    void onChange(Consumer<StreamName> listener) {
        changed = listener;
    }

    /**
     * This runner now has the stream; its lane starts with catching up.
     *
     * @param startOffset the offset that is committed
     * @param rewound whether somebody set that offset so that what lies behind it is applied again
     */
    void assigned(StreamName stream, long startOffset, boolean rewound) {
        Lane lane = lanes.computeIfAbsent(stream, Lane::new);
        lane.assign(startOffset, rewound);
        wakeNow(lane);
    }

    /** Another runner has the stream now, or soon will. */
    void revoked(StreamName stream) {
        // The lane stays: a run that is still under way keeps the next lease from running beside it.
        Lane lane = lanes.get(stream);
        if (lane != null) {
            lane.lose();
        }
    }

    /**
     * Hands records over; never blocks.
     *
     * @param commit commits the offsets of all records of the stream that came so far
     */
    void landed(StreamName stream, Collection<Landing> landings, Runnable commit) {
        Lane lane = lanes.get(stream);
        if (lane != null) {
            lane.add(landings, commit);
            wake(lane);
        }
    }

    /** Takes a request, and says whether this runner has the stream. */
    boolean request(StreamName stream, OpenRequest request) {
        Lane lane = lanes.get(stream);
        if (lane == null || !lane.request(request)) {
            return false;
        }
        wake(lane);
        return true;
    }

    /**
     * Compares whole topics with the ledger, because models are new or changed.
     *
     * @param wanted of which streams; those that fail or have something left over are always among them
     */
    void catchUp(Predicate<StreamName> wanted) {
        for (Lane lane : lanes.values()) {
            if (lane.isIncomplete() || wanted.test(lane.stream())) {
                lane.wantCatchUp();
                wakeNow(lane);
            }
        }
    }

    /** The streams that this runner has, in the order of their names. */
    List<StreamName> held() {
        return lanes.values().stream()
                .filter(Lane::isHeld)
                .map(Lane::stream)
                .sorted()
                .toList();
    }

    int waiting(StreamName stream) {
        Lane lane = lanes.get(stream);
        return lane == null ? 0 : lane.waiting();
    }

    /** When the oldest landing was seen that the stream's models have not; empty when there is none. */
    Optional<Instant> oldestWaiting(StreamName stream) {
        return Optional.ofNullable(lanes.get(stream)).flatMap(Lane::oldestWaiting);
    }

    long running() {
        return lanes.values().stream().filter(Lane::isRunning).count();
    }

    Optional<LaneStatus> status(StreamName stream) {
        return Optional.ofNullable(lanes.get(stream)).map(Lane::status);
    }

    List<LaneStatus> status() {
        return lanes.values().stream()
                .filter(Lane::isHeld)
                .map(Lane::status)
                .sorted(Comparator.comparing(LaneStatus::stream))
                .toList();
    }

    /**
     * Starts no turn any more and waits for those that run; says whether they ended in time. Those that did not are
     * cancelled, and commit nothing.
     *
     * @param cancel ends what runs
     */
    boolean drain(Duration limit, Runnable cancel) {
        stopping = true;
        timer.shutdownNow();
        threads.getQueue().clear();
        threads.shutdown();
        try {
            if (threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            lanes.values().forEach(Lane::lose);
            threads.shutdownNow();
            cancel.run();
            if (!threads.awaitTermination(CANCELLING.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("a run did not end within {} s of being cancelled", CANCELLING.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void wake(Lane lane) {
        if (lane.schedule()) {
            submit(lane);
        }
    }

    /** Also when the lane waits after a failure: what made it fail may be mended. */
    private void wakeNow(Lane lane) {
        if (lane.schedule() || lane.wakeUp()) {
            submit(lane);
        }
    }

    private void submit(Lane lane) {
        try {
            threads.execute(() -> turn(lane));
        } catch (RejectedExecutionException stopped) {
            log.debug("stopping; {} stays as it is", lane.stream());
        }
    }

    private void turn(Lane lane) {
        if (stopping) {
            return;
        }
        Optional<Turn> begun = lane.begin(() -> stopping || !threads.getQueue().isEmpty());
        if (begun.isEmpty()) {
            return;
        }
        Turn turn = begun.get();
        changed.accept(turn.stream());
        Outcome outcome = run(turn);
        Optional<Duration> next = lane.end(turn, outcome, backoff);
        changed.accept(turn.stream());
        if (next.isPresent() && !stopping) {
            again(lane, next.get());
        }
    }

    private Outcome run(Turn turn) {
        try {
            return work.run(turn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed("interrupted");
        } catch (Exception e) {
            log.error("the run of {} failed unexpectedly; it is tried again", turn.stream(), e);
            return new Outcome.Failed(String.valueOf(e));
        }
    }

    /** To the end of the queue, so that every lane gets its turn. */
    private void again(Lane lane, Duration wait) {
        if (wait.isZero()) {
            submit(lane);
            return;
        }
        try {
            ScheduledFuture<?> unused = timer.schedule(
                    () -> {
                        if (lane.wakeUp()) {
                            submit(lane);
                        }
                    },
                    wait.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            log.debug("stopping; {} is not tried again", lane.stream());
        }
    }

    private void recheck() {
        for (Lane lane : lanes.values()) {
            if (lane.recheck()) {
                wake(lane);
            }
        }
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
