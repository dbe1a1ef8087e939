package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.landfall.project.Target;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the warehouse when its disk is full, or its file damaged. */
class WarehouseFaultsTest {
    private static final WarehouseSettings EXCLUSIVE = WarehouseSettings.exclusive("test");

    @TempDir
    private Path folder;

    @Test
    void isOpenedAgainAfterAFullDiskAsSoonAsThereIsSpace() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(mount("size=4m", disk), "needs root and a tmpfs that can be mounted");
        try (Warehouse warehouse = Warehouse.open(Targets.file("disk/wh.duckdb"), folder, EXCLUSIVE)) {
            write(warehouse, "create table t as select range as i, '' as s from range(10)");

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            write(warehouse, "insert into t select range, md5(range::varchar) from range(30000)");
                        }
                    })
                    .isInstanceOfSatisfying(
                            WarehouseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RETRYABLE))
                    .hasMessageContaining("free some space");
            long kept = count(warehouse);
            assertThatThrownBy(() -> write(warehouse, "checkpoint"))
                    .hasMessageContaining("FATAL")
                    .isInstanceOfSatisfying(
                            WarehouseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RETRYABLE));

            assertThat(mount("remount,size=64m", disk)).isTrue();
            assertThat(count(warehouse)).isEqualTo(kept);
            write(warehouse, "insert into t select range, md5(range::varchar) from range(30000)");
            assertThat(count(warehouse)).isEqualTo(kept + 30_000);
        } finally {
            // Lazily: the lock file stays open for as long as the process lives.
            run("umount", "-l", disk.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"wh.duckdb.wal, 0.5", "wh.duckdb, 0", "wh.duckdb, half", "wh.duckdb, empty", "wh.duckdb, text"})
    void namesTheCommandForAFileThatCannotBeOpened(String file, String damage) throws Exception {
        DamagedFile.makeWithLog(folder.resolve("wh.duckdb"));
        Path damaged = folder.resolve(file);
        switch (damage) {
            case "half" -> DamagedFile.truncate(damaged, Files.size(damaged) / 2);
            case "empty" -> DamagedFile.truncate(damaged, 0);
            case "text" -> Files.writeString(damaged, "this is no database");
            default -> DamagedFile.overwrite(damaged, (long) (Files.size(damaged) * Double.parseDouble(damage)), 300);
        }

        assertThatThrownBy(() -> Warehouse.open(target(), folder, EXCLUSIVE))
                .isInstanceOfSatisfying(WarehouseException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
                    assertThat(e.retryable()).as("no landing is to blame").isTrue();
                })
                .hasMessageContaining("landfall recover")
                .hasMessageContaining("wh.duckdb");
    }

    @Test
    void blamesNoFileOfTheLakeForADamagedBlock() throws Exception {
        DamagedFile.makeWithLog(folder.resolve("wh.duckdb"));
        Path file = folder.resolve("wh.duckdb");
        DamagedFile.overwrite(file, Files.size(file) / 3, (int) (Files.size(file) / 2));

        try (Warehouse warehouse = Warehouse.open(target(), folder, EXCLUSIVE)) {
            assertThatThrownBy(() -> warehouse.with(
                            "model int_things", session -> session.query("select min(s), sum(i) from t")))
                    .isInstanceOfSatisfying(
                            WarehouseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
                    .hasMessageContaining("landfall recover");
        }
    }

    private static Target target() {
        return Targets.file("wh.duckdb");
    }

    private static void write(Warehouse warehouse, String sql) {
        warehouse.with("write", session -> {
            session.execute(sql);
            return true;
        });
    }

    private static long count(Warehouse warehouse) {
        return warehouse.<Long>with("read", session -> session.number("select count(*) from t"));
    }

    private static boolean mount(String options, Path place) throws Exception {
        return run("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** A database with rows in its file, and more in its log, as a killed process leaves it. */
    static final class DamagedFile {
        private DamagedFile() {}

        static void makeWithLog(Path file) throws IOException {
            Path place = Files.createDirectories(file.resolveSibling("source"));
            Path source = place.resolve(file.getFileName());
            try (Warehouse warehouse = Warehouse.open(Targets.file(source.toString()), place, EXCLUSIVE)) {
                write(warehouse, "create table t as select range as i, md5(range::varchar) as s from range(200000)");
                write(warehouse, "checkpoint");
                write(warehouse, "create table u as select range as i, md5(range::varchar) as s from range(50000)");
                Files.copy(source, file);
                Files.copy(Path.of(source + ".wal"), Path.of(file + ".wal"));
            }
        }

        static void truncate(Path file, long size) throws IOException {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.setLength(size);
            }
        }

        static void overwrite(Path file, long position, int bytes) throws IOException {
            byte[] noise = new byte[bytes];
            new Random(1).nextBytes(noise);
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.seek(position);
                open.write(noise);
            }
        }
    }
}
