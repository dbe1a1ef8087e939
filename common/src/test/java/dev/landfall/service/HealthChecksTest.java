package dev.landfall.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    @Test
    void tellsWhatIsWrongUntilItIsWellAgain() throws Exception {
        AtomicBoolean mended = new AtomicBoolean();
        HealthChecks.Check lake = () -> {
            if (!mended.get()) {
                throw new IllegalStateException("no bucket 'landing'");
            }
        };

        try (HealthChecks health = new HealthChecks(Duration.ofMillis(5), Map.of("lake", lake, "kafka", () -> {}))) {
            assertThat(health.problems()).containsOnlyKeys("lake", "kafka");
            health.start();

            await(() -> problem(health, "lake").startsWith("no bucket 'landing' (since 20"));
            String first = problem(health, "lake");
            Thread.sleep(1_100);
            assertThat(problem(health, "lake")).as("since when it is so").isEqualTo(first);
            mended.set(true);
            await(() -> health.problems().isEmpty());
        }
    }

    @Test
    void doesNotWaitForAPartThatDoesNotAnswer() throws Exception {
        CountDownLatch never = new CountDownLatch(1);

        try (HealthChecks health =
                new HealthChecks(Duration.ofMillis(5), Map.of("warehouse", never::await, "kafka", () -> {}))) {
            health.start();

            await(() -> health.problems().keySet().equals(Set.of("warehouse")));
            assertThat(problem(health, "warehouse")).startsWith("not looked at yet");
        }
    }

    @Test
    void saysOfAPartThatOnceAnsweredThatItDoesNotAnyMore() throws Exception {
        AtomicBoolean stalled = new AtomicBoolean();
        CountDownLatch goesOn = new CountDownLatch(1);
        HealthChecks.Check lake = () -> {
            if (stalled.get()) {
                goesOn.await();
            }
        };

        try (HealthChecks health =
                new HealthChecks(Duration.ofMillis(5), Duration.ofMillis(50), Map.of("lake", lake))) {
            health.start();
            await(() -> health.problems().isEmpty());

            stalled.set(true);
            await(() -> problem(health, "lake").startsWith("gives no answer"));
            goesOn.countDown();
            await(() -> health.problems().isEmpty());
        }
    }

    private static String problem(HealthChecks health, String part) {
        return health.problems().getOrDefault(part, "");
    }

    private static void await(BooleanSupplier wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).as("a minute").isLessThan(end);
            Thread.sleep(2);
        }
    }
}
