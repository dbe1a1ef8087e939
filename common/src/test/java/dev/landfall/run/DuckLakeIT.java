package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.DuckLakeUpkeep;
import dev.landfall.warehouse.Extensions;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The warehouse of several hosts, attached as profiles.yml says, under the lock. The catalog is a file, or where PGHOST
 * is set a schema of that PostgreSQL database.
 */
class DuckLakeIT {
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String NEWEST =
            " qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1";

    @TempDir
    Path folder;

    private final ParquetFiles parquet = new ParquetFiles();
    private LocalLake lake;
    private Project project;
    private final List<Warehouse> warehouses = new ArrayList<>();

    @BeforeEach
    void layOut() throws Exception {
        assumeTrue(
                Extensions.present("ducklake"),
                "DuckDB's extension ducklake is not here; LANDFALL_DUCKDB_EXTENSIONS=DIRECTORY names where it is");
        Files.createDirectories(folder.resolve("lake/landing"));
        Files.createDirectories(folder.resolve("data"));
        lake = new LocalLake(folder.resolve("lake"));
        write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n");
        write("profiles.yml", """
                shop:
                  target: lake
                  outputs:
                    lake:
                      type: duckdb
                      path: ":memory:"
                      database: warehouse
                      threads: 2
                      extensions: [%s]
                      attach:
                        - path: "ducklake:%s"
                          alias: warehouse
                          is_ducklake: true
                          options: {data_path: "%s/data/"%s}
                """.formatted(
                        postgres() ? "ducklake, postgres" : "ducklake",
                        catalog(),
                        folder,
                        postgres() ? ", metadata_schema: lake_" + System.nanoTime() : ""));
        write("streams/shop/things.json", "{}");
        write("models/int_shop__things.sql", """
                {{ config(tags=['shop__things'], materialized='incremental', unique_key='id', incremental_strategy='delete+insert') }}
                select id, amount, _airbyte_extracted_at, year, month, day
                from read_parquet('s3://landing/raw/shop/things/**/*.parquet', hive_partitioning=true, hive_types_autocast=false)
                {% if is_incremental() %} where _airbyte_extracted_at > '2000-01-01' {% endif %}
                """ + NEWEST);
        write(
                "models/totals.sql",
                "{{ config(materialized='table') }} select count(*) as things, sum(amount) as amount from {{ ref('int_shop__things') }}");
        write("models/seen.sql", "{{ config(materialized='view') }} select * from {{ ref('totals') }}");
        load();
    }

    @AfterEach
    void close() {
        warehouses.forEach(Warehouse::close);
        if (lake != null) {
            lake.close();
        }
    }

    @Test
    void appliesLandingsWithTheirLedgerAndRebuildsMarts() {
        Warehouse warehouse = open("core");
        StreamRunner cores = cores(warehouse);
        EagerMarts marts = marts(warehouse);
        long lane = cores.takeLane(THINGS);

        for (int day = 1; day <= 4; day++) {
            land("2026-02-0" + day, "part", day, 0, 40);
            land("2026-01-31", "late" + day, day - 1, 20, 60);
            List<RunResult> results =
                    new ArrayList<>(cores.apply(THINGS, landings(), new LanePosition(lane, day, day), false));
            results.addAll(marts.buildStale(result -> {}));

            assertThat(results)
                    .hasSize(3)
                    .allSatisfy(result -> assertThat(result).as("%s", result).isInstanceOf(RunResult.Succeeded.class));
            assertThat(rows(warehouse, "select id, amount from warehouse.main.int_shop__things order by 1"))
                    .isEqualTo(rows(
                            warehouse,
                            "select id, amount from read_parquet('" + folder + "/lake/landing/**/*.parquet')" + NEWEST
                                    + " order by 1"));
            assertThat(rows(warehouse, "select things, amount from warehouse.main.seen"))
                    .isEqualTo(rows(warehouse, "select count(*), sum(amount) from warehouse.main.int_shop__things"));
        }
        assertThat(rows(warehouse, "select count(*) from warehouse._landfall.landings where status = 'applied'"))
                .isEqualTo("[[8]]");
    }

    @Test
    void keepsNeitherRowsNorLedgerOfARunThatFailsBeforeTheCommit() throws Exception {
        Warehouse warehouse = open("core");
        StreamRunner cores = cores(warehouse);
        long lane = cores.takeLane(THINGS);
        land("2026-02-01", "part", 1, 0, 40);
        cores.apply(THINGS, landings(), new LanePosition(lane, 1, 1), false);
        String before = rows(warehouse, "select id, amount from warehouse.main.int_shop__things order by 1");
        land("2026-02-02", "part", 2, 0, 40);
        String model = Files.readString(folder.resolve("models/int_shop__things.sql"));
        write(
                "models/int_shop__things.sql",
                model.replace("unique_key", "post_hook=\"select error('planted')\", unique_key"));
        load();

        List<RunResult> results = cores.apply(THINGS, landings(), new LanePosition(lane, 2, 2), false);

        assertThat(results).singleElement().isInstanceOf(RunResult.Failed.class);
        assertThat(rows(warehouse, "select id, amount from warehouse.main.int_shop__things order by 1"))
                .isEqualTo(before);
        assertThat(rows(warehouse, "select count(*) from warehouse._landfall.landings where status = 'applied'"))
                .isEqualTo("[[1]]");
    }

    @Test
    void runsTheCommandsOfDbt() throws Exception {
        write("seeds/countries.csv", "code,name\nde,Germany\nfr,France\n");
        write("dbt_project.yml", Files.readString(folder.resolve("dbt_project.yml")) + "seed-paths: [seeds]\n");
        Files.delete(folder.resolve("models/int_shop__things.sql"));
        write(
                "models/totals.sql",
                "{{ config(materialized='table') }} select count(*) as n from {{ ref('countries') }}");
        for (String strategy : List.of("append", "delete+insert", "merge")) {
            write(
                    "models/by_" + strategy.replace('+', '_') + ".sql",
                    "{{ config(materialized='incremental', incremental_strategy='" + strategy
                            + "', unique_key='code', on_schema_change='append_new_columns') }}"
                            + " select code, name {% if is_incremental() %}, 1 as seen {% endif %} from {{ ref('countries') }}");
        }
        write(
                "models/schema.yml",
                "models: [{name: by_merge, columns: [{name: code, data_tests: [unique, not_null]}]}]");
        load();
        Warehouse warehouse = open(WarehouseSettings.exclusive("run"));

        for (boolean fullRefresh : new boolean[] {false, false, true, false}) {
            ProjectRun.Report report = new ProjectRun(
                            project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT)
                    .run(
                            project.nodes().keySet(),
                            new ProjectRun.Flags("build", fullRefresh, false, 2),
                            RunListener.NONE);
            assertThat(report.results())
                    .allSatisfy(result ->
                            assertThat(result.status().bad()).as("%s", result).isFalse());
        }

        assertThat(rows(warehouse, "select n from warehouse.main.seen")).isEqualTo("[[2]]");
        assertThat(rows(warehouse, "select count(*), sum(seen) from warehouse.main.by_append"))
                .isEqualTo("[[4, 2]]");
        assertThat(rows(warehouse, "select count(*), sum(seen) from warehouse.main.by_delete_insert"))
                .isEqualTo("[[2, 2]]");
        assertThat(rows(warehouse, "select count(*), sum(seen) from warehouse.main.by_merge"))
                .isEqualTo("[[2, 2]]");
    }

    @Test
    void buildsInFullBesideTheOldTableAndSwaps() {
        Warehouse warehouse = open("core");
        StreamRunner cores = cores(warehouse);
        long lane = cores.takeLane(THINGS);
        for (int day = 1; day <= 3; day++) {
            land("2026-02-0" + day, "part", day, 0, 40);
        }
        cores.apply(THINGS, landings(), new LanePosition(lane, 1, 1), false);
        warehouse.with("spoil", session -> session.update("delete from warehouse.main.int_shop__things where id < 7"));

        List<RunResult> results = cores.fullRefresh(
                THINGS, List.of("int_shop__things"), landings(), new LanePosition(lane, 2, 2), true, result -> {});

        assertThat(results).singleElement().isInstanceOf(RunResult.Succeeded.class);
        assertThat(rows(warehouse, "select count(*), sum(amount) from warehouse.main.int_shop__things"))
                .isEqualTo("[[40, 900.00]]");
    }

    /** Two engines on one catalog, as on two hosts: what conflicts at the commit is told as passing, and passes. */
    @Test
    void letsTwoHostsWriteAtOnce() throws Exception {
        assumeTrue(postgres(), "PGHOST names no PostgreSQL for the catalog: a catalog in a file is one process's");
        Warehouse first = open("core");
        Warehouse second = open("mart");
        StreamRunner cores = cores(first);
        EagerMarts marts = marts(second);
        long lane = cores.takeLane(THINGS);
        land("2026-02-01", "part", 1, 0, 40);
        cores.apply(THINGS, landings(), new LanePosition(lane, 1, 1), false);
        AtomicBoolean over = new AtomicBoolean();
        List<RunResult> built = Collections.synchronizedList(new ArrayList<>());
        Thread other = new Thread(() -> {
            while (!over.get()) {
                built.addAll(marts.buildStale(result -> {}));
            }
        });
        other.start();

        List<RunResult> applied = new ArrayList<>();
        for (int day = 2; day <= 9; day++) {
            land("2026-02-0" + day, "part", day, 0, 40 + day);
            RunResult result;
            do {
                result = cores.apply(THINGS, landings(), new LanePosition(lane, day, day), false)
                        .get(0);
                applied.add(result);
            } while (!(result instanceof RunResult.Succeeded));
        }
        over.set(true);
        other.join();
        List<RunResult> last = marts.buildStale(result -> {});

        assertThat(failures(last)).isEmpty();
        assertThat(failures(applied)).allMatch(failed -> failed.event().retryable());
        assertThat(failures(built)).allMatch(failed -> failed.event().retryable());
        assertThat(rows(first, "select count(*), sum(amount) from warehouse.main.int_shop__things"))
                .isEqualTo(rows(
                        first,
                        "select count(*), sum(amount) from (select * from read_parquet('" + folder
                                + "/lake/landing/**/*.parquet')" + NEWEST + ")"));
        assertThat(rows(second, "select things, amount from warehouse.main.seen"))
                .isEqualTo(rows(first, "select count(*), sum(amount) from warehouse.main.int_shop__things"));
    }

    @Test
    void letsOldSnapshotsAndTheirFilesGo() throws Exception {
        Warehouse warehouse = open("mart");
        warehouse.with("fill", session -> {
            session.execute("create table warehouse.main.t as select range as i from range(1000)");
            session.execute("insert into warehouse.main.t select range from range(1000, 2000)");
            session.execute("create or replace table warehouse.main.t as select i from warehouse.main.t where i < 500");
            return true;
        });
        long before = files();

        new DuckLakeUpkeep(Duration.ofHours(1), Duration.ZERO, Duration.ZERO).ifDue(warehouse);

        assertThat(files()).isPositive().isLessThan(before);
        assertThat(rows(warehouse, "select count(*) from ducklake_snapshots('warehouse')"))
                .isEqualTo("[[1]]");
        assertThat(rows(warehouse, "select count(*), max(i) from warehouse.main.t"))
                .isEqualTo("[[500, 499]]");
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    private static List<RunResult.Failed> failures(List<RunResult> results) {
        return results.stream()
                .filter(RunResult.Failed.class::isInstance)
                .map(RunResult.Failed.class::cast)
                .toList();
    }

    private StreamRunner cores(Warehouse warehouse) {
        return new StreamRunner(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT);
    }

    private EagerMarts marts(Warehouse warehouse) {
        return new EagerMarts(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT);
    }

    private static boolean postgres() {
        return System.getenv("PGHOST") != null;
    }

    private String catalog() {
        return postgres() ? "postgres:" : folder + "/catalog.ducklake";
    }

    private void load() throws InvalidProjectException {
        project = ProjectLoader.load(new ProjectOptions(folder, folder, null, Map.of(), Map.of()));
    }

    /** Locked, as services open it. */
    private Warehouse open(String owner) {
        return open(WarehouseSettings.exclusive(owner)
                .withLockDown(List.of(folder.resolve("lake").toString())));
    }

    private Warehouse open(WarehouseSettings settings) {
        Warehouse warehouse = Warehouse.open(project.target(), project.directory(), settings);
        warehouses.add(warehouse);
        return warehouse;
    }

    private void land(String day, String file, int second, int from, int to) {
        String[] parts = day.split("-", -1);
        parquet.land(
                folder.resolve("lake"),
                "landing",
                "raw/shop/things/year=" + parts[0] + "/month=" + parts[1] + "/day=" + parts[2] + "/" + file
                        + ".parquet",
                "select i as id, (i + " + second
                        + ")::decimal(10,2) as amount, timestamptz '2026-02-01 00:00:00Z' + to_seconds(" + second
                        + ") as _airbyte_extracted_at from range(" + from + ", " + to + ") t(i)");
    }

    private List<PartitionLanded> landings() {
        return TestProject.landings(lake, "landing", "shop", "things");
    }

    private static String rows(Warehouse warehouse, String sql) {
        return warehouse.with("test", session -> session.query(sql).rows().toString());
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
