package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** 5 GB of Parquet, 20 million rows, are applied by a process that may use 512 MB for DuckDB and 1.2 GB in all. */
@Tag("soak")
class BackfillSoakIT {
    private static final int FILES = Integer.getInteger("landfall.soak.files", 40);
    private static final long ROWS_OF_A_FILE = 500_000;
    private static final int COLUMNS = 31;
    private static final long LIMIT_KB = 1_200_000;

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path directory;

    @Test
    void staysWithinItsMemory() throws Exception {
        try (Workshop shop = new Workshop(kafka, directory);
                ParquetFiles parquet = new ParquetFiles()) {
            shop.stream("wide");
            shop.model("wide", "int_wide", "*");
            shop.set("landfall.warehouse.memory-limit", "512MB");
            long bytes = 0;
            for (int file = 0; file < FILES; file++) {
                bytes += Files.size(write(parquet, file));
                shop.tell("wide", file % 28 + 1);
            }
            long start = System.nanoTime();
            Process runner = runner(shop);
            long peak;
            try {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(40))
                        .pollInterval(Duration.ofSeconds(2))
                        .until(() -> !runner.isAlive() || applied(shop) >= FILES);
                assertThat(runner.isAlive()).as("the runner lives").isTrue();
                peak = peakKb(runner);
            } finally {
                runner.destroy();
                runner.waitFor();
            }
            System.out.printf(
                    "soak: %.1f GB in %d files, %d s, peak RSS %d MB%n",
                    bytes / 1e9, FILES, (System.nanoTime() - start) / 1_000_000_000, peak / 1024);

            assertThat(peak).as("peak RSS in kB").isLessThan(LIMIT_KB);
            parquet.execute("attach '" + directory.resolve("project/shop.duckdb") + "' as shop (read_only)");
            assertThat(parquet.query("select count(*), count(distinct id) from shop.int_wide"))
                    .containsExactly(FILES * ROWS_OF_A_FILE + " | " + FILES * ROWS_OF_A_FILE);
        }
    }

    private Path write(ParquetFiles parquet, int file) {
        StringBuilder columns = new StringBuilder();
        for (int column = 0; column < COLUMNS; column++) {
            columns.append(", hash(i, ").append(column).append(") as c").append(column);
        }
        String query = "select i as id, timestamptz '2026-01-01 00:00:00+00' + to_seconds(" + file
                + ") as _airbyte_extracted_at" + columns + " from range(" + file * ROWS_OF_A_FILE + ", "
                + (file + 1) * ROWS_OF_A_FILE + ") t(i)";
        return parquet.land(
                directory.resolve("lake"),
                "landing",
                "raw/shop/wide/year=2026/month=01/day=%02d/%d.parquet".formatted(file % 28 + 1, file),
                query);
    }

    private Process runner(Workshop shop) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CoreRunnerApplication.class.getName(),
                "--server.port=0"));
        command.addAll(shop.arguments());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("runner.log").toFile())
                .start();
    }

    /** As the events say: the runner holds the warehouse. */
    private static long applied(Workshop shop) {
        return shop.materialized().stream()
                .mapToLong(event -> event.filesTotal())
                .max()
                .orElse(0);
    }

    private static long peakKb(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElseThrow();
    }
}
