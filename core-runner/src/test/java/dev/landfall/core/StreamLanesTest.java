package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.LaneStatus;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.RunRequested;
import dev.landfall.project.StreamName;
import dev.landfall.runner.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamLanesTest {
    private static final StreamName ORDERS = new StreamName("shop", "orders");
    private static final StreamName USERS = new StreamName("shop", "users");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> commits = Collections.synchronizedList(new ArrayList<>());
    private StreamLanes lanes =
            new StreamLanes(1, new Backoff(Duration.ofDays(1), Duration.ofDays(1)), Duration.ofDays(1), this::apply);

    @AfterEach
    void stop() {
        lanes.drain(LIMIT, () -> {});
    }

    @Test
    void startsWithCatchingUp() {
        assign(ORDERS);

        assertThat(runs).containsExactly("catch up shop.orders");
    }

    @Test
    void makesOneRunOfWhatLandsWhileTheLaneRuns() throws Exception {
        Gate gate = new Gate();
        work(2, turn -> {
            gate.pass();
            return apply(turn);
        });
        assign(ORDERS);

        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        gate.awaitArrival();
        lanes.landed(ORDERS, List.of(landing("day=2", 1)), () -> commits.add(2));
        lanes.landed(ORDERS, List.of(landing("day=3", 2), landing("day=2", 3)), () -> commits.add(4));
        gate.open();

        await(() -> commits.contains(4));
        assertThat(runs).containsExactly("catch up shop.orders", "shop.orders day=1@0", "shop.orders day=3@2 day=2@3");
        assertThat(commits).containsExactly(1, 4);
    }

    @Test
    void knowsTheOldestLandingUntilItIsApplied() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return apply(turn);
        });
        assign(ORDERS);
        assertThat(lanes.oldestWaiting(ORDERS)).isEmpty();

        gate.close();
        Landing first = landing("day=1", 0);
        lanes.landed(ORDERS, List.of(first), () -> {});
        gate.awaitArrival();
        lanes.landed(ORDERS, List.of(landing("day=2", 1)), () -> commits.add(2));

        assertThat(lanes.oldestWaiting(ORDERS)).contains(first.landed().detectedAt());
        assertThat(lanes.running()).isOne();
        gate.open();
        await(() -> commits.contains(2));
        await(() -> lanes.oldestWaiting(ORDERS).isEmpty());
        assertThat(lanes.oldestWaiting(USERS)).isEmpty();
    }

    @Test
    void letsTheNewestLandingOfAKeyWinInWhateverOrderTheyCome() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return apply(turn);
        });
        assign(ORDERS);

        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> {});
        gate.awaitArrival();
        lanes.landed(ORDERS, List.of(landing("day=2", 9)), () -> {});
        lanes.landed(ORDERS, List.of(landing("day=2", 5)), () -> {});
        gate.open();

        await(() -> runs.size() == 3);
        assertThat(runs).last().isEqualTo("shop.orders day=2@9");
    }

    @Test
    void doesNotDelayOneStreamByAnother() throws Exception {
        Gate gate = new Gate();
        work(2, turn -> {
            if (turn.stream().equals(ORDERS)) {
                gate.pass();
            }
            return apply(turn);
        });
        assign(ORDERS);
        assign(USERS);

        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        gate.awaitArrival();
        lanes.landed(USERS, List.of(landing("day=1", 0)), () -> commits.add(2));

        await(() -> commits.contains(2));
        assertThat(commits).containsExactly(2);
        gate.open();
        await(() -> commits.contains(1));
    }

    @Test
    void runsNoMoreLanesAtOnceThanAllowed() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        work(2, turn -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            two.countDown();
            two.await();
            Thread.sleep(20);
            running.decrementAndGet();
            return apply(turn);
        });

        for (int i = 0; i < 10; i++) {
            lanes.assigned(new StreamName("shop", "s" + i), 0, false);
        }

        await(() -> runs.size() == 10);
        assertThat(most).hasValue(2);
    }

    @Test
    void keepsTheWorkOfAFailedRunAndTriesAgainWithWhatCameMeanwhile() throws Exception {
        backoff(Duration.ofMillis(50), turn -> {
            if (!turn.catchUp() && turn.landings().size() < 2) {
                return new Outcome.Failed("the lake is away");
            }
            return apply(turn);
        });
        assign(ORDERS);

        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        LaneStatus failing = await(() -> lanes.status(ORDERS), status -> status.nextTry() != null);
        lanes.landed(ORDERS, List.of(landing("day=2", 1)), () -> commits.add(2));

        await(() -> commits.contains(2));
        assertThat(failing.state()).isEqualTo("failing");
        assertThat(failing.error()).isEqualTo("the lake is away");
        assertThat(runs).last().isEqualTo("shop.orders day=1@0 day=2@1");
        assertThat(commits).containsExactly(2);
        assertThat(lanes.status(ORDERS).orElseThrow().error()).isNull();
    }

    @Test
    void triesAgainAtOnceWhenTheProjectChanged() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        backoff(Duration.ofDays(1), turn -> {
            if (tries.getAndIncrement() == 0) {
                throw new IllegalStateException("planted");
            }
            return apply(turn);
        });
        lanes.assigned(ORDERS, 0, false);
        await(() -> failing(ORDERS));

        lanes.catchUp(stream -> false);

        await(() -> runs.equals(List.of("catch up shop.orders")));
        await(() -> !failing(ORDERS));
    }

    @Test
    void catchesUpOnceMoreWhenTheProjectChangesDuringACatchingUp() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return apply(turn);
        });
        gate.close();
        lanes.assigned(ORDERS, 0, false);
        gate.awaitArrival();

        lanes.catchUp(ORDERS::equals);
        gate.open();

        await(() -> lanes.status(ORDERS).orElseThrow().state().equals("idle"));
        assertThat(runs).containsExactly("catch up shop.orders", "catch up shop.orders");
    }

    @Test
    void comparesAllAnewWhenTheProjectChangesDuringACatchingUpThatGivesWay() throws Exception {
        List<Integer> compared = Collections.synchronizedList(new ArrayList<>());
        Gate gate = new Gate();
        work(1, turn -> {
            compared.add(turn.lease().compared().size());
            gate.pass();
            turn.lease().compared().add(7L);
            return compared.size() == 1 ? new Outcome.Unfinished(true) : apply(turn);
        });
        gate.close();
        lanes.assigned(ORDERS, 0, false);
        gate.awaitArrival();

        lanes.catchUp(ORDERS::equals);
        gate.open();

        await(() -> lanes.status(ORDERS).orElseThrow().state().equals("idle"));
        assertThat(compared).containsExactly(0, 0);
    }

    @Test
    void commitsNothingAfterTheStreamWasRevoked() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return apply(turn);
        });
        assign(ORDERS);

        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        gate.awaitArrival();
        lanes.landed(ORDERS, List.of(landing("day=2", 1)), () -> commits.add(2));
        lanes.revoked(ORDERS);
        gate.open();
        await(() -> runs.contains("shop.orders day=1@0"));
        assign(USERS);

        assertThat(commits).isEmpty();
        assertThat(runs).doesNotContain("shop.orders day=2@1");
        assertThat(lanes.held()).containsExactly(USERS);
    }

    @Test
    void neverRunsALaneBesideItsRunOfAnEarlierLease() throws Exception {
        Gate gate = new Gate();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        work(4, turn -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            gate.pass();
            running.decrementAndGet();
            return apply(turn);
        });
        gate.open();
        assign(ORDERS);
        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        gate.awaitArrival();

        lanes.revoked(ORDERS);
        lanes.assigned(ORDERS, 0, false);
        gate.open();

        await(() -> runs.size() == 3);
        assertThat(runs).last().isEqualTo("catch up shop.orders");
        assertThat(most).hasValue(1);
    }

    @Test
    void leavesOutWhatTheCatchingUpCoversAndCommitsItWithTheRest() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            if (turn.catchUp()) {
                turn.covers(10);
                gate.pass();
            }
            return apply(turn);
        });
        gate.close();
        lanes.assigned(ORDERS, 0, false);
        gate.awaitArrival();

        lanes.landed(ORDERS, List.of(landing("day=1", 9)), () -> commits.add(10));
        assertThat(commits).isEmpty();
        gate.open();

        await(() -> commits.contains(10));
        assertThat(runs).containsExactly("catch up shop.orders");
        assertThat(lanes.status(ORDERS).orElseThrow().appliedOffset()).isEqualTo(9);
    }

    @Test
    void goesOnWithCatchingUpAfterWhatIsFresh() throws Exception {
        List<Boolean> gaveWay = new ArrayList<>();
        Gate gate = new Gate();
        work(1, turn -> {
            if (turn.catchUp() && gaveWay.isEmpty()) {
                turn.covers(10);
                gate.pass();
                gaveWay.add(turn.mustGiveWay());
                return new Outcome.Unfinished(true);
            }
            return apply(turn);
        });
        gate.close();
        lanes.assigned(ORDERS, 0, false);
        gate.awaitArrival();

        lanes.landed(ORDERS, List.of(landing("day=1", 10)), () -> commits.add(11));
        gate.open();

        await(() -> commits.contains(11));
        assertThat(gaveWay).containsExactly(true);
        assertThat(runs).containsExactly("catch up shop.orders day=1@10");
    }

    @Test
    void looksAgainForWhatAModelCouldNotTake() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        lanes.drain(Duration.ZERO, () -> {});
        lanes = new StreamLanes(1, new Backoff(Duration.ofDays(1), Duration.ofDays(1)), Duration.ofMillis(20), turn -> {
            apply(turn);
            return new Outcome.Done(turns.incrementAndGet() > 2);
        });

        lanes.assigned(ORDERS, 0, false);

        await(() -> runs.size() == 3);
        Thread.sleep(100);
        assertThat(runs).hasSize(3).allMatch("catch up shop.orders"::equals);
    }

    @Test
    void takesRequestsAfterFreshLandings() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return apply(turn);
        });
        gate.close();
        lanes.assigned(ORDERS, 0, false);
        gate.awaitArrival();

        boolean taken = lanes.request(ORDERS, new OpenRequest(request("r1")));
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> {});
        gate.open();

        await(() -> runs.size() == 3);
        assertThat(taken).isTrue();
        assertThat(lanes.request(USERS, new OpenRequest(request("r2")))).isFalse();
        assertThat(runs).containsExactly("catch up shop.orders", "shop.orders day=1@0", "shop.orders request r1");
    }

    @Test
    void goesOnWithWhatIsSetAsideAfterWhatIsFreshAndCommitsNothingBefore() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return turn.aside().isPresent() ? turn.aside().get().goOn().apply(turn) : setFirstDayAside(turn, true);
        });
        assign(ORDERS);
        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        gate.awaitArrival();
        lanes.request(ORDERS, new OpenRequest(request("r1")));
        lanes.landed(ORDERS, List.of(landing("day=2", 1)), () -> commits.add(2));
        gate.open();

        await(() -> runs.size() == 5);
        assertThat(runs)
                .containsExactly(
                        "catch up shop.orders",
                        "shop.orders day=1@0",
                        "shop.orders day=2@1",
                        "went on, committed []",
                        "shop.orders request r1");
        await(() -> commits.contains(2));
        assertThat(lanes.oldestWaiting(ORDERS)).isEmpty();
    }

    @Test
    void comparesAllOnceMoreWhenARefreshIsOverForWhichSomethingHadToWait() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return turn.aside().isPresent() ? turn.aside().get().goOn().apply(turn) : setFirstDayAside(turn, false);
        });
        assign(ORDERS);
        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> {});
        gate.awaitArrival();
        lanes.landed(ORDERS, List.of(landing("day=2", 1)), () -> {});
        gate.open();

        await(() -> runs.size() == 5);
        assertThat(runs).last().isEqualTo("catch up shop.orders");
    }

    /** @param others whether other landings could be taken meanwhile */
    private Outcome setFirstDayAside(Turn turn, boolean others) {
        apply(turn);
        if (turn.landings().stream().anyMatch(landing -> landing.key().equals("day=1"))) {
            turn.lease().aside(new SetAside(turn.landings(), later -> {
                runs.add("went on, committed " + commits);
                later.lease().aside(null);
                return new Outcome.Done(true);
            }));
            return new Outcome.Done(true);
        }
        return new Outcome.Done(turn.landings().isEmpty() || others);
    }

    @Test
    void commitsRecordsThatHoldNoLandingAtOnce() {
        assign(ORDERS);

        lanes.landed(ORDERS, List.of(), () -> commits.add(1));

        assertThat(commits).containsExactly(1);
    }

    @Test
    void finishesWhatRunsBeforeItStops() throws Exception {
        Gate gate = new Gate();
        work(1, turn -> {
            gate.pass();
            return apply(turn);
        });
        assign(ORDERS);
        gate.close();
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        gate.awaitArrival();
        lanes.landed(ORDERS, List.of(landing("day=2", 1)), () -> commits.add(2));

        Thread drained = Thread.currentThread();
        Thread opener = new Thread(() -> {
            await(() -> drained.getState() == Thread.State.TIMED_WAITING);
            gate.open();
        });
        opener.start();
        boolean inTime = lanes.drain(LIMIT, () -> {});
        opener.join();

        assertThat(inTime).isTrue();
        assertThat(commits).containsExactly(1);
        assertThat(runs).last().isEqualTo("shop.orders day=1@0");
    }

    @Test
    void commitsNothingOfARunThatDoesNotEndInTime() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        work(1, turn -> {
            if (turn.catchUp()) {
                return apply(turn);
            }
            try {
                Thread.sleep(LIMIT.toMillis());
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return new Outcome.Done(true);
        });
        assign(ORDERS);
        lanes.landed(ORDERS, List.of(landing("day=1", 0)), () -> commits.add(1));
        await(() -> lanes.status(ORDERS).orElseThrow().state().equals("running"));

        boolean inTime = lanes.drain(Duration.ofMillis(50), () -> {});

        assertThat(inTime).isFalse();
        assertThat(interrupted.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        await(() -> lanes.running() == 0);
        assertThat(commits).isEmpty();
    }

    private Outcome apply(Turn turn) {
        List<String> words = new ArrayList<>();
        if (turn.catchUp()) {
            words.add("catch up");
        }
        words.add(turn.stream().toString());
        turn.landings().forEach(landing -> words.add(landing.key() + "@" + landing.offset()));
        turn.request()
                .ifPresent(request -> words.add("request " + request.requested().id()));
        runs.add(String.join(" ", words));
        return new Outcome.Done(true);
    }

    private void work(int threads, StreamLanes.LaneWork work) {
        lanes.drain(Duration.ZERO, () -> {});
        lanes = new StreamLanes(threads, new Backoff(Duration.ofDays(1), Duration.ofDays(1)), Duration.ofDays(1), work);
    }

    private void backoff(Duration wait, StreamLanes.LaneWork work) {
        lanes.drain(Duration.ZERO, () -> {});
        lanes = new StreamLanes(1, new Backoff(wait, wait), Duration.ofDays(1), work);
    }

    /** Gives the runner a stream and lets its first catching up pass. */
    private void assign(StreamName stream) {
        lanes.assigned(stream, 0, false);
        await(() -> lanes.status(stream).orElseThrow().state().equals("idle"));
    }

    private boolean failing(StreamName stream) {
        return lanes.status(stream).orElseThrow().state().equals("failing");
    }

    private static Landing landing(String key, long offset) {
        return new Landing(
                key,
                offset,
                new PartitionLanded(
                        "shop",
                        "orders",
                        "landing",
                        "raw/shop/orders/",
                        Map.of("day", "1"),
                        1,
                        List.of(),
                        List.of(),
                        Instant.EPOCH.plusSeconds(offset),
                        "m" + offset,
                        "p"));
    }

    private static RunRequested request(String id) {
        return new RunRequested(
                id, "replay", "shop.orders", List.of(), List.of(), List.of(), false, false, Instant.EPOCH);
    }

    private static void await(BooleanSupplier wanted) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(wanted::getAsBoolean);
    }

    /** The first look that is as wanted: the state may be another one a moment later. */
    private static <T> T await(Supplier<Optional<T>> look, Predicate<T> wanted) {
        return Awaitility.await()
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> look.get().filter(wanted), Optional::isPresent)
                .orElseThrow();
    }

    /** Holds up whoever passes while it is closed. */
    private static final class Gate {
        private boolean closed;
        private int arrived;

        synchronized void close() {
            closed = true;
            arrived = 0;
        }

        synchronized void pass() throws InterruptedException {
            arrived++;
            while (closed) {
                wait();
            }
        }

        void awaitArrival() {
            await(this::hasArrived);
        }

        private synchronized boolean hasArrived() {
            return arrived > 0;
        }

        synchronized void open() {
            closed = false;
            notifyAll();
        }
    }
}
