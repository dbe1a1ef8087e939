package dev.landfall.core;

import dev.landfall.event.LaneStatus;
import dev.landfall.event.PartitionLanded;
import dev.landfall.project.StreamName;
import dev.landfall.runner.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One stream's ordered lane: what waits, and at most one turn at a time. It knows nothing of threads. */
final class Lane {
    private final StreamName stream;
    private final Map<String, Landing> waiting = new LinkedHashMap<>();
    private final Deque<OpenRequest> requests = new ArrayDeque<>();

    private @Nullable Lease lease;
    /** Commits the offsets of all records that came; those that waited when the turn began, apart. */
    private @Nullable Runnable commit;

    private @Nullable Runnable commitOfTurn;

    /** Wanted, and not begun: what comes during a catching up asks for another. */
    private boolean catchUp;

    private boolean incomplete;
    private boolean scheduled;
    private boolean sleeping;
    private @Nullable Turn underway;
    /** Landings below this offset are taken care of by a catching up. */
    private long covered;

    private @Nullable Landing newest;
    private long seenOffset = -1;
    private long appliedOffset = -1;
    private int failures;
    private @Nullable String error;
    private @Nullable Instant nextTry;

    Lane(StreamName stream) {
        this.stream = stream;
    }

    StreamName stream() {
        return stream;
    }

    synchronized void assign(long startOffset, boolean rewound) {
        lose();
        lease = new Lease(stream, startOffset, rewound);
        catchUp = true;
    }

    /** Forgets what waits: the next owner gets it again. What runs must not commit. */
    synchronized void lose() {
        if (lease != null) {
            lease.lose();
        }
        lease = null;
        waiting.clear();
        requests.clear();
        commit = null;
        commitOfTurn = null;
        catchUp = false;
        incomplete = false;
        covered = 0;
        failures = 0;
        error = null;
        nextTry = null;
    }

    /**
     * Takes records in.
     *
     * @param toCommit commits the offsets of all records that came so far
     */
    synchronized void add(Collection<Landing> landings, Runnable toCommit) {
        if (lease == null) {
            return;
        }
        for (Landing landing : landings) {
            seenOffset = Math.max(seenOffset, landing.offset());
            newest = newest == null || newest.offset() <= landing.offset() ? landing : newest;
            if (landing.offset() >= covered) {
                waiting.merge(landing.key(), landing, Lane::newer);
            }
        }
        commit = toCommit;
        if (underway == null && !hasWork()) {
            commitAll();
        }
    }

    synchronized boolean request(OpenRequest request) {
        if (lease == null) {
            return false;
        }
        requests.add(request);
        return true;
    }

    /** Compares the whole topic with the ledger at the next turn. */
    synchronized void wantCatchUp() {
        if (lease != null) {
            lease.compared().clear();
            catchUp = true;
        }
    }

    /** Whether a run failed, or left something over. */
    synchronized boolean isIncomplete() {
        return incomplete || failures > 0;
    }

    /** Looks again for what is left over, unless that is under way; says whether it will. */
    synchronized boolean recheck() {
        if (!isIncomplete() || (underway != null && underway.catchUp())) {
            return false;
        }
        wantCatchUp();
        return true;
    }

    /** Whether a table is being built anew, in parts. */
    synchronized boolean isRefreshing() {
        OpenRequest request = requests.peek();
        return (lease != null && lease.aside().isPresent()) || (request != null && request.refresh() != null);
    }

    synchronized boolean isHeld() {
        return lease != null;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    synchronized boolean isRunning() {
        return underway != null;
    }

    /** When the oldest landing was seen that has not been applied; empty when all have. */
    synchronized Optional<Instant> oldestWaiting() {
        Stream<Landing> taken = underway == null ? Stream.of() : underway.landings().stream();
        Stream<Landing> aside = Stream.ofNullable(lease)
                .flatMap(held -> held.aside().stream())
                .flatMap(gaveWay -> gaveWay.landings().stream());
        Optional<Instant> oldest = Stream.of(taken, aside, waiting.values().stream())
                .flatMap(each -> each)
                .map(landing -> landing.landed().detectedAt())
                .min(Comparator.naturalOrder());
        Landing last = newest;
        return oldest.isPresent() || last == null || seenOffset <= appliedOffset
                ? oldest
                : Optional.of(last.landed().detectedAt());
    }

    /** Says true once for work that nobody has been told to do yet. */
    synchronized boolean schedule() {
        if (scheduled || !hasWork()) {
            return false;
        }
        scheduled = true;
        return true;
    }

    /** Says true once to the first one that ends the lane's waiting after a failure. */
    synchronized boolean wakeUp() {
        boolean slept = sleeping;
        sleeping = false;
        return slept;
    }

    /** Takes what there is to do; empty when there is nothing any more. */
    synchronized Optional<Turn> begin(BooleanSupplier othersWait) {
        Lease held = lease;
        if (held == null || !hasWork()) {
            scheduled = false;
            return Optional.empty();
        }
        nextTry = null;
        commitOfTurn = commit;
        commit = null;
        List<Landing> landings = new ArrayList<>(waiting.values());
        landings.sort(Comparator.comparingLong(Landing::offset));
        waiting.clear();
        boolean free = !catchUp && landings.isEmpty();
        Optional<SetAside> aside = free ? held.aside() : Optional.empty();
        Optional<OpenRequest> request =
                free && aside.isEmpty() ? Optional.ofNullable(requests.peek()) : Optional.empty();
        Turn turn = new Turn(this, held, catchUp, landings, aside, request, othersWait);
        underway = turn;
        catchUp = false;
        return Optional.of(turn);
    }

    synchronized boolean hasMore(Turn turn) {
        return turn.lease() == lease
                && (!waiting.isEmpty() || requests.size() > (turn.request().isPresent() ? 1 : 0));
    }

    synchronized boolean isOvertaken(Turn turn) {
        return turn.lease() != lease || !waiting.isEmpty();
    }

    synchronized void cover(Turn turn, long offset) {
        if (turn.lease() == lease) {
            covered = Math.max(covered, offset);
            waiting.values().removeIf(landing -> landing.offset() < covered);
        }
    }

    /** Closes a turn; gives the time to wait before the next one, empty when there is no next one. */
    synchronized Optional<Duration> end(Turn turn, Outcome outcome, Backoff backoff) {
        underway = null;
        Duration wait = Duration.ZERO;
        if (turn.lease() == lease) {
            if (outcome instanceof Outcome.Done done) {
                finish(turn, done.complete());
            } else if (outcome instanceof Outcome.Unfinished unfinished) {
                keep(turn);
                succeed(unfinished.complete());
            } else {
                keep(turn);
                wait = fail(turn, outcome, backoff);
            }
        }
        scheduled = hasWork();
        sleeping = scheduled && !wait.isZero();
        return scheduled ? Optional.of(wait) : Optional.empty();
    }

    private void finish(Turn turn, boolean complete) {
        if (turn.catchUp()) {
            incomplete = false;
            appliedOffset = Math.max(appliedOffset, covered - 1);
        }
        if (!turn.landings().isEmpty()) {
            Landing last = turn.landings().get(turn.landings().size() - 1);
            appliedOffset = Math.max(appliedOffset, last.offset());
        }
        turn.request().ifPresent(requests::remove);
        if (turn.refreshes() && complete && incomplete) {
            // What had to wait for the refresh can be taken now.
            wantCatchUp();
        }
        succeed(complete);
        if (turn.lease().aside().isPresent()) {
            keepCommit();
            return;
        }
        if (commitOfTurn != null) {
            commitOfTurn.run();
            commitOfTurn = null;
        }
        if (waiting.isEmpty()) {
            commitAll();
        }
    }

    private void succeed(boolean complete) {
        incomplete |= !complete;
        failures = 0;
        error = null;
    }

    private Duration fail(Turn turn, Outcome outcome, Backoff backoff) {
        if (outcome instanceof Outcome.Failed failed) {
            error = failed.error();
        } else if (outcome instanceof Outcome.Lost lost) {
            error = lost.reason();
            turn.lease().epoch(Lease.NOT_TAKEN);
            catchUp = true;
        }
        failures++;
        Duration wait = backoff.after(failures);
        nextTry = Instant.now().plus(wait);
        return wait;
    }

    /** What could not be done waits again; what came meanwhile is newer and wins. A catching up reads it once more. */
    private void keep(Turn turn) {
        keepCommit();
        if (!turn.catchUp()) {
            turn.landings().forEach(landing -> waiting.merge(landing.key(), landing, Lane::newer));
            return;
        }
        if (catchUp) {
            turn.lease().compared().clear();
        }
        catchUp = true;
    }

    private void keepCommit() {
        commit = commit == null ? commitOfTurn : commit;
        commitOfTurn = null;
    }

    private void commitAll() {
        if (commit != null) {
            commit.run();
            commit = null;
        }
    }

    private boolean hasWork() {
        return lease != null
                && (catchUp
                        || !waiting.isEmpty()
                        || !requests.isEmpty()
                        || lease.aside().isPresent());
    }

    private static Landing newer(Landing one, Landing other) {
        return one.offset() > other.offset() ? one : other;
    }

    synchronized LaneStatus status() {
        PartitionLanded last = newest == null ? null : newest.landed();
        return new LaneStatus(
                stream.toString(),
                state(),
                last == null ? null : Partitions.path(last),
                last == null ? null : last.detectedAt(),
                seenOffset,
                appliedOffset,
                (long) waiting.size(),
                (long) requests.size(),
                (long) failures,
                error,
                nextTry,
                Instant.now());
    }

    private String state() {
        if (failures > 0) {
            return "failing";
        }
        if (underway != null) {
            return underway.catchUp() ? "catching-up" : "running";
        }
        return hasWork() ? "waiting" : "idle";
    }
}
