package dev.landfall.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
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

            await(() -> health.problems().equals(Map.of("lake", "no bucket 'landing'")));
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

            await(() -> health.problems().equals(Map.of("warehouse", "not looked at yet")));
        }
    }

    private static void await(BooleanSupplier wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).as("ten seconds").isLessThan(end);
            Thread.sleep(2);
        }
    }
}
