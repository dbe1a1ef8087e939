package dev.landfall.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.run.LanePosition;
import dev.landfall.run.RunResult;
import dev.landfall.run.RunSettings;
import dev.landfall.run.StreamRunner;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sensor and runner over one bucket to which things happen: whatever the listings, notifications, redeliveries and
 * restarts, the table is in the end what all of the bucket's files make of it at once, and every change was told once.
 */
class LakeToTablePropertyTest {
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String ROW = "id, amount, _airbyte_extracted_at, _airbyte_raw_id";

    @TempDir
    Path directory;

    private final Bench bench = new Bench(5);
    private final Map<String, String> contents = new TreeMap<>();
    private int rows;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 3);
    }

    static LongStream moreSeeds() {
        return LongStream.rangeClosed(4, 100);
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("moreSeeds")
    void soak(long seed) throws Exception {
        theTableIsWhatTheBucketMakes(seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theTableIsWhatTheBucketMakes(long seed) throws Exception {
        Random random = new Random(seed);
        Files.createDirectories(directory.resolve("lake/landing"));
        Project project = ProjectLoader.load(ProjectOptions.of(project()));
        try (ParquetFiles parquet = new ParquetFiles();
                LocalLake disk = new LocalLake(directory.resolve("lake"));
                Warehouse warehouse =
                        Warehouse.open(project.target(), project.directory(), WarehouseSettings.exclusive("test"))) {
            int read = 0;
            StreamRunner runner = runner(project, warehouse, disk);
            long epoch = runner.takeLane(THINGS);
            for (int step = 0; step < 40; step++) {
                happen(random, parquet, disk);
                bench.run(Duration.ofMillis(random.nextInt(6_000)));
                if (random.nextInt(6) == 0) {
                    runner = runner(project, warehouse, disk);
                    epoch = runner.takeLane(THINGS);
                    // What was not committed comes again.
                    read = random.nextInt(read + 1);
                }
                if (random.nextInt(3) == 0 && read < bench.topic.size()) {
                    int end = read + 1 + random.nextInt(bench.topic.size() - read);
                    if (apply(runner, epoch, bench.topic.subList(read, end))) {
                        read = end;
                    }
                }
            }
            bench.lake.failsEvery = 0;
            bench.lake.failures = 0;
            bench.lake.hiddenOnce.clear();
            bench.announceFailures = 0;
            bench.run(600);
            if (read < bench.topic.size()) {
                assertThat(apply(runner, epoch, bench.topic.subList(read, bench.topic.size())))
                        .isTrue();
            }

            assertThat(bench.known()).isEqualTo(bench.landings());
            StreamPollPropertyTest.requireNothingSaidTwice(bench.topic);
            String expected = "select " + ROW + " from read_parquet('" + directory
                    + "/lake/landing/raw/shop/things/**/*.parquet*', union_by_name=true)"
                    + " qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1 order by all";
            assertThat(rows(warehouse, "select " + ROW + " from things order by all"))
                    .isNotEqualTo("[]")
                    .isEqualTo(rows(warehouse, expected));
        }
    }

    private static String rows(Warehouse warehouse, String sql) {
        return warehouse.with(
                "test", session -> String.valueOf(session.query(sql).rows()));
    }

    private void happen(Random random, ParquetFiles parquet, LocalLake disk) throws IOException {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> put(newKey(random), random, parquet, disk);
            case 4 -> any(random).ifPresent(key -> rewrite(key, parquet, disk));
            case 5 -> duplicate(random, disk);
            case 6 ->
                bench.lake.hiddenOnce.addAll(contents.keySet().stream().limit(2).toList());
            case 7 -> bench.restart();
            case 8 -> bench.lake.failures = random.nextInt(3);
            case 9 -> bench.lake.failsEvery = random.nextInt(4);
            case 10 -> bench.announceFailures = random.nextInt(2);
            default -> bench.poll.hurry();
        }
    }

    /**
     * Some ids, some of them again, now or as of earlier; now and then into an older day. No two versions of a row are
     * of the same microsecond: which of those a query takes is not said.
     */
    private void put(String key, Random random, ParquetFiles parquet, LocalLake disk) {
        int first = random.nextInt(20);
        String query =
                "select i as id, i * 10 + " + ++rows + " as amount, timestamptz '2026-01-01 00:00:00+00' + interval ("
                        + (random.nextInt(4) == 0 ? random.nextInt(rows) : rows * 10)
                        + " + i * 0.001 + " + rows + " * 0.000001) second as _airbyte_extracted_at,"
                        + " '" + rows + "-' || i as _airbyte_raw_id from range(" + first + ", "
                        + (first + 1 + random.nextInt(5)) + ") t(i)";
        write(key, query, parquet, disk);
    }

    /** A later version of all the rows that the file has. */
    private void rewrite(String key, ParquetFiles parquet, LocalLake disk) {
        String query = "select id, amount + 1 as amount, _airbyte_extracted_at + interval (" + ++rows
                + " * 10.000064) second as _airbyte_extracted_at, _airbyte_raw_id || '+' as _airbyte_raw_id from ("
                + contents.get(key) + ")";
        write(key, query, parquet, disk);
    }

    private void write(String key, String query, ParquetFiles parquet, LocalLake disk) {
        Path copy = parquet.write(directory.resolve("new.parquet"), query);
        try {
            Path target = directory.resolve("lake/landing").resolve(key);
            Files.createDirectories(target.getParent());
            Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        contents.put(key, query);
        seen(key, disk);
    }

    /** What a failed attempt leaves: the same rows in another file; or it is cleared away again. */
    private void duplicate(Random random, LocalLake disk) throws IOException {
        String key = any(random).orElse("");
        if (key.isEmpty()) {
            return;
        }
        Path lake = directory.resolve("lake/landing");
        String copy = key + "-1";
        if (Files.exists(lake.resolve(copy))) {
            Files.delete(lake.resolve(copy));
            bench.lake.delete(copy);
        } else {
            Files.copy(lake.resolve(key), lake.resolve(copy));
            seen(copy, disk);
        }
    }

    private void seen(String key, LocalLake disk) {
        LakeFile file = disk.stat("landing", key).orElseThrow();
        bench.lake.files().put(key, new LakeFile(key, file.size(), file.etag(), bench.now));
    }

    private Optional<String> any(Random random) {
        List<String> keys = new ArrayList<>(contents.keySet());
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(random.nextInt(keys.size())));
    }

    private String newKey(Random random) {
        return Bench.day(1, 10 + random.nextInt(5), random.nextInt(1_000) + "_" + rows + ".parquet");
    }

    /** As the runner does it: of all that waits, the newest landing of each key. */
    private static boolean apply(StreamRunner runner, long epoch, List<PartitionLanded> records) {
        Map<String, PartitionLanded> newest = new LinkedHashMap<>();
        records.forEach(landed -> newest.put(landed.key(), landed));
        return runner.apply(THINGS, List.copyOf(newest.values()), LanePosition.none(epoch), false).stream()
                .allMatch(RunResult.Succeeded.class::isInstance);
    }

    private static StreamRunner runner(Project project, Warehouse warehouse, LocalLake disk) {
        return new StreamRunner(() -> project, warehouse, disk, new DirectReader(disk), RunSettings.DEFAULT);
    }

    private Path project() throws IOException {
        Path project = directory.resolve("project");
        write(project.resolve("dbt_project.yml"), "name: small\nversion: '1.0'\nprofile: small\nmodel-paths: [core]\n");
        write(
                project.resolve("profiles.yml"),
                "small: {target: dev, outputs: {dev: {type: duckdb, path: ':memory:'}}}\n");
        write(project.resolve("streams/shop/things.json"), "{}");
        write(
                project.resolve("core/things.sql"),
                "{{ config(tags=['shop__things'], materialized='incremental', unique_key='id') }}\n"
                        + "select " + ROW + " from read_parquet({{ var('files') }}, union_by_name=true)"
                        + " qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1\n");
        return project;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
