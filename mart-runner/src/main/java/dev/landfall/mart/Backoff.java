package dev.landfall.mart;

import java.time.Duration;

/** How long the next wave waits after so many failures in a row: doubled each time, up to a limit. */
record Backoff(Duration first, Duration limit) {
    Duration after(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), 30);
        Duration wait = first.multipliedBy(1L << doublings);
        return wait.compareTo(limit) < 0 ? wait : limit;
    }
}
