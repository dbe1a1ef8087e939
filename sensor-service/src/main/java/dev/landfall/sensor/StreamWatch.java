package dev.landfall.sensor;

import dev.landfall.lake.LakeException;
import dev.landfall.lake.Layout.Kind;
import dev.landfall.project.StreamName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a stream's poll its turns, one after the other, on threads that all streams share. What fails is told once and
 * tried again, less and less often.
 */
final class StreamWatch {
    private static final Logger log = LoggerFactory.getLogger(StreamWatch.class);
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LIMIT = Duration.ofSeconds(30);
    private static final Duration LONG_TURN = Duration.ofSeconds(5);

    /** However often somebody calls, so often at most is looked. */
    private static final Duration BETWEEN_HURRIES = Duration.ofMillis(500);

    private final StreamName stream;
    private final StreamPoll poll;
    private final ScheduledExecutorService threads;
    private final InstantSource clock;
    private final Observer observer;

    private @Nullable ScheduledFuture<?> next;
    private boolean isRunning;
    private boolean isHurried;
    private Instant lastHurry = Instant.MIN;
    private volatile boolean isStopped;
    private int failures;
    private volatile @Nullable String problem;
    private volatile @Nullable String lakeProblem;
    private volatile boolean hasLooked;
    private volatile @Nullable Instant turnBegan;
    private volatile boolean isListed;
    private volatile boolean isSettled;
    private volatile Census census = new Census();
    private long unknownTold;

    /** Is told of every turn. */
    interface Observer {
        void looked(Duration time);

        void failed();

        /** What was written cannot be told; the stream must be begun anew from its topic. */
        void mustBeginAnew();
    }

    StreamWatch(
            StreamName stream,
            StreamPoll poll,
            ScheduledExecutorService threads,
            InstantSource clock,
            Observer observer) {
        this.stream = stream;
        this.poll = poll;
        this.threads = threads;
        this.clock = clock;
        this.observer = observer;
    }

    synchronized void start() {
        schedule(Duration.ZERO);
    }

    /** Looks as soon as can be. */
    synchronized void hurry() {
        isHurried = true;
        if (!isRunning && !isStopped) {
            if (next != null) {
                next.cancel(false);
            }
            schedule(untilNextHurry());
        }
    }

    private Duration untilNextHurry() {
        Instant now = clock.instant();
        Instant earliest = lastHurry.equals(Instant.MIN) ? now : lastHurry.plus(BETWEEN_HURRIES);
        return earliest.isAfter(now) ? Duration.between(now, earliest) : Duration.ZERO;
    }

    /** No turn begins after this; one that runs may end. */
    synchronized void stop() {
        isStopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    boolean isStopped() {
        return isStopped;
    }

    /** Whether the stream has been listed from end to end. */
    boolean isListed() {
        return isListed;
    }

    /** Whether the stream has been listed from end to end, and all that was found is announced. */
    boolean isSettled() {
        return isSettled;
    }

    /** What lies below the stream's prefix, as of the last full listing, or the last whole sweep. */
    Census census() {
        return census;
    }

    /** Why the last turn failed, or null. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Why the lake could not be read at the last turn, or null. */
    @Nullable
    String lakeProblem() {
        return lakeProblem;
    }

    /** Whether a turn has ended, well or not. */
    boolean hasLooked() {
        return hasLooked;
    }

    /** Whether a turn takes so long now that how the last one ended says nothing any more. */
    boolean isLookingLong() {
        Instant began = turnBegan;
        return began != null && began.plus(LONG_TURN).isBefore(clock.instant());
    }

    private void schedule(Duration delay) {
        next = threads.schedule(this::turn, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void turn() {
        synchronized (this) {
            if (isStopped || isRunning) {
                return;
            }
            isRunning = true;
            if (isHurried) {
                isHurried = false;
                lastHurry = clock.instant();
                poll.hurry();
            }
        }
        Duration delay = look();
        synchronized (this) {
            isRunning = false;
            if (!isStopped) {
                schedule(isHurried ? untilNextHurry() : delay);
            }
        }
    }

    private Duration look() {
        Instant begun = clock.instant();
        turnBegan = begun;
        try {
            Instant wanted = poll.turn();
            Instant now = clock.instant();
            observer.looked(Duration.between(begun, now));
            passed();
            Duration delay = Duration.between(now, wanted);
            return delay.compareTo(SHORTEST) < 0 ? (poll.isListed() ? SHORTEST : Duration.ZERO) : delay;
        } catch (LakeException e) {
            lakeProblem = e.getMessage();
            failed(String.valueOf(e.getMessage()), null);
        } catch (NotAnnouncedException e) {
            lakeProblem = null;
            if (isStopped) {
                return Duration.ZERO;
            }
            failed(String.valueOf(e.getMessage()), null);
            if (e.unknown()) {
                observer.mustBeginAnew();
            }
        } catch (RuntimeException e) {
            failed("a bug: " + e, e);
        } finally {
            turnBegan = null;
        }
        Duration delay = RETRY_FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        return delay.compareTo(RETRY_LIMIT) > 0 ? RETRY_LIMIT : delay;
    }

    private void passed() {
        hasLooked = true;
        isListed = poll.isListed();
        isSettled = poll.isSettled();
        failures = 0;
        lakeProblem = null;
        if (problem != null) {
            log.info("stream {}: well again", stream);
            problem = null;
        }
        census = poll.census();
        long unknown = census.of(Kind.UNKNOWN);
        if (unknown != unknownTold) {
            unknownTold = unknown;
            log.warn(
                    "stream {}: {} below its prefix have names that are not read, such as {};"
                            + " names end in .parquet, .jsonl, .jsonl.gz, .csv or .csv.gz",
                    stream,
                    unknown == 1 ? "one object" : unknown + " objects",
                    census.unknownExample());
        }
    }

    private void failed(String message, @Nullable Exception bug) {
        hasLooked = true;
        failures++;
        observer.failed();
        if (!message.equals(problem)) {
            log.error("stream {}: {}", stream, message, bug);
            problem = message;
        }
    }
}
