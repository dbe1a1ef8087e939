package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.Target;
import dev.landfall.template.QueryResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one database file. */
class WarehouseIT {
    @TempDir
    private Path folder;

    @Test
    void processesTakeTurns() throws Exception {
        Target target = Targets.file("wh.duckdb");
        try (Warehouse warehouse = Warehouse.open(target, folder, WarehouseSettings.shared("here"))) {
            warehouse.with("create", session -> session.update("create table turns (who varchar, n integer)"));
            Process other = start("turns", "there", "15");

            for (int n = 0; n < 15; n++) {
                TurnTaker.increment(warehouse, "here");
            }

            assertThat(output(other)).isEmpty();
            QueryResult turns = warehouse.with(
                    "read",
                    session -> session.query("select who, count(*), max(n) from turns group by who order by who"));
            assertThat(turns.rows()).isEqualTo(List.of(List.of("here", 15L, 15), List.of("there", 15L, 15)));
        }
    }

    @Test
    void namesTheProcessThatHoldsTheWarehouse() throws Exception {
        Process other = start("hold", "the-other-service", "0");
        try {
            assertThat(other.getInputStream().read()).isEqualTo('h');
            WarehouseSettings settings = WarehouseSettings.shared("here").withLockTimeout(Duration.ofMillis(300));
            try (Warehouse warehouse = Warehouse.open(Targets.file("wh.duckdb"), folder, settings)) {
                assertThatThrownBy(() -> warehouse.with("model int_x", session -> session.number("select 1")))
                        .isInstanceOfSatisfying(
                                WarehouseException.class,
                                e -> assertThat(e.retryable()).isTrue())
                        .hasMessageContaining("process " + other.pid() + " (the-other-service")
                        .hasMessageContaining("lock-timeout");

                other.destroyForcibly().waitFor();

                assertThat(warehouse.<Long>with("after", session -> session.number("select 1")))
                        .as("a killed process gives its turn back")
                        .isEqualTo(1);
            }
        } finally {
            other.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TurnTaker.class.getName(),
                folder.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String output(Process process) throws Exception {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return text;
    }
}
