package dev.landfall.core;

import dev.landfall.event.RunRequested;
import dev.landfall.run.Refresh;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request that is being worked off, and how far it is. */
final class OpenRequest {
    private final RunRequested requested;
    private final Instant startedAt = Instant.now();
    private volatile boolean begun;
    private volatile int done;
    private volatile int total;
    private volatile String problem = "";
    private volatile String result = "";
    private @Nullable Refresh refresh;
    private @Nullable Set<String> files;

    OpenRequest(RunRequested requested) {
        this.requested = requested;
    }

    /** The full refresh that it asks for, once begun. */
    @Nullable
    Refresh refresh() {
        return refresh;
    }

    void refresh(@Nullable Refresh underway) {
        refresh = underway;
    }

    /** Keys of what it takes from the dead letters, once chosen. */
    @Nullable
    Set<String> files() {
        return files;
    }

    void files(Set<String> chosen) {
        files = chosen;
    }

    RunRequested requested() {
        return requested;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Whether a turn has told how far it is. */
    boolean begun() {
        return begun;
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

    /** What was done; empty when there is nothing to say. */
    String result() {
        return result;
    }

    void result(String what) {
        result = what;
    }

    void progress(int newDone, int newTotal) {
        begun = true;
        done = newDone;
        total = newTotal;
    }
}
