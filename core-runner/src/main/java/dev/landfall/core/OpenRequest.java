package dev.landfall.core;

import dev.landfall.event.RunRequested;
import java.time.Instant;

/** A request that is being worked off, and how far it is. */
final class OpenRequest {
    private final RunRequested requested;
    private final Instant startedAt = Instant.now();
    private volatile int done;
    private volatile int total;
    private volatile String problem = "";

    OpenRequest(RunRequested requested) {
        this.requested = requested;
    }

    RunRequested requested() {
        return requested;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Partitions worked off, of {@link #total()}. */
    int done() {
        return done;
    }

    int total() {
        return total;
    }

    /** What went wrong with a part of it; empty when nothing did. */
    String problem() {
        return problem;
    }

    void problem(String what) {
        problem = what;
    }

    void progress(int newDone, int newTotal) {
        done = newDone;
        total = newTotal;
    }
}
