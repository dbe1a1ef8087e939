package dev.landfall.warehouse;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What could not be written for want of space: a full disk is seen by nobody who only reads. Each is told until the same
 * is written, or was not tried for a while.
 */
final class WriteFailures {
    /** Longer than any pause between two tries of a run. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Map<String, Failure> byPurpose = new ConcurrentHashMap<>();

    private record Failure(WarehouseException cause, Instant at) {}

    void failed(String purpose, WarehouseException cause) {
        byPurpose.put(purpose, new Failure(cause, Instant.now()));
    }

    void written(String purpose) {
        byPurpose.remove(purpose);
    }

    Optional<WarehouseException> any() {
        Instant forgotten = Instant.now().minus(REMEMBERED);
        byPurpose.values().removeIf(failure -> failure.at().isBefore(forgotten));
        return byPurpose.values().stream().map(Failure::cause).findFirst();
    }
}
