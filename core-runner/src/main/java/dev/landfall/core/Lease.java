package dev.landfall.core;

import dev.landfall.project.StreamName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * This runner's hold on a stream's lane, from the assignment of its topic until the revocation. A run that outlives its
 * lease must not commit an offset.
 */
final class Lease {
    /** The epoch of a lease that has not taken the lane in the warehouse yet. */
    static final long NOT_TAKEN = -1;

    private final StreamName stream;
    private final long startOffset;
    private volatile boolean rewound;
    private volatile long replayEnd = Long.MAX_VALUE;
    private volatile boolean lost;
    private volatile long epoch = NOT_TAKEN;
    private volatile long nextRecord;
    private volatile @Nullable SetAside aside;
    private final Set<Long> compared = ConcurrentHashMap.newKeySet();
    private final Set<Long> replayed = ConcurrentHashMap.newKeySet();

    /**
     * A hold that begins.
     *
     * @param startOffset the committed offset that the lane starts from
     * @param rewound whether somebody set that offset so that what lies behind it is applied again
     */
    Lease(StreamName stream, long startOffset, boolean rewound) {
        this.stream = stream;
        this.startOffset = startOffset;
        this.rewound = rewound;
        this.nextRecord = startOffset;
    }

    StreamName stream() {
        return stream;
    }

    boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    /** What fences out earlier holders, in the warehouse. */
    long epoch() {
        return epoch;
    }

    void epoch(long taken) {
        epoch = taken;
    }

    /** What comes from this offset on is fresh. */
    void replayBelow(long offset) {
        replayEnd = Math.min(replayEnd, offset);
    }

    /** Whether a landing is still to be applied again, though the ledger has it. */
    boolean isToBeReplayed(long offset) {
        return rewound && offset >= startOffset && offset < replayEnd && !replayed.contains(offset);
    }

    void replayed(long offset) {
        replayed.add(offset);
    }

    /** All that was to be applied again has been. */
    void endReplay() {
        rewound = false;
        replayed.clear();
    }

    /** The offset of the next record of the topic that no run of this lease has covered. */
    long nextRecord() {
        return nextRecord;
    }

    void nextRecord(long offset) {
        nextRecord = Math.max(nextRecord, offset);
    }

    /** What gave way and is not done. */
    Optional<SetAside> aside() {
        return Optional.ofNullable(aside);
    }

    void aside(@Nullable SetAside landings) {
        aside = landings;
    }

    /** Offsets of the landings that the catching up under way has compared already: it may have to give way often. */
    Set<Long> compared() {
        return compared;
    }

    @Override
    public String toString() {
        return "lease of " + stream + " from offset " + startOffset;
    }
}
