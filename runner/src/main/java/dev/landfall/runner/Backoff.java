package dev.landfall.runner;

import java.time.Duration;

/** How long to wait after so many failures in a row: doubled each time, up to a limit. */
public record Backoff(Duration first, Duration limit) {
    public Duration after(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), 30);
        Duration wait = first.multipliedBy(1L << doublings);
        return wait.compareTo(limit) < 0 ? wait : limit;
    }
}
