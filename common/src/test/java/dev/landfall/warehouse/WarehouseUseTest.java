package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseUseTest {
    private static final WarehouseSettings SETTINGS =
            WarehouseSettings.shared("test").withMemoryLimit("512MB");

    @TempDir
    Path directory;

    @Test
    void countsTurnsAndShowsWhatDuckDbHolds() {
        try (Warehouse warehouse = Warehouse.open(Targets.file("a.duckdb"), directory, SETTINGS)) {
            assertThat(warehouse.use().turns()).isZero();

            warehouse.with("first", session -> {
                session.execute("create table t as select range i from range(100000)");
                return 0;
            });
            warehouse.with("second", session -> 0);

            WarehouseUse use = warehouse.use();
            assertThat(use.turns()).isEqualTo(2);
            assertThat(use.waitNanos()).isPositive();
            assertThat(use.timeouts()).isZero();
            assertThat(use.fileBytes()).isPositive();
            assertThat(use.memoryBytes()).isPositive();
            assertThat(use.memoryLimitBytes()).isBetween(500_000_000L, 520_000_000L);
        }
    }

    @Test
    void countsWhatWaitedInVain() throws InterruptedException {
        WarehouseSettings eager = new WarehouseSettings(true, "test", Duration.ofMillis(50), Duration.ZERO, null, null);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (Warehouse warehouse = Warehouse.open(Targets.file("b.duckdb"), directory, eager)) {
            Thread holder = new Thread(() -> warehouse.with("long work", session -> {
                held.countDown();
                try {
                    done.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return 0;
            }));
            holder.start();
            held.await();

            assertThatThrownBy(() -> warehouse.with("short work", session -> 0)).isInstanceOf(WarehouseException.class);
            done.countDown();
            holder.join();

            assertThat(warehouse.use().timeouts()).isOne();
            assertThat(warehouse.use().turns()).isOne();
        }
    }
}
