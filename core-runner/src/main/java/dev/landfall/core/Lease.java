package dev.landfall.core;

import dev.landfall.project.StreamName;

/**
 * This runner's hold on a stream's lane, from the assignment of its topic until the revocation. A run that outlives its
 * lease must not commit an offset.
 */
final class Lease {
    /** The epoch of a lease that has not taken the lane in the warehouse yet. */
    static final long NOT_TAKEN = -1;

    private final StreamName stream;
    private final long startOffset;
    private volatile boolean lost;
    private volatile long epoch = NOT_TAKEN;
    private volatile long replayedTo;

    /** @param startOffset the committed offset that the lane starts from */
    Lease(StreamName stream, long startOffset) {
        this.stream = stream;
        this.startOffset = startOffset;
        this.replayedTo = startOffset;
    }

    StreamName stream() {
        return stream;
    }

    long startOffset() {
        return startOffset;
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

    /** How far a rewound lane has re-applied: the next offset to do. */
    long replayedTo() {
        return replayedTo;
    }

    void replayedTo(long offset) {
        replayedTo = offset;
    }

    @Override
    public String toString() {
        return "lease of " + stream + " from offset " + startOffset;
    }
}
