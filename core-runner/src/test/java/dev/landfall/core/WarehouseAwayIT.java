package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.landfall.service.HealthChecks;
import dev.landfall.testing.KafkaFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The warehouse cannot be written for a while: health says why, what landed is applied once it can, and no file is
 * blamed.
 */
class WarehouseAwayIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    private Path directory;

    private Workshop shop;
    private Path disk;

    @BeforeEach
    void open() throws IOException {
        disk = Files.createDirectory(directory.resolve("disk"));
        shop = new Workshop(kafka, directory);
        shop.write("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, path: " + file() + "}}}\n");
        shop.set("landfall.warehouse.shared", "true");
        shop.set("landfall.core.retry-limit", "1s");
        shop.stream("things");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void waitsForAProgramThatDoesNotKnowItsLock() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        land(1);
        awaitApplied(core, 1);

        Process program = Program.start(file());
        try {
            assertThat(program.getInputStream().read()).as("it has the file").isEqualTo('h');
            land(2);

            awaitTrouble(core, "another program has it open");
        } finally {
            program.destroyForcibly().waitFor();
        }

        awaitApplied(core, 2);
    }

    @Test
    void waitsForSpace() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()), "needs root and tmpfs");
        try {
            ConfigurableApplicationContext core = shop.start();
            land(1);
            awaitApplied(core, 1);

            shop.land(
                    "things",
                    2,
                    "a.parquet",
                    "select 1000 + range as id, md5(range::varchar) || md5('b' || range) as name,"
                            + " timestamp '2026-01-02 08:00:00' as _airbyte_extracted_at from range(300000)");

            awaitTrouble(core, "the disk is full: free some space");
            assertThat(run("mount", "-o", "remount,size=200m", disk.toString())).isTrue();
            awaitApplied(core, 300_001);
            shop.stop(core);
        } finally {
            // Lazily: the lock file stays open for as long as the process lives.
            run("umount", "-l", disk.toString());
        }
    }

    @Test
    void waitsUntilItMayWrite() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        land(1);
        awaitApplied(core, 1);
        String path = file().toString();
        assumeTrue(
                run("mount", "--bind", path, path) && run("mount", "-o", "remount,bind,ro", path),
                "needs root and bind mounts");
        try {
            land(2);

            awaitTrouble(core, "read-only");
        } finally {
            run("umount", path);
        }

        awaitApplied(core, 2);
    }

    private Path file() {
        return disk.resolve("shop.duckdb");
    }

    private void land(int day) {
        shop.land("things", day, "a.parquet", day, "day " + day);
    }

    private void awaitTrouble(ConfigurableApplicationContext core, String words) {
        Workshop.await(() -> assertThat(health(core))
                .hasEntrySatisfying(
                        "warehouse",
                        trouble -> assertThat(trouble)
                                .contains(words, file().getFileName().toString())
                                .contains("since 20")));
    }

    private void awaitApplied(ConfigurableApplicationContext core, int rows) {
        Workshop.await(() ->
                assertThat(shop.query(core, "select count(*) from int_things")).containsExactly(String.valueOf(rows)));
        Workshop.await(() -> assertThat(health(core)).isEmpty());
        assertThat(kafka.read(shop.topics().deadLetters()))
                .as("no file is to blame")
                .isEmpty();
    }

    private static Map<String, String> health(ConfigurableApplicationContext core) {
        return core.getBean(HealthChecks.class).problems();
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** As a BI tool does: opens a database and keeps it open. */
    static final class Program {
        private Program() {}

        static Process start(Path file) throws IOException {
            return new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Program.class.getName(),
                            file.toString()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        public static void main(String[] arguments) throws Exception {
            Connection open = null;
            while (open == null) {
                try {
                    open = DriverManager.getConnection("jdbc:duckdb:" + arguments[0]);
                } catch (SQLException heldByTheRunner) {
                    Thread.sleep(20);
                }
            }
            System.out.println("has it open: " + !open.isClosed());
            Thread.sleep(600_000);
        }
    }
}
