package dev.landfall.mart;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Says when a wave begins: shortly after the last event, so that what lands together is built together, but not much
 * later than the first one, however many come. Times are those of {@link System#nanoTime}.
 */
final class WaveClock {
    private final long linger;
    private final long maxLinger;
    private final long maxStaleness;
    private final Set<String> moreToCome = new HashSet<>();
    private boolean woken;
    private long first;
    private long last;

    /**
     * @param linger after the last event
     * @param maxLinger after the first event
     * @param maxStaleness after the first event, while some model says that more is to come
     */
    WaveClock(Duration linger, Duration maxLinger, Duration maxStaleness) {
        this.linger = linger.toNanos();
        this.maxLinger = maxLinger.toNanos();
        this.maxStaleness = maxStaleness.toNanos();
    }

    /** A model was materialized. */
    void materialized(String model, boolean more, long now) {
        wake(now);
        if (more) {
            moreToCome.add(model);
        } else {
            moreToCome.remove(model);
        }
    }

    private void wake(long now) {
        if (!woken) {
            woken = true;
            first = now;
        }
        last = now;
    }

    /** When the next wave begins; empty when nothing asks for one. */
    OptionalLong due() {
        if (!woken) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                moreToCome.isEmpty() ? Math.min(last + linger, first + maxLinger) : first + maxStaleness);
    }

    /** The wave begins: what comes from now on belongs to the next one. */
    void begin() {
        woken = false;
        moreToCome.clear();
    }
}
