package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.event.ColumnChanged;
import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.project.Target;
import dev.landfall.run.RunSettings.OnDroppedRows;
import dev.landfall.run.RunSettings.OnModelChange;
import dev.landfall.run.RunSettings.OnOlderLanding;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Targets;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamRunnerTest {
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String GLOB = "read_parquet('s3://landing/raw/shop/things/**/*', hive_partitioning=true)";
    private static final String NEWEST =
            " qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1";
    private static final ParquetFiles PARQUET = new ParquetFiles();

    @TempDir
    private Path folder;

    private final Target target = Targets.inMemory();
    private LocalLake lake;
    private Warehouse warehouse;
    private Project project;
    private TestProject templates;
    private long epoch;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(folder.resolve("landing"));
        lake = new LocalLake(folder);
        warehouse = Warehouse.open(target, folder, WarehouseSettings.exclusive("test"));
        use(things());
    }

    @AfterEach
    void close() {
        warehouse.close();
        lake.close();
    }

    private TestProject project() {
        return new TestProject(target).stream("shop", "things").stream("shop", "others");
    }

    private void use(TestProject other) {
        templates = other;
        project = other.project();
    }

    private static Map<String, Object> keyed(Object... more) {
        Map<String, Object> config = new HashMap<>(
                Map.of("materialized", "incremental", "tags", List.of("shop__things"), "unique_key", "thing_id"));
        for (int i = 0; i < more.length; i += 2) {
            config.put((String) more[i], more[i + 1]);
        }
        return config;
    }

    private static final String COLUMNS =
            "select id as thing_id, amount, _airbyte_extracted_at, _airbyte_raw_id, year, month, day from ";

    /** One row per thing, read from the exact files of the run. */
    private TestProject things(Object... config) {
        return project().model("things", keyed(config), (request, vars) -> {
            vars.get("files");
            return COLUMNS + GLOB + NEWEST;
        });
    }

    /** The guide's filter: the newest partition of the table, key by key. */
    private TestProject guide() {
        return project()
                .model(
                        "things",
                        keyed(),
                        (request, vars) -> COLUMNS
                                + GLOB
                                + (request.incremental()
                                        ? " where "
                                                + request.database()
                                                        .query(
                                                                "select 'year = ''' || max(year) || ''' and month = ''' || max(month)"
                                                                        + " || ''' and day >= ''' || max(day) || '''' from main.things")
                                                        .rows()
                                                        .get(0)
                                                        .get(0)
                                        : "")
                                + NEWEST);
    }

    private void land(String day, String file, String rows) {
        String[] parts = day.split("-", -1);
        PARQUET.land(
                folder,
                "landing",
                "raw/shop/things/year=" + parts[0] + "/month=" + parts[1] + "/day=" + parts[2] + "/" + file
                        + ".parquet",
                "select id::bigint as id, amount::decimal(10,2) as amount, seen::timestamptz as _airbyte_extracted_at,"
                        + " md5(id || amount || coalesce(seen, '')) as _airbyte_raw_id from (values " + rows
                        + ") as t(id, amount, seen)");
    }

    private List<PartitionLanded> landings() {
        return TestProject.landings(lake, "landing", "shop", "things");
    }

    private StreamRunner runner(RunSettings settings) {
        return new StreamRunner(() -> project, warehouse, lake, new DirectReader(lake), settings, any -> templates);
    }

    private StreamRunner runner() {
        return runner(RunSettings.DEFAULT);
    }

    private RunResult apply(StreamRunner runner, List<PartitionLanded> landings) {
        epoch = runner.takeLane(THINGS);
        List<RunResult> results = runner.apply(THINGS, landings, LanePosition.none(epoch), false);
        return results.get(0);
    }

    private RunResult.Succeeded succeed(List<PartitionLanded> landings) {
        RunResult result = apply(runner(), landings);
        assertThat(result).as("%s", result).isInstanceOf(RunResult.Succeeded.class);
        return (RunResult.Succeeded) result;
    }

    private String table(String sql) {
        return warehouse.with(
                "test", session -> String.valueOf(session.query(sql).rows()));
    }

    private String things(String columns) {
        return table("select " + columns + " from things order by all");
    }

    /** What the table must be: the newest row of each id over all files. */
    private String expected(String columns) {
        return table("select " + columns + " from (select id as thing_id, * from read_parquet('" + folder
                + "/landing/raw/shop/things/**/*.parquet', hive_partitioning=true, hive_types_autocast=false,"
                + " union_by_name=true)" + NEWEST + ") order by all");
    }

    // --- the plain way

    @Test
    void appliesLandingsAndNothingTwice() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z'), (2, 20, '2026-01-01 01:00Z')");
        RunResult.Succeeded first = succeed(landings());
        land("2026-01-02", "a", "(2, 21, '2026-01-02 01:00Z'), (3, 30, '2026-01-02 01:00Z')");

        RunResult.Succeeded second = succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 10.00], [2, 21.00], [3, 30.00]]");
        assertThat(first.event().rowsInserted()).isEqualTo(2);
        assertThat(first.event().stream()).isEqualTo("shop.things");
        assertThat(second.event().rowsInserted()).isEqualTo(2);
        assertThat(second.event().rowsDeleted()).isEqualTo(1);
        assertThat(second.event().rowsTotal()).isEqualTo(3);
        assertThat(second.event().filesRead()).isEqualTo(1);
        assertThat(second.event().filesTotal()).isEqualTo(2);
        assertThat(second.event().version()).isNotEqualTo(first.event().version());
        assertThat(second.warnings()).isEmpty();
    }

    @Test
    void publishesAgainWhatACrashKeptFromBeingPublished() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        RunResult.Succeeded committed = succeed(landings());

        RunResult.Succeeded again = succeed(landings());

        assertThat(again.repeated()).isTrue();
        assertThat(again.event()).isEqualTo(committed.event());
        assertThat(table("select count(*) from _landfall.runs")).isEqualTo("[[1]]");
    }

    @Test
    void readsOnlyNewFilesOfAPartition() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        succeed(landings());
        land("2026-01-01", "b", "(2, 20, '2026-01-01 02:00Z')");

        RunResult.Succeeded late = succeed(landings());

        assertThat(late.event().filesRead()).isEqualTo(1);
        assertThat(things("thing_id")).isEqualTo("[[1], [2]]");
    }

    @Test
    void skipsAModelThatHasNothingYet() {
        RunResult result = apply(runner(), List.of());

        assertThat(result).isInstanceOf(RunResult.Skipped.class);
    }

    // --- no landing is skipped

    @Test
    void appliesWhatTheModelsOwnFilterDropsAfterAMonthEnd() {
        land("2025-12-31", "a", "(1, 10, '2025-12-31 01:00Z'), (2, 20, '2025-12-31 01:00Z')");
        use(guide());
        succeed(landings());
        land("2026-01-01", "a", "(2, 21, '2026-01-01 01:00Z'), (3, 30, '2026-01-01 01:00Z')");

        RunResult.Succeeded result = succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo(expected("thing_id, amount"));
        assertThat(result.warnings()).singleElement().asString().contains("dropped 2 rows", "landed_partitions()");
    }

    @Test
    void takesTheNewestVersionEvenWhenTheFilterKeepsAnOlderOne() {
        land("2025-12-31", "a", "(1, 10, '2025-12-31 01:00Z')");
        use(guide());
        succeed(landings());
        land("2025-12-31", "b", "(7, 70, '2025-12-31 02:00Z')");
        land("2026-01-01", "a", "(7, 71, '2026-01-01 02:00Z')");

        succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo(expected("thing_id, amount"));
    }

    @Test
    void staysRightThroughManyMonthEnds() {
        use(guide());
        Random random = new Random(5);
        for (String day : List.of("2025-11-29", "2025-11-30", "2025-12-01", "2025-12-31", "2026-01-01", "2026-02-01")) {
            List<String> rows = new ArrayList<>();
            for (int id = 0; id < 20; id++) {
                if (random.nextBoolean()) {
                    rows.add("(" + id + ", " + random.nextInt(1000) + ", '" + day + " 0" + random.nextInt(10)
                            + ":00Z')");
                }
            }
            land(day, "a", String.join(", ", rows));
            succeed(landings());
        }

        assertThat(things("thing_id, amount")).isEqualTo(expected("thing_id, amount"));
    }

    @Test
    void namesEachPartitionOfARunToTheModel() {
        land("2025-12-31", "a", "(1, 10, '2025-12-31 01:00Z')");
        use(project()
                .model(
                        "things",
                        keyed(),
                        (request, vars) -> COLUMNS + GLOB + " where " + days(vars.get("landed_partitions")) + NEWEST));
        succeed(landings());
        land("2025-11-30", "late", "(2, 20, '2025-11-30 01:00Z')");
        land("2025-12-31", "b", "(3, 30, '2025-12-31 01:00Z')");
        land("2026-01-01", "a", "(4, 40, '2026-01-01 01:00Z')");

        RunResult.Succeeded result = succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 10.00], [2, 20.00], [3, 30.00], [4, 40.00]]");
        assertThat(result.warnings()).isEmpty();
    }

    /** As the macro of Landfall's own models does it. */
    private static String days(@Nullable Object partitions) {
        return ((List<?>) Objects.requireNonNull(partitions))
                .stream()
                        .map(each -> (Map<?, ?>) each)
                        .map(each -> "'" + each.get("year") + "-" + each.get("month") + "-" + each.get("day") + "'")
                        .collect(Collectors.joining(", ", "year || '-' || month || '-' || day in (", ")"));
    }

    @Test
    void refusesDroppedRowsWhereTheSettingSaysSo() {
        land("2025-12-31", "a", "(1, 10, '2025-12-31 01:00Z')");
        use(guide());
        succeed(landings());
        land("2026-01-01", "a", "(3, 30, '2026-01-01 01:00Z')");

        RunResult result = apply(runner(RunSettings.DEFAULT.withOnDroppedRows(OnDroppedRows.FAIL)), landings());

        assertThat(((RunResult.Failed) result).event().error())
                .contains("model things (models/things.sql)", "drops 1 rows", "landed_partitions()");
        assertThat(things("thing_id")).isEqualTo("[[1]]");
    }

    @Test
    void leavesDroppedRowsOutWhereTheSettingSaysSo() {
        land("2025-12-31", "a", "(1, 10, '2025-12-31 01:00Z')");
        use(guide());
        succeed(landings());
        land("2026-01-01", "a", "(3, 30, '2026-01-01 01:00Z')");

        RunResult result = apply(runner(RunSettings.DEFAULT.withOnDroppedRows(OnDroppedRows.WARN)), landings());

        assertThat(((RunResult.Succeeded) result).warnings())
                .singleElement()
                .asString()
                .contains("left out");
        assertThat(things("thing_id")).isEqualTo("[[1]]");
    }

    @Test
    void addsTheRowsThatAnAppendingModelFiltersAway() {
        use(project()
                .model(
                        "things",
                        keyed("incremental_strategy", "append"),
                        (request, vars) -> COLUMNS
                                + GLOB
                                + (request.incremental()
                                        ? " where _airbyte_extracted_at > (select max(_airbyte_extracted_at) from main.things)"
                                        : "")));
        land("2026-01-02", "a", "(1, 10, '2026-01-02 01:00Z')");
        succeed(landings());
        land("2026-01-01", "late", "(2, 20, '2026-01-01 01:00Z'), (2, 20, '2026-01-01 01:00Z')");

        succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 10.00], [2, 20.00], [2, 20.00]]");
    }

    // --- the guard

    @Test
    void neverLetsAnOlderRowReplaceANewerOne() {
        land("2026-01-02", "a", "(1, 12, '2026-01-02 01:00Z')");
        succeed(landings());
        land("2026-01-01", "late", "(1, 11, '2026-01-01 01:00Z'), (2, 20, '2026-01-01 01:00Z')");

        RunResult.Succeeded late = succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 12.00], [2, 20.00]]");
        assertThat(late.event().rowsInserted()).isEqualTo(1);
    }

    @Test
    void tellsWhetherARunChangedAnyRow() {
        String digest = "select digest from _landfall.contents";
        land("2026-01-02", "a", "(1, 12, '2026-01-02 01:00Z')");
        succeed(landings());
        String first = table(digest);
        land("2026-01-01", "late", "(1, 11, '2026-01-01 01:00Z')");
        succeed(landings());
        String same = table(digest);
        land("2026-01-03", "a", "(1, 13, '2026-01-03 01:00Z')");
        succeed(landings());

        assertThat(same).isEqualTo(first);
        assertThat(table(digest)).isNotEqualTo(first);
    }

    @Test
    void takesANullSequenceForTheOldest() {
        use(things("sequence_by", "_airbyte_extracted_at"));
        land("2026-01-01", "a", "(1, 10, null), (2, 20, '2026-01-01 01:00Z')");
        succeed(landings());
        land("2026-01-02", "a", "(1, 11, '2026-01-02 01:00Z'), (2, 21, null), (3, 31, null)");

        succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 11.00], [2, 20.00], [3, 31.00]]");
    }

    @Test
    void breaksTiesByTheRawIdWhateverTheOrder() {
        String[] tables = new String[2];
        for (int turn = 0; turn < 2; turn++) {
            open2();
            land("2026-01-01", turn == 0 ? "a" : "b", "(1, 10, '2026-01-01 01:00Z')");
            succeed(landings());
            land("2026-01-01", turn == 0 ? "b" : "a", "(1, 11, '2026-01-01 01:00Z')");
            succeed(landings());
            tables[turn] = things("thing_id, amount");
        }

        assertThat(tables[0]).isEqualTo(tables[1]);
    }

    private void open2() {
        runner().takeLane(THINGS);
        warehouse.with("clean", session -> {
            session.execute(
                    "drop table if exists things; delete from _landfall.landings; delete from _landfall.builds");
            return true;
        });
        deleteLake();
    }

    private void deleteLake() {
        try (var paths = Files.walk(folder.resolve("landing"))) {
            for (Path path : paths.sorted(Collections.reverseOrder()).toList()) {
                if (Files.isRegularFile(path)) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsTheNewestOfUnsortedDuplicatesWhereASequenceIsNamed() {
        use(project()
                .model("things", keyed("sequence_by", List.of("_airbyte_extracted_at", "amount")), (request, vars) -> {
                    vars.get("files");
                    return COLUMNS + GLOB;
                }));
        land(
                "2026-01-01",
                "a",
                "(1, 12, '2026-01-01 03:00Z'), (1, 10, '2026-01-01 01:00Z'), (1, 13, '2026-01-01 03:00Z')");
        succeed(landings());
        land(
                "2026-01-02",
                "a",
                "(1, 11, '2026-01-01 02:00Z'), (2, 20, '2026-01-02 01:00Z'), (2, 22, '2026-01-02 02:00Z')");

        succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 13.00], [2, 22.00]]");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void givesTheSameTableInAnyOrder(long seed) {
        Random random = new Random(seed);
        for (int day = 28; day <= 31; day++) {
            for (int file = 0; file < 2; file++) {
                land("2025-12-" + day, "f" + file, rows(random));
            }
        }
        List<PartitionLanded> landings = new ArrayList<>(landings());
        landings.addAll(landings());
        Collections.shuffle(landings, random);
        use(random.nextBoolean() ? guide() : things());
        StreamRunner runner = runner(RunSettings.DEFAULT.withMaxBatchBytes(random.nextBoolean() ? 1 : 1 << 20));
        long lane = runner.takeLane(THINGS);

        while (!landings.isEmpty()) {
            int count = 1 + random.nextInt(Math.min(4, landings.size()));
            List<PartitionLanded> part = landings.subList(0, count);
            List<RunResult> results = random.nextInt(4) == 0
                    ? runner.replay(THINGS, part, LanePosition.none(lane), false, result -> {})
                    : runner.apply(THINGS, part, LanePosition.none(lane), false);
            assertThat(results).singleElement().isInstanceOf(RunResult.Succeeded.class);
            part.clear();
        }

        String columns = "thing_id, amount, _airbyte_extracted_at, _airbyte_raw_id";
        assertThat(things(columns)).isEqualTo(expected(columns));
    }

    private static String rows(Random random) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            rows.add("(" + random.nextInt(15) + ", " + random.nextInt(1000) + ", '2025-12-2" + random.nextInt(9) + " 0"
                    + random.nextInt(10) + ":" + (10 + random.nextInt(50)) + ":" + (10 + i) + "." + random.nextInt(1000)
                    + "Z')");
        }
        return String.join(", ", rows);
    }

    // --- models without an order

    @Test
    void rebuildsAModelWithoutASequenceWhenAnOlderLandingComes() {
        use(project().model("things", keyed("sequence_by", List.of()), (request, vars) -> {
            vars.get("files");
            return "select id as thing_id, amount, year, month, day from " + GLOB
                    + " qualify row_number() over (partition by id order by year desc, month desc, day desc) = 1";
        }));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-03", "a", "(1, 13, '2026-01-03 01:00Z')");
        succeed(landings());
        land("2026-01-02", "a", "(1, 12, '2026-01-02 01:00Z'), (2, 22, '2026-01-02 01:00Z')");

        RunResult refused = apply(runner(RunSettings.DEFAULT.withOnOlderLanding(OnOlderLanding.REFUSE)), landings());
        String before = things("thing_id, amount");
        RunResult.Succeeded rebuilt = succeed(landings());

        assertThat(((RunResult.Failed) refused).event().error()).contains("sequence_by");
        assertThat(before).isEqualTo("[[1, 13.00]]");
        assertThat(things("thing_id, amount")).isEqualTo("[[1, 13.00], [2, 22.00]]");
        assertThat(rebuilt.event().fullRefresh()).isTrue();
        assertThat(rebuilt.warnings()).singleElement().asString().contains("sequence_by");
        assertThat(table("select table_name from information_schema.tables where table_schema = 'main'"))
                .isEqualTo("[[things]]");
    }

    @Test
    void tellsOlderFromNewerWhereMonthsAndDaysHaveNoZeros() {
        use(project().model("things", keyed("sequence_by", List.of()), (request, vars) -> {
            vars.get("files");
            return "select id as thing_id, amount from " + GLOB + NEWEST;
        }));
        land("2026-9-5", "a", "(1, 5, '2026-09-05 01:00Z')");
        land("2026-9-30", "a", "(1, 30, '2026-09-30 01:00Z')");
        succeed(landings());
        land("2026-9-6", "a", "(1, 6, '2026-09-06 01:00Z')");
        RunResult.Succeeded older = succeed(landings());
        String afterOlder = things("thing_id, amount");
        land("2026-10-1", "a", "(1, 31, '2026-10-01 01:00Z')");
        RunResult.Succeeded newer = succeed(landings());

        assertThat(afterOlder).isEqualTo("[[1, 30.00]]");
        assertThat(older.event().fullRefresh()).isTrue();
        assertThat(things("thing_id, amount")).isEqualTo("[[1, 31.00]]");
        assertThat(newer.event().fullRefresh()).isFalse();
    }

    @Test
    void rebuildsAnAppendingModelWhenItIsReplayed() {
        use(project().model("things", keyed("incremental_strategy", "append"), (request, vars) -> {
            vars.get("files");
            return COLUMNS + GLOB;
        }));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(1, 11, '2026-01-02 01:00Z')");
        succeed(landings());
        StreamRunner runner = runner();

        List<RunResult> results =
                runner.replay(THINGS, landings(), LanePosition.none(runner.takeLane(THINGS)), false, result -> {});

        assertThat(results).singleElement().isInstanceOf(RunResult.Succeeded.class);
        assertThat(things("thing_id, amount")).isEqualTo("[[1, 10.00], [1, 11.00]]");
    }

    @Test
    void keepsSeveralRowsOfAKeyAsDbtDoes() {
        use(project().model("things", keyed(), (request, vars) -> {
            vars.get("files");
            return COLUMNS + GLOB;
        }));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z'), (1, 11, '2026-01-01 02:00Z')");
        RunResult.Succeeded first = succeed(landings());
        land("2026-01-02", "a", "(1, 12, '2026-01-02 01:00Z'), (1, 13, '2026-01-02 01:00Z')");

        succeed(landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 12.00], [1, 13.00]]");
        assertThat(first.warnings()).singleElement().asString().contains("several rows");
        assertThat(runner().explain(THINGS).get(0).note()).contains("several rows");
    }

    // --- batches and bad files

    @Test
    void appliesABacklogInBatchesOfATransactionEach() {
        for (int day = 1; day <= 5; day++) {
            land(
                    "2026-01-0" + day,
                    "a",
                    "(1, " + day + ", '2026-01-0" + day + " 01:00Z'), (" + day + "0, 1, '2026-01-01 01:00Z')");
        }

        RunResult result = apply(runner(RunSettings.DEFAULT.withMaxBatchBytes(1)), landings());

        assertThat(((RunResult.Succeeded) result).event().filesRead()).isEqualTo(5);
        assertThat(((RunResult.Succeeded) result).event().landings()).hasSize(5);
        assertThat(table("select count(*) from _landfall.runs")).isEqualTo("[[5]]");
        assertThat(things("thing_id, amount")).isEqualTo(expected("thing_id, amount"));
    }

    @Test
    void letsABadFileStandAloneAndAppliesTheRest() throws IOException {
        for (int day = 1; day <= 6; day++) {
            land("2026-01-0" + day, "a", "(" + day + ", " + day + ", '2026-01-0" + day + " 01:00Z')");
        }
        Files.writeString(
                folder.resolve("landing/raw/shop/things/year=2026/month=01/day=04/a.parquet"),
                "this is not Parquet",
                StandardCharsets.UTF_8);

        RunResult.Succeeded result = succeed(landings());
        RunResult.Succeeded again = succeed(landings());

        assertThat(things("thing_id")).isEqualTo("[[1], [2], [3], [5], [6]]");
        assertThat(result.deadLettered()).singleElement().satisfies(dead -> {
            assertThat(dead.file().key()).endsWith("day=04/a.parquet");
            assertThat(dead.partition()).isEqualTo("year=2026/month=01/day=04");
            assertThat(dead.reason()).contains("model things", "arquet");
        });
        assertThat(again.repeated()).isTrue();
        assertThat(again.deadLettered()).isEmpty();
        assertThat(runner().deadLetters(THINGS)).hasSize(1);
    }

    @Test
    void findsAFileWhoseValuesTheModelCannotTake() {
        use(project().model("things", keyed(), (request, vars) -> {
            vars.get("files");
            return "select id as thing_id, cast(amount as decimal(4,2)) as amount, _airbyte_extracted_at from " + GLOB;
        }));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(2, 20000, '2026-01-02 01:00Z')");
        land("2026-01-03", "a", "(3, 30, '2026-01-03 01:00Z')");

        RunResult.Succeeded result = succeed(landings());

        assertThat(things("thing_id")).isEqualTo("[[1], [3]]");
        assertThat(result.deadLettered())
                .singleElement()
                .satisfies(dead -> assertThat(dead.reason()).contains("Conversion Error"));
    }

    @Test
    void takesABadFileAgainWhenItIsReplacedOrRetried() throws IOException {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        Path bad = folder.resolve("landing/raw/shop/things/year=2026/month=01/day=02/a.parquet");
        Files.createDirectories(bad.getParent());
        Files.writeString(bad, "not Parquet", StandardCharsets.UTF_8);
        succeed(landings());
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");

        succeed(landings());

        assertThat(things("thing_id")).isEqualTo("[[1], [2]]");
        assertThat(runner().deadLetters(THINGS)).isEmpty();
        assertThat(runner().dropDeadLetters(THINGS, List.of("none"))).isZero();
    }

    @Test
    void blamesTheModelAndNoFileWhenItsTextIsWrong() {
        use(project().model("things", keyed(), (request, vars) -> "select nothing as thing_id from " + GLOB));
        for (int day = 1; day <= 6; day++) {
            land("2026-01-0" + day, "a", "(" + day + ", 1, '2026-01-01 01:00Z')");
        }

        RunResult result = apply(runner(), landings());

        assertThat(result.deadLettered()).isEmpty();
        assertThat(((RunResult.Failed) result).retryable()).isFalse();
        assertThat(((RunResult.Failed) result).event().error())
                .startsWith("model things (models/things.sql): ")
                .contains("nothing", "year=2026/month=01/day=0");
        assertThat(table("select count(*) from _landfall.landings")).isEqualTo("[[0]]");
    }

    @Test
    void blamesNoFileForAMacroThatIsWrong() {
        useMacro("id", "incremental");
        for (String materialized : List.of("incremental", "table")) {
            land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
            useMacro("id", materialized);
            succeed(landings());
            land("2026-01-02", materialized, "(2, 20, '2026-01-02 01:00Z')");

            useMacro("nothing", materialized);
            RunResult wrong = apply(runner(), landings());
            useMacro("id + 0", materialized);
            RunResult mended = apply(runner(), landings());

            assertThat(wrong.deadLettered()).as(materialized).isEmpty();
            assertThat(wrong).isInstanceOfSatisfying(RunResult.Failed.class, failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.event().error()).contains("nothing");
            });
            assertThat(mended).isInstanceOf(RunResult.Succeeded.class);
        }
        assertThat(things("thing_id")).isEqualTo("[[1], [2], [2]]");
    }

    @Test
    void leavesAFileOutAlsoWhenAMacroChangedThatIsRight() {
        for (String materialized : List.of("incremental", "table")) {
            land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
            useMacro("id", materialized);
            succeed(landings());
            landAs("2026-01-02", "'two' as id");

            useMacro("id + 0", materialized);
            RunResult result = apply(runner(), landings());

            assertThat(result.deadLettered()).as(materialized).hasSize(1);
            assertThat(things("thing_id")).isEqualTo("[[1]]");
        }
    }

    @Test
    void noticesThatAMacroChangedSinceTheLastFullRefresh() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        useMacro("id", "incremental");
        succeed(landings());
        String before = runner().explain(THINGS).get(0).note();

        useMacro("id + 1", "incremental");
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");
        succeed(landings());
        String changed = runner().explain(THINGS).get(0).note();
        assertThat(refreshAll()).singleElement().isInstanceOf(RunResult.Succeeded.class);

        assertThat(before).doesNotContain("model changed");
        assertThat(changed).contains("model changed");
        assertThat(runner().explain(THINGS).get(0).note()).doesNotContain("model changed");
        assertThat(things("thing_id")).isEqualTo("[[2], [3]]");
    }

    @Test
    void leavesOutABadVersionOfItsOnlyFileThoughAMacroChanged() {
        landAs("2026-01-01", "1 as id");
        useMacro("id", "incremental");
        succeed(landings());
        landAs("2026-01-01", "'one' as id");

        useMacro("id + 0", "incremental");
        RunResult result = apply(runner(), landings());

        assertThat(result.deadLettered()).hasSize(1);
        assertThat(things("thing_id")).isEqualTo("[[1]]");
    }

    @Test
    void triesAModelWithoutTellingOfIt() {
        for (String macro : List.of("id", "id + 0")) {
            use(project()
                    .macros(macro)
                    .model(
                            "things",
                            keyed(),
                            (request, vars) -> "select " + macro + " as thing_id, _airbyte_extracted_at"
                                    + " from " + GLOB
                                    + (request.incremental()
                                            ? " where _airbyte_extracted_at > (select max(_airbyte_extracted_at) from main.things)"
                                            : "")));
            if (macro.equals("id")) {
                land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
                succeed(landings());
            }
        }
        landAs("2026-01-02", "'two' as id");

        RunResult result = apply(runner(RunSettings.DEFAULT.withOnDroppedRows(OnDroppedRows.FAIL)), landings());

        assertThat(result.deadLettered()).hasSize(1);
        assertThat(((RunResult.Succeeded) result).warnings()).noneMatch(warning -> warning.contains("dropped"));
    }

    private void useMacro(String macro, String materialized) {
        use(project().macros(macro).model("things", keyed("materialized", materialized), (request, vars) -> {
            vars.get("files");
            return "select " + macro + " as thing_id, _airbyte_extracted_at from " + GLOB;
        }));
    }

    @Test
    void leavesAFileOutThatIsGoneAlready() throws IOException {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");
        List<PartitionLanded> landings = landings();
        Files.delete(folder.resolve("landing/raw/shop/things/year=2026/month=01/day=01/a.parquet"));

        succeed(landings);

        assertThat(things("thing_id")).isEqualTo("[[2]]");
        assertThat(table("select count(*) from _landfall.landings")).isEqualTo("[[1]]");
    }

    // --- columns that come, go and change

    private void landAs(String day, String columns) {
        String[] parts = day.split("-", -1);
        PARQUET.land(
                folder,
                "landing",
                "raw/shop/things/year=" + parts[0] + "/month=" + parts[1] + "/day=" + parts[2] + "/a.parquet",
                "select " + columns + ", '" + day + " 01:00Z'::timestamptz as _airbyte_extracted_at");
    }

    private void useColumn(String column) {
        use(project().model("things", keyed(), "reads " + column, (request, vars) -> {
            vars.get("files");
            return "select id as thing_id, " + column + ", _airbyte_extracted_at from " + GLOB + NEWEST;
        }));
    }

    private List<ColumnChanged> changesOf(StreamRunner runner, List<PartitionLanded> landings) {
        List<ColumnChanged> changes = new ArrayList<>();
        runner.onColumnChange(changes::add);
        apply(runner, landings);
        return changes;
    }

    @Test
    void tellsOfANewColumnAndWhoMayWantIt() {
        useColumn("1 as one");
        landAs("2026-01-01", "1 as id, 10 as amount");
        assertThat(changesOf(runner(), landings())).isEmpty();
        landAs("2026-01-02", "2 as id, 20 as amount, 'x' as colour");

        List<ColumnChanged> changes = changesOf(runner(), landings());
        List<ColumnChanged> later = changesOf(runner(), landings());

        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.change()).isEqualTo("added");
            assertThat(change.column()).isEqualTo("colour");
            assertThat(change.type()).isEqualTo("VARCHAR");
            assertThat(change.models()).containsExactly("things");
            assertThat(change.inWords()).contains("shop.things has a new column colour (VARCHAR)", "for things");
        });
        assertThat(later).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesOutAFileThatLacksANeededColumnWhateverItsNeighbours(boolean together) {
        useColumn("colour");
        landAs("2026-01-01", "1 as id, 'red' as colour");
        succeed(landings());
        landAs("2026-01-02", "2 as id");
        RunResult alone = together ? null : apply(runner(), landings());
        landAs("2026-01-03", "3 as id, 'blue' as colour");

        RunResult result = apply(runner(), landings());

        List<DeadLettered> dead = (alone == null ? result : alone).deadLettered();
        assertThat(dead).singleElement().satisfies(each -> {
            assertThat(each.partition()).endsWith("day=02");
            assertThat(each.reason()).contains("needs the column colour (VARCHAR)", "dead-letters retry");
        });
        assertThat(things("thing_id, colour")).isEqualTo("[[1, red], [3, blue]]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAColumnThatCameLaterAsNullInOlderFiles(boolean together) {
        useColumn("colour");
        landAs("2026-01-02", "2 as id, 'red' as colour");
        if (!together) {
            succeed(landings());
        }
        landAs("2026-01-01", "1 as id");

        RunResult result = apply(runner(), landings());
        RunResult refreshed = refreshAll().get(0);

        assertThat(result.deadLettered()).isEmpty();
        assertThat(refreshed.deadLettered()).isEmpty();
        assertThat(things("thing_id, colour")).isEqualTo("[[1, null], [2, red]]");
    }

    @Test
    void takesAColumnThatCameWithinADayForNewAndNotForVanished() throws Exception {
        useColumn("colour");
        landAs("2026-01-01", "1 as id, 'red' as colour");
        Path morning = folder.resolve("landing/raw/shop/things/year=2026/month=01/day=01/a.parquet");
        Path evening = morning.resolveSibling("b.parquet");
        Files.move(morning, evening);
        landAs("2026-01-01", "2 as id");
        Files.setLastModifiedTime(morning, FileTime.from(Instant.parse("2026-01-01T08:00:00Z")));
        Files.setLastModifiedTime(evening, FileTime.from(Instant.parse("2026-01-01T20:00:00Z")));

        RunResult result = apply(runner(), landings());
        RunResult refreshed = refreshAll().get(0);

        assertThat(result.deadLettered()).isEmpty();
        assertThat(refreshed.deadLettered()).isEmpty();
        assertThat(things("thing_id, colour")).isEqualTo("[[1, red], [2, null]]");
    }

    @Test
    void buildsANewModelFromAHistoryWhoseColumnsCameLate() {
        useColumn("colour");
        for (int day = 1; day <= 5; day++) {
            landAs("2026-01-0" + day, day + " as id" + (day == 5 ? ", 'red' as colour" : ""));
        }

        RunResult result = apply(runner(RunSettings.DEFAULT.withMaxBatchBytes(1)), landings());

        assertThat(result.deadLettered()).isEmpty();
        assertThat(things("thing_id, colour")).isEqualTo("[[1, null], [2, null], [3, null], [4, null], [5, red]]");
    }

    private List<RunResult> refreshAll() {
        StreamRunner runner = runner();
        return runner.fullRefresh(
                THINGS, List.of(), landings(), LanePosition.none(runner.takeLane(THINGS)), false, result -> {});
    }

    @Test
    void leavesOutAFileWhoseColumnIsOfAnotherTypeThatDoesNotFit() {
        useColumn("amount");
        landAs("2026-01-01", "1 as id, 10 as amount");
        succeed(landings());
        landAs("2026-01-02", "2 as id, 'twenty' as amount");
        landAs("2026-01-03", "3 as id, '30' as amount");
        landAs("2026-01-04", "4 as id, 40 as amount");

        StreamRunner runner = runner();
        List<ColumnChanged> changes = changesOf(runner, landings());

        assertThat(things("thing_id, amount")).isEqualTo("[[1, 10], [3, 30], [4, 40]]");
        assertThat(runner.deadLetters(THINGS))
                .singleElement()
                .satisfies(dead -> assertThat(dead.reason())
                        .contains("Conversion Error", "type changed: amount is VARCHAR and was INTEGER"));
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.change()).isEqualTo("retyped");
            assertThat(change.before()).isEqualTo("INTEGER");
        });
    }

    @Test
    void blamesNoFileOfTheUsualTypeAfterOneOfAnother() {
        useColumn("amount");
        landAs("2026-01-01", "1 as id, 10 as amount");
        succeed(landings());
        landAs("2026-01-02", "2 as id, 'twenty' as amount");
        assertThat(apply(runner(), landings()).deadLettered()).hasSize(1);
        useColumn("amount.nothing as amount");
        landAs("2026-01-03", "3 as id, 30 as amount");

        RunResult wrong = apply(runner(), landings());
        useColumn("amount");
        RunResult mended = apply(runner(), landings());

        assertThat(wrong)
                .isInstanceOfSatisfying(
                        RunResult.Failed.class,
                        failed -> assertThat(failed.event().error())
                                .contains("Binder Error")
                                .doesNotContain("type changed"));
        assertThat(wrong.deadLettered()).isEmpty();
        assertThat(mended.deadLettered()).isEmpty();
        assertThat(things("thing_id, amount")).isEqualTo("[[1, 10], [3, 30]]");
    }

    @Test
    void namesTheColumnThatAModelSelectsNoMore() {
        useColumn("colour");
        landAs("2026-01-01", "1 as id, 'red' as colour, 10 as amount");
        succeed(landings());
        useColumn("amount");
        landAs("2026-01-02", "2 as id, 'blue' as colour, 20 as amount");

        RunResult result = apply(runner(), landings());

        assertThat(result)
                .isInstanceOfSatisfying(
                        RunResult.Failed.class,
                        failed -> assertThat(failed.event().error())
                                .contains("its table has the column colour", "landfall run --full-refresh -s things"));
        assertThat(things("thing_id, colour")).isEqualTo("[[1, red]]");
        assertThat(refreshAll()).singleElement().isInstanceOf(RunResult.Succeeded.class);
        assertThat(things("thing_id, amount")).isEqualTo("[[1, 10], [2, 20]]");
    }

    @Test
    void refusesToRefreshAModelThatTheStreamDoesNotHave() {
        land("2026-01-01", "a", "(1, 1, '2026-01-01 01:00Z')");
        StreamRunner runner = runner();
        LanePosition position = LanePosition.none(runner.takeLane(THINGS));

        assertThatThrownBy(() -> runner.fullRefresh(
                        THINGS, List.of("things", "no_such"), landings(), position, false, result -> {}))
                .hasMessageContaining("no_such is no model of the stream shop.things");
    }

    @Test
    void createsAModelWithoutDataFromTheDeclaredFieldsAndRebuildsItWithTheFirstLanding() {
        use(new TestProject(target)
                .stream("shop", "things", Map.of("id", "integer", "amount", "integer"))
                        .model("things", keyed(), (request, vars) -> {
                            Object files = vars.get("files");
                            return "select id as thing_id, amount, _airbyte_extracted_at from "
                                    + (files == null ? GLOB : "read_parquet(" + files + ", hive_partitioning=true)")
                                    + NEWEST;
                        }));
        RunSettings settings = RunSettings.DEFAULT.withCreateEmpty(true);

        RunResult waiting = apply(runner(), List.of());
        RunResult empty = apply(runner(settings), List.of());
        String columns = table("select column_name, data_type from duckdb_columns() where table_name = 'things'");
        RunResult again = apply(runner(settings), List.of());
        landAs("2026-01-01", "1 as id, 10.5::decimal(4, 1) as amount");
        apply(runner(settings), landings());

        assertThat(waiting).isInstanceOf(RunResult.Skipped.class);
        assertThat(((RunResult.Succeeded) empty).event().rowsTotal()).isZero();
        assertThat(columns)
                .isEqualTo("[[thing_id, BIGINT], [amount, BIGINT], [_airbyte_extracted_at, TIMESTAMP WITH TIME ZONE]]");
        assertThat(((RunResult.Succeeded) again).repeated()).isTrue();
        assertThat(things("thing_id, amount")).as("as the files have it").isEqualTo("[[1, 10.5]]");
    }

    // --- lanes

    @Test
    void fencesOutTheFormerHolderOfALane() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        StreamRunner zombie = runner();
        long old = zombie.takeLane(THINGS);
        runner().takeLane(THINGS);

        assertThatThrownBy(() -> zombie.apply(THINGS, landings(), LanePosition.none(old), false))
                .isInstanceOf(LaneLostException.class)
                .hasMessageContaining("shop.things");
        assertThat(table("select count(*) from information_schema.tables where table_name = 'things'"))
                .isEqualTo("[[0]]");
    }

    @Test
    void appliesAgainWhatIsReplayed() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");
        StreamRunner runner = runner();
        long lane = runner.takeLane(THINGS);
        List<PartitionLanded> landings = landings();
        runner.apply(THINGS, landings.subList(0, 1), new LanePosition(lane, 0, 0), false);
        runner.apply(THINGS, landings.subList(1, 2), new LanePosition(lane, 1, 1), false);
        table("delete from things");

        RunResult redelivered = runner.apply(THINGS, landings.subList(1, 2), new LanePosition(lane, 1, 1), false)
                .get(0);
        RunResult replayed = runner.replay(
                        THINGS, landings.subList(0, 1), new LanePosition(lane, 0, 0), false, result -> {})
                .get(0);

        assertThat(((RunResult.Succeeded) redelivered).repeated()).isTrue();
        assertThat(((RunResult.Succeeded) replayed).repeated()).isFalse();
        assertThat(things("thing_id")).isEqualTo("[[1]]");
    }

    @Test
    void appliesNothingTwiceThatComesAgainAfterACrash() {
        use(project().model("things", keyed("incremental_strategy", "append"), (request, vars) -> {
            vars.get("files");
            return COLUMNS + GLOB;
        }));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");
        List<PartitionLanded> landings = landings();
        StreamRunner died = runner();
        long lane = died.takeLane(THINGS);
        died.apply(THINGS, landings.subList(0, 1), new LanePosition(lane, 0, 0), true);
        died.apply(THINGS, landings.subList(1, 2), new LanePosition(lane, 1, 1), false);
        StreamRunner runner = runner();
        long next = runner.takeLane(THINGS);

        List<RunResult> again = runner.apply(THINGS, landings, new LanePosition(next, 0, 1), false);

        assertThat(again)
                .singleElement()
                .satisfies(result ->
                        assertThat(((RunResult.Succeeded) result).repeated()).isTrue());
        assertThat(things("thing_id")).isEqualTo("[[1], [2]]");
        assertThat(table("select count(*) from _landfall.runs")).isEqualTo("[[2]]");
    }

    // --- other kinds of models

    @Test
    void rebuildsATableOfAllFilesAtEachLanding() {
        use(project()
                .model(
                        "things",
                        Map.of("materialized", "table", "tags", List.of("shop__things")),
                        (request, vars) -> "select count(*) as n, min(month) as m from " + GLOB));
        land("2025-12-31", "a", "(1, 10, '2026-01-01 01:00Z')");
        succeed(landings());
        land("2026-01-01", "a", "(2, 20, '2026-01-02 01:00Z')");

        RunResult.Succeeded second = succeed(landings().subList(1, 2));

        assertThat(things("*")).isEqualTo("[[2, 01]]");
        assertThat(second.event().filesRead()).isEqualTo(2);
    }

    @Test
    void runsModelsOfAStreamInGraphOrderAndSkipsWhatReadsAFailedOne() {
        use(things().model(
                        "a_child",
                        Map.of("materialized", "table", "tags", List.of("shop__things")),
                        (request, vars) -> "select count(*) as n from main.things",
                        "things"));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        StreamRunner runner = runner();
        List<RunResult> good = runner.apply(THINGS, landings(), LanePosition.none(runner.takeLane(THINGS)), false);
        use(project()
                .model("things", keyed(), "broken", (request, vars) -> "select oops")
                .model(
                        "a_child",
                        Map.of("materialized", "table", "tags", List.of("shop__things")),
                        (request, vars) -> "select count(*) as n from main.things",
                        "things"));
        land("2026-01-02", "a", "(2, 10, '2026-01-01 01:00Z')");
        List<RunResult> bad = runner.apply(THINGS, landings(), LanePosition.none(runner.takeLane(THINGS)), false);

        assertThat(good).extracting(RunResult::model).containsExactly("model.test.things", "model.test.a_child");
        assertThat(table("select n from a_child")).isEqualTo("[[1]]");
        assertThat(bad.get(0)).isInstanceOf(RunResult.Failed.class);
        assertThat(((RunResult.Skipped) bad.get(1)).reason()).contains("things was not built");
    }

    @Test
    void expandsAnotherStreamsGlobInFull() {
        for (String day : List.of("01", "02")) {
            PARQUET.land(folder, "landing", "raw/shop/others/day=" + day + "/a.parquet", "select " + day + " as id");
        }
        use(project().model("things", keyed(), (request, vars) -> {
            vars.get("files");
            return "select t.id as thing_id, o.day from " + GLOB
                    + " t join read_parquet('s3://landing/raw/shop/others/**/*.parquet') o using (id)";
        }));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        succeed(landings());
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");

        RunResult.Succeeded second = succeed(landings());

        assertThat(things("*")).isEqualTo("[[1, 01], [2, 02]]");
        assertThat(second.event().filesRead()).isEqualTo(3);
    }

    @Test
    void waitsForAStreamWithoutFiles() {
        use(project()
                .model(
                        "things",
                        keyed(),
                        (request, vars) -> "select t.id as thing_id from " + GLOB
                                + " t join read_parquet('s3://landing/raw/shop/others/**/*.parquet') o using (id)"));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");

        RunResult result = apply(runner(), landings());

        assertThat(((RunResult.Skipped) result).reason()).contains("raw/shop/others");
        assertThat(table("select count(*) from _landfall.landings")).isEqualTo("[[0]]");
    }

    @Test
    void givesTheExactFilesToATemplate() {
        use(project()
                .model(
                        "things",
                        keyed(),
                        (request, vars) ->
                                COLUMNS + "read_parquet(" + vars.get("files") + ", hive_partitioning=true)" + NEWEST));
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        succeed(landings());
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");

        assertThat(succeed(landings()).event().filesRead()).isEqualTo(1);
        assertThat(things("thing_id, month")).isEqualTo("[[1, 01], [2, 01]]");
    }

    // --- full refresh

    @Test
    void refreshesBesideTheOldTableAndSwaps() {
        for (int day = 1; day <= 4; day++) {
            land("2026-01-0" + day, "a", "(1, " + day + ", '2026-01-0" + day + " 01:00Z')");
        }
        succeed(landings());
        table("insert into things (thing_id) values (99)");
        StreamRunner runner = runner(RunSettings.DEFAULT.withMaxBatchBytes(1));

        List<RunResult> results = runner.fullRefresh(
                THINGS, List.of("things"), landings(), LanePosition.none(runner.takeLane(THINGS)), false, result -> {});

        RunResult.Succeeded refreshed = (RunResult.Succeeded) results.get(0);
        assertThat(refreshed.event().fullRefresh()).isTrue();
        assertThat(refreshed.event().filesRead()).isEqualTo(4);
        assertThat(refreshed.event().rowsTotal()).isEqualTo(1);
        assertThat(things("thing_id, amount")).isEqualTo("[[1, 4.00]]");
        assertThat(table("select count(*) from _landfall.landings")).isEqualTo("[[4]]");
        assertThat(table("select table_name from information_schema.tables where table_schema = 'main'"))
                .isEqualTo("[[things]]");
    }

    @Test
    void appliesFreshLandingsBetweenThePartsOfARefreshAndTakesThemIn() {
        for (int day = 1; day <= 4; day++) {
            land(
                    "2026-01-0" + day,
                    "a",
                    "(1, " + day + ", '2026-01-0" + day + " 01:00Z'), (" + day + "0, 1, '2026-01-01 01:00Z')");
        }
        succeed(landings());
        table("insert into things (thing_id) values (99)");
        StreamRunner runner = runner(RunSettings.DEFAULT.withMaxBatchBytes(1));
        long lane = runner.takeLane(THINGS);
        Refresh refresh = runner.refresh(THINGS, List.of(), landings(), lane, false);
        List<RunResult> results = new ArrayList<>();

        assertThat(refresh.work(() -> true, results::add)).isFalse();
        land("2026-01-05", "a", "(1, 5, '2026-01-05 01:00Z'), (50, 1, '2026-01-05 01:00Z')");
        land("2026-01-02", "a", "(2, 2, '2026-01-06 01:00Z'), (20, 2, '2026-01-06 01:00Z')");
        runner.apply(THINGS, landings(), LanePosition.none(lane), false);
        String fresh = things("thing_id");
        int parts = 1;
        while (!refresh.work(() -> true, results::add)) {
            parts++;
        }

        assertThat(fresh)
                .as("the old table serves, with what came")
                .isEqualTo("[[1], [2], [10], [20], [30], [40], [50], [99]]");
        assertThat(parts).isGreaterThanOrEqualTo(4);
        assertThat(refresh.progress()).isEqualTo(1);
        assertThat(results).singleElement().isInstanceOf(RunResult.Succeeded.class);
        assertThat(things("thing_id, amount"))
                .isEqualTo("[[1, 5.00], [2, 2.00], [10, 1.00], [20, 2.00], [30, 1.00], [40, 1.00], [50, 1.00]]");
        assertThat(table("select count(*), count(distinct file_key) from _landfall.landings"))
                .isEqualTo("[[5, 5]]");
        assertThat(((RunResult.Succeeded) apply(runner(), landings())).repeated())
                .isTrue();
    }

    @Test
    void appliesFreshLandingsBetweenThePartsOfARefreshThatNobodyAskedFor() {
        TestProject.Template plain = (request, vars) -> {
            vars.get("files");
            return COLUMNS + GLOB + NEWEST;
        };
        use(project().model("things", keyed(), plain).model("twins", keyed(), plain));
        for (int day = 1; day <= 4; day++) {
            land("2026-01-0" + day, "a", "(" + day + ", " + day + ", '2026-01-0" + day + " 01:00Z')");
        }
        runner().apply(THINGS, landings(), LanePosition.none(runner().takeLane(THINGS)), false);
        use(project()
                .model("things", keyed(), "another text", (request, vars) -> {
                    vars.get("files");
                    return "select id as thing_id, amount * 2 as amount, _airbyte_extracted_at, _airbyte_raw_id, year,"
                            + " month, day from " + GLOB + NEWEST;
                })
                .model("twins", keyed(), plain));
        StreamRunner runner =
                runner(RunSettings.DEFAULT.withMaxBatchBytes(1).withOnModelChange(OnModelChange.FULL_REFRESH));
        LanePosition lane = LanePosition.none(runner.takeLane(THINGS));
        List<RunResult> results = new ArrayList<>();
        List<RunResult> fresh = new ArrayList<>();

        land("2026-01-05", "a", "(5, 5, '2026-01-05 01:00Z')");
        StreamRunner.Application refresh = runner.application(THINGS, landings(), lane, false, false, true);
        assertThat(refresh.work(() -> true, results::add)).isFalse();
        land("2026-01-06", "a", "(6, 6, '2026-01-06 01:00Z')");
        assertThat(runner.application(THINGS, landings(), lane, false, false, false)
                        .work(() -> true, fresh::add))
                .isTrue();
        String meanwhile = things("thing_id, amount");
        String twins = table("select thing_id from twins order by 1");
        int parts = 1;
        while (!refresh.work(() -> true, results::add)) {
            parts++;
        }
        String anew = things("thing_id, amount");
        runner.apply(THINGS, landings(), lane, false);

        assertThat(meanwhile).as("the old table serves").isEqualTo("[[1, 1.00], [2, 2.00], [3, 3.00], [4, 4.00]]");
        assertThat(twins).as("its sibling goes on").isEqualTo("[[1], [2], [3], [4], [5], [6]]");
        assertThat(fresh)
                .filteredOn(result -> result.model().endsWith("things"))
                .singleElement()
                .isInstanceOf(RunResult.Skipped.class);
        assertThat(parts).isGreaterThanOrEqualTo(4);
        assertThat(results).hasSize(2).allMatch(result -> result instanceof RunResult.Succeeded);
        assertThat(anew).isEqualTo("[[1, 2.00], [2, 4.00], [3, 6.00], [4, 8.00], [5, 10.00]]");
        assertThat(things("thing_id, amount"))
                .isEqualTo("[[1, 2.00], [2, 4.00], [3, 6.00], [4, 8.00], [5, 10.00], [6, 12.00]]");
    }

    @Test
    void leavesNothingOfARefreshThatIsGivenUp() {
        land("2026-01-01", "a", "(1, 1, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(1, 2, '2026-01-02 01:00Z')");
        succeed(landings());
        StreamRunner runner = runner(RunSettings.DEFAULT.withMaxBatchBytes(1));
        Refresh refresh = runner.refresh(THINGS, List.of(), landings(), runner.takeLane(THINGS), false);
        refresh.work(() -> true, result -> {});

        refresh.abandon();

        assertThat(table("select table_name from information_schema.tables where table_schema = 'main'"))
                .isEqualTo("[[things]]");
        assertThat(things("amount")).isEqualTo("[[2.00]]");
    }

    @Test
    void fencesOutARefreshWhoseLaneWasTaken() {
        land("2026-01-01", "a", "(1, 1, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(1, 2, '2026-01-02 01:00Z')");
        succeed(landings());
        StreamRunner zombie = runner(RunSettings.DEFAULT.withMaxBatchBytes(1));
        Refresh refresh = zombie.refresh(THINGS, List.of(), landings(), zombie.takeLane(THINGS), false);
        refresh.work(() -> true, result -> {});
        table("update things set amount = 7");
        runner().takeLane(THINGS);

        assertThatThrownBy(() -> refresh.work(() -> false, result -> {})).isInstanceOf(LaneLostException.class);

        assertThat(things("amount")).isEqualTo("[[7.00]]");
    }

    @Test
    void refusesARefreshThatWouldLoseHistory() throws IOException {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");
        succeed(landings());
        Files.delete(folder.resolve("landing/raw/shop/things/year=2026/month=01/day=01/a.parquet"));
        StreamRunner runner = runner();
        long lane = runner.takeLane(THINGS);

        List<RunResult> refused =
                runner.fullRefresh(THINGS, List.of(), landings(), LanePosition.none(lane), false, result -> {});
        String kept = things("thing_id");
        List<RunResult> forced =
                runner.fullRefresh(THINGS, List.of(), landings(), LanePosition.none(lane), true, result -> {});

        assertThat(((RunResult.Failed) refused.get(0)).event().error()).contains("1 file that", "--force");
        assertThat(kept).isEqualTo("[[1], [2]]");
        assertThat(forced.get(0)).isInstanceOf(RunResult.Succeeded.class);
        assertThat(things("thing_id")).isEqualTo("[[2]]");
    }

    @Test
    void tellsThatTheModelChangedAndRefreshesWhereTheSettingSaysSo() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        succeed(landings());
        use(project().model("things", keyed(), "another text", (request, vars) -> {
            vars.get("files");
            return "select id as thing_id, amount * 2 as amount, _airbyte_extracted_at, _airbyte_raw_id, year, month, day"
                    + " from " + GLOB + NEWEST;
        }));
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");
        RunResult.Succeeded warned = succeed(landings());
        String note = runner().explain(THINGS).get(0).note();
        land("2026-01-03", "a", "(3, 30, '2026-01-03 01:00Z')");

        RunResult refreshed =
                apply(runner(RunSettings.DEFAULT.withOnModelChange(OnModelChange.FULL_REFRESH)), landings());

        assertThat(warned.warnings()).singleElement().asString().contains("SQL changed");
        assertThat(note).contains("model changed");
        assertThat(refreshed).isInstanceOf(RunResult.Succeeded.class);
        assertThat(things("thing_id, amount")).isEqualTo("[[1, 20.00], [2, 40.00], [3, 60.00]]");
        assertThat(runner().explain(THINGS).get(0).note()).isEmpty();
    }

    @Test
    void buildsANewModelFromEverythingThatEverLanded() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        succeed(landings());
        use(things().model("a_second", keyed(), (request, vars) -> {
            vars.get("files");
            return COLUMNS + GLOB + NEWEST;
        }));
        StreamRunner runner = runner();

        List<RunResult> results = runner.apply(THINGS, landings(), LanePosition.none(runner.takeLane(THINGS)), false);

        assertThat(results).allMatch(result -> result instanceof RunResult.Succeeded);
        assertThat(table("select thing_id from a_second")).isEqualTo("[[1]]");
    }

    @Test
    void restoresATableThatWasDropped() {
        land("2026-01-01", "a", "(1, 10, '2026-01-01 01:00Z')");
        land("2026-01-02", "a", "(2, 20, '2026-01-02 01:00Z')");
        succeed(landings());
        table("drop table things");

        succeed(landings().subList(1, 2));

        assertThat(things("thing_id")).isEqualTo("[[1], [2]]");
    }
}
