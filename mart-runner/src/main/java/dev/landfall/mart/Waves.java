package dev.landfall.mart;

import dev.landfall.runner.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one wave after the other, on a thread of its own: when the clock says so, at once when told so, again after a
 * failure, and now and then without any reason. Only while this runner holds the topic; of several replicas one does.
 */
final class Waves {
    private static final Logger log = LoggerFactory.getLogger(Waves.class);
    private static final long NEVER = Long.MAX_VALUE;
    private static final Duration CANCELLING = Duration.ofSeconds(5);

    private final WaveClock clock;
    private final Duration recheck;
    private final Backoff backoff;
    private final Wave wave;
    private final Thread thread = new Thread(this::loop, "wave");

    private boolean held;
    private boolean stopping;
    private boolean running;
    private boolean now;
    private int failures;
    private long nextLook = NEVER;
    private @Nullable Runnable commit;

    /** One wave. */
    @FunctionalInterface
    interface Wave {
        /** Says false when something failed that may pass: the next wave comes after a while. */
        boolean run() throws InterruptedException;
    }

    Waves(WaveClock clock, Duration recheck, Backoff backoff, Wave wave) {
        this.clock = clock;
        this.recheck = recheck;
        this.backoff = backoff;
        this.wave = wave;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** This runner holds the topic now: it looks at everything at once. */
    synchronized void assigned() {
        held = true;
        beginNow();
    }

    synchronized void revoked() {
        held = false;
        commit = null;
    }

    /**
     * A model was materialized.
     *
     * @param more whether its runner says that more is to come
     */
    synchronized void materialized(String model, boolean more) {
        clock.materialized(model, more, System.nanoTime());
        notifyAll();
    }

    /** Takes what commits the offsets of all events that came so far: called after the next wave. */
    synchronized void commitAfterwards(Runnable toCommit) {
        commit = toCommit;
        if (clock.due().isEmpty() && !running && failures == 0) {
            commitNow();
        }
    }

    /** Begins a wave without lingering: the project changed, or somebody asks. */
    synchronized void beginNow() {
        now = true;
        notifyAll();
    }

    synchronized int failures() {
        return failures;
    }

    /**
     * Begins no wave any more and waits for the one that runs; says whether it ended in time, and is cancelled when not.
     *
     * @param cancel ends what runs
     */
    boolean drain(Duration limit, Runnable cancel) {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        try {
            thread.join(Math.max(1, limit.toMillis()));
            if (!thread.isAlive()) {
                return true;
            }
            synchronized (this) {
                commit = null;
            }
            thread.interrupt();
            cancel.run();
            thread.join(CANCELLING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void loop() {
        try {
            while (awaitBeginning()) {
                end(run());
            }
        } catch (InterruptedException stopped) {
            log.debug("the wave was interrupted");
        }
    }

    private boolean run() throws InterruptedException {
        try {
            return wave.run();
        } catch (RuntimeException e) {
            log.error("the wave failed unexpectedly; another one is tried", e);
            return false;
        }
    }

    /** Waits for the time of the next wave; false when there is none any more. */
    private synchronized boolean awaitBeginning() throws InterruptedException {
        while (!stopping) {
            long wait = held ? untilBeginning() : NEVER;
            if (wait <= 0) {
                now = false;
                running = true;
                clock.begin();
                return true;
            }
            if (wait == NEVER) {
                wait();
            } else {
                wait(wait / 1_000_000 + 1);
            }
        }
        return false;
    }

    /** In nanoseconds. A failure that goes on makes events wait, too. */
    private long untilBeginning() {
        if (now) {
            return 0;
        }
        long time = System.nanoTime();
        long look = nextLook == NEVER ? NEVER : nextLook - time;
        return failures > 0 || clock.due().isEmpty()
                ? look
                : Math.min(look, clock.due().getAsLong() - time);
    }

    private synchronized void end(boolean fine) {
        running = false;
        failures = fine ? 0 : failures + 1;
        Duration pause = fine ? recheck : backoff.after(failures);
        nextLook = System.nanoTime() + pause.toNanos();
        if (fine && clock.due().isEmpty()) {
            commitNow();
        }
    }

    private void commitNow() {
        if (commit != null) {
            commit.run();
            commit = null;
        }
    }
}
