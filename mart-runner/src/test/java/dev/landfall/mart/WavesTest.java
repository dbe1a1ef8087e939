package dev.landfall.mart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.runner.Backoff;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WavesTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();
    private Waves waves = waves(LONG, LONG, this::count);

    @AfterEach
    void stop() {
        waves.drain(LIMIT, () -> {});
    }

    @Test
    void looksAtEverythingWhenItGetsTheTopic() {
        waves.assigned();

        await(() -> runs.get() == 1);
    }

    @Test
    void doesNothingWhileAnotherReplicaHoldsTheTopic() throws InterruptedException {
        waves.beginNow();
        waves.materialized("a", false);

        Thread.sleep(50);
        assertThat(runs).hasValue(0);
    }

    @Test
    void makesOneWaveOfWhatComesMeanwhileAndCommitsAfterIt() {
        CountDownLatch gate = new CountDownLatch(1);
        use(LONG, LONG, () -> {
            if (runs.incrementAndGet() == 1) {
                gate.await();
            }
            return true;
        });
        waves.assigned();
        await(() -> runs.get() == 1);

        for (int i = 0; i < 20; i++) {
            waves.materialized("m" + i, false);
        }
        waves.commitAfterwards(commits::incrementAndGet);
        assertThat(commits).hasValue(0);
        gate.countDown();

        await(() -> commits.get() == 1);
        assertThat(runs).hasValue(2);
    }

    @Test
    void triesAgainAfterAFailureThatMayPassAndCommitsNothingBefore() {
        AtomicBoolean mended = new AtomicBoolean();
        use(LONG, Duration.ofMillis(5), () -> {
            runs.incrementAndGet();
            return mended.get();
        });
        waves.assigned();
        waves.materialized("a", false);
        waves.commitAfterwards(commits::incrementAndGet);

        int before = runs.get();
        await(() -> runs.get() > before + 3);
        assertThat(commits).hasValue(0);
        mended.set(true);
        await(() -> commits.get() == 1);
        assertThat(waves.failures()).isZero();
    }

    @Test
    void looksNowAndThenWithoutBeingTold() {
        use(Duration.ofMillis(5), LONG, this::count);
        waves.assigned();

        await(() -> runs.get() >= 3);
    }

    @Test
    void finishesTheWaveBeforeItStops() throws InterruptedException {
        Thread drained = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(1);
        use(LONG, LONG, () -> {
            begun.countDown();
            await(() -> drained.getState() == Thread.State.TIMED_WAITING);
            return count();
        });
        waves.assigned();
        begun.await();

        assertThat(waves.drain(LIMIT, () -> {})).isTrue();
        assertThat(runs).hasValue(1);
    }

    private boolean count() {
        runs.incrementAndGet();
        return true;
    }

    private void use(Duration recheck, Duration retry, Waves.Wave wave) {
        waves.drain(LIMIT, () -> {});
        waves = waves(recheck, retry, wave);
    }

    private static Waves waves(Duration recheck, Duration retry, Waves.Wave wave) {
        WaveClock clock = new WaveClock(Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1));
        Waves made = new Waves(clock, recheck, new Backoff(retry, retry), wave);
        made.start();
        return made;
    }

    private static void await(BooleanSupplier wanted) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LIMIT);
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
