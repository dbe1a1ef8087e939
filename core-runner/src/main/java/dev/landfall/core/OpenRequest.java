package dev.landfall.core;

import dev.landfall.event.RunRequested;
import java.time.Instant;

/** A request that is being worked off, and how far it is. */
final class OpenRequest {
    private final RunRequested requested;
    private final Instant startedAt = Instant.now();
    private volatile int done;
    private volatile int total;

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

    void progress(int newDone, int newTotal) {
        done = newDone;
        total = newTotal;
    }
}
