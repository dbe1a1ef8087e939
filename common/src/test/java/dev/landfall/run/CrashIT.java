package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Targets;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kills a process at every named place of a run, and shows that the next one makes the tables right. */
class CrashIT {
    private static final int KILLED = 137;

    @TempDir
    private Path folder;

    @BeforeEach
    void land() throws Exception {
        land(11);
    }

    private void land(long seed) throws Exception {
        Random random = new Random(seed);
        Files.createDirectories(folder.resolve("lake/landing"));
        try (ParquetFiles parquet = new ParquetFiles()) {
            for (int day = 28; day <= 31; day++) {
                List<String> rows = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    rows.add("(" + random.nextInt(12) + ", " + random.nextInt(1000) + ", '2025-12-" + day + " 0"
                            + random.nextInt(10) + ":" + (10 + i) + "Z')");
                }
                parquet.land(
                        folder.resolve("lake"),
                        "landing",
                        "raw/shop/things/year=2025/month=12/day=" + day + "/a.parquet",
                        "select id::bigint as id, amount::bigint as amount, seen::timestamptz as _airbyte_extracted_at,"
                                + " md5(id || amount || seen) as _airbyte_raw_id from (values "
                                + String.join(", ", rows) + ") as t(id, amount, seen)");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BEFORE_TRANSACTION, 3",
        "AFTER_STAGING, 2",
        "AFTER_DELETE, 1",
        "BEFORE_LEDGER, 2",
        "BEFORE_COMMIT, 4",
        "AFTER_COMMIT, 1",
        "BEFORE_COMMIT, 7",
        "BEFORE_COMMIT, 9",
        "AFTER_COMMIT, 9",
    })
    void appliesTheRestAfterBeingKilledAt(CrashPoint point, int time) throws Exception {
        assertThat(run("apply", point + ":" + time)).isEqualTo(KILLED);

        assertThat(run("apply", "")).isZero();

        check();
    }

    @ParameterizedTest
    @CsvSource({"AFTER_SHADOW_BATCH, 2", "BEFORE_SWAP, 1", "BEFORE_COMMIT, 1", "AFTER_COMMIT, 1"})
    void keepsTheOldTableServingWhenAFullRefreshIsKilledAt(CrashPoint point, int time) throws Exception {
        run("apply", "");
        String before = things() + log();

        assertThat(run("refresh", point + ":" + time)).isEqualTo(KILLED);

        assertThat(things() + log()).isEqualTo(before);
        assertThat(run("apply", "")).isZero();
        check();
        assertThat(run("refresh", "")).isZero();
        check();
    }

    static Stream<Arguments> placesAndSeeds() {
        return LongStream.rangeClosed(1, 20)
                .boxed()
                .flatMap(seed -> Stream.of(CrashPoint.values())
                        // The others are between a service and its broker: CrashedServicesIT.
                        .filter(point -> point.compareTo(CrashPoint.AFTER_PUBLISH) < 0)
                        .map(point -> Arguments.of(point, seed)));
    }

    /** Whatever the point of a run is: applying, refreshing, building marts. */
    @Tag("soak")
    @ParameterizedTest
    @MethodSource("placesAndSeeds")
    void makesTheTablesRightWhereverItIsKilled(CrashPoint point, long seed) throws Exception {
        land(seed);
        Random random = new Random(seed);
        boolean refresh = point.name().contains("SHADOW") || point == CrashPoint.BEFORE_SWAP;
        if (refresh) {
            run("apply", "");
        }

        int code = run(refresh ? "refresh" : "apply", point + ":" + (1 + random.nextInt(3)));

        assertThat(code).isIn(KILLED, 0);
        assertThat(run("apply", "")).isZero();
        check();
    }

    private void check() {
        assertThat(things())
                .isEqualTo(query("select id, amount, _airbyte_extracted_at, _airbyte_raw_id from read_parquet('"
                        + folder + "/lake/landing/**/*.parquet') qualify row_number() over (partition by id order by"
                        + " _airbyte_extracted_at desc) = 1 order by all"));
        assertThat(log())
                .isEqualTo(query("select id, amount, _airbyte_extracted_at, _airbyte_raw_id from read_parquet('"
                        + folder + "/lake/landing/**/*.parquet') order by all"));
        assertThat(query("select amount from total")).isEqualTo(query("select sum(amount) from things"));
        assertThat(query("select count(*), count(distinct file_key) from _landfall.landings group by model"))
                .isEqualTo("[[4, 4], [4, 4]]");
        assertThat(query("select table_name from information_schema.tables where table_schema = 'main' order by 1"))
                .as("no litter")
                .isEqualTo("[[log], [things], [total], [twice]]");
    }

    private String things() {
        return query("select * from things order by all");
    }

    private String log() {
        return query("select * from log order by all");
    }

    private String query(String sql) {
        try (Warehouse warehouse =
                Warehouse.open(Targets.file("wh.duckdb"), folder, WarehouseSettings.exclusive("check"))) {
            return warehouse.with(
                    "check", session -> String.valueOf(session.query(sql).rows()));
        }
    }

    private int run(String what, String crashAt) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlandfall.crash-at=" + crashAt,
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashRun.class.getName(),
                        folder.toString(),
                        what)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output.lines()
                        .filter(line ->
                                line.contains("Failed[") || line.contains("Skipped[") || line.contains("Exception")))
                .as(output)
                .isEmpty();
        return process.exitValue();
    }
}
