package dev.landfall.core;

import dev.landfall.project.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a lane has to do when its turn comes: of what was set aside and the request there is one at most, and only when
 * there is nothing else to do.
 *
 * @param catchUp whether the whole landed topic is to be compared with the ledger
 * @param landings what landed meanwhile, the newest of each key, in the order of the topic
 * @param aside what gave way to fresh landings
 * @param request the oldest request that waits
 * @param othersWait whether other lanes wait for a thread, or the runner stops
 */
record Turn(
        Lane lane,
        Lease lease,
        boolean catchUp,
        List<Landing> landings,
        Optional<SetAside> aside,
        Optional<OpenRequest> request,
        BooleanSupplier othersWait) {

    StreamName stream() {
        return lease.stream();
    }

    /** Whether the lane has further work waiting already. */
    boolean more() {
        return lane.hasMore(this);
    }

    /**
     * Whether to stop between two pieces of the work: something fresh waits in this lane, other lanes wait, the lease is
     * lost or the runner stops.
     */
    boolean mustGiveWay() {
        return othersWait.getAsBoolean() || lane.isOvertaken(this);
    }

    /** Whether a table may be built anew: one refresh of a lane at a time. */
    boolean mayRefresh() {
        return !lane.isRefreshing();
    }

    /** Whether it goes on with, or begins, what builds tables anew. */
    boolean refreshes() {
        return aside.isPresent()
                || request.filter(each -> each.refresh() != null).isPresent();
    }

    /** Tells the lane that this catching up takes care of every landing below an offset. */
    void covers(long offset) {
        lane.cover(this, offset);
    }
}
