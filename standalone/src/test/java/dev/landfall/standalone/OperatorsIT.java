package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.landfall.lake.LakeSettings;
import dev.landfall.project.StreamName;
import dev.landfall.standalone.CommandLineFixture.Outcome;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask of a running system: each test has a stream of its own, and all share one system. */
class OperatorsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path directory;

    private static ParquetFiles parquet;
    private static Pipeline pipeline;
    private static CommandLineFixture commands;

    @BeforeAll
    static void start() throws Exception {
        parquet = new ParquetFiles();
        write("dbt_project.yml", "name: shop\nprofile: shop\nmodel-paths: [models]\n");
        write("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 2}}}\n");
        for (String stream : List.of("year", "times", "late", "items", "bad", "audited", "broken")) {
            write("streams/shop/" + stream + ".json", "{}");
            model(stream, "id, name, _airbyte_extracted_at");
        }
        write("models/waits.sql", "{{ config(materialized='table') }} select count(*) as n from {{ ref('int_late') }}");
        write(
                "models/on_broken.sql",
                "{{ config(materialized='table') }} select count(*) as n from {{ ref('int_broken') }}");
        landDays("broken", "date '2026-01-01'", 1);
        landDays("year", "date '2025-01-01'", 365);
        landDays("times", "date '2026-01-01'", 6);
        landDays("items", "date '2026-01-01'", 3);
        landDays("audited", "date '2026-01-01'", 3);
        ProjectOptions options = ProjectOptions.of(directory.resolve("project"));
        LakeSettings lake = LakeSettings.of(directory.resolve("lake").toString());
        // Nothing is looked at again for an hour, unless a listing is asked for.
        pipeline = Pipeline.start(
                directory.resolve("data"),
                ProjectLoader.load(options),
                options,
                "{}",
                lake,
                Map.of(
                        "landfall.sensor.poll", "1h",
                        "landfall.sensor.quiet-period", "0s",
                        "landfall.project-poll", "200ms"));
        commands = new CommandLineFixture(directory.resolve("project"));
        await("the first landings")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> rows("year") == 365 && rows("times") == 6 && rows("items") == 3 && rows("audited") == 3);
    }

    @AfterAll
    static void stop() {
        if (pipeline != null) {
            pipeline.close();
        }
        parquet.close();
    }

    @Test
    void replaysAYearInAHandfulOfRuns() {
        query("delete from int_year");
        long before = runs("year");

        Outcome outcome = commands.run("replay", "shop.year");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("done: 365 partitions in");
        assertThat(rows("year")).isEqualTo(365);
        assertThat(runs("year") - before).isBetween(1L, 10L);
    }

    @Test
    void replaysByDatesByPartitionsByOffsetsAndByTime() {
        query("delete from int_times");

        Outcome byDates = commands.run("replay", "shop.times", "--from", "2026-01-02", "--to", "2026-01-03");

        assertThat(byDates.code()).as(byDates.err()).isZero();
        assertThat(byDates.out()).contains("done: 2 partitions in");
        assertThat(ids("times")).containsExactly("20260102", "20260103");

        commands.run("replay", "shop.times", "--partition", "year=2026/month=01/day=06");

        assertThat(ids("times")).containsExactly("20260102", "20260103", "20260106");

        commands.run("replay", "shop.times", "--from-offset", offset("times", 4), "--to-offset", offset("times", 4));

        assertThat(ids("times")).containsExactly("20260102", "20260103", "20260104", "20260106");

        Outcome later =
                commands.run("replay", "shop.times", "--since", Instant.now().toString());
        Outcome earlier =
                commands.run("replay", "shop.times", "--until", Instant.now().toString());

        assertThat(later.out()).contains("nothing landed that the flags choose");
        assertThat(earlier.out()).contains("done: 6 partitions in");
        assertThat(rows("times")).isEqualTo(6);
    }

    @Test
    void tellsWhatIsWrongWithARequest() {
        assertThat(commands.run("replay").err()).contains("name a stream");
        assertThat(commands.run("replay", "shop.nothing").err())
                .contains("there is no stream shop.nothing", "shop.year");
        assertThat(commands.run("replay", "shop.times", "--from", "soon").err()).contains("'soon' is no date");
        assertThat(commands.run("replay", "shop.times", "--partition", "year=1999")
                        .err())
                .contains("partition year=1999 has not landed");
        assertThat(commands.run("replay", "shop.times", "--from", "soon").code())
                .isEqualTo(Landfall.USAGE);
        assertThat(commands.run("run").err()).contains("keeps this project's models fresh");
    }

    @Test
    void backfillsWhatTheSensorHasNotSeen() throws Exception {
        Outcome waiting = statusOf("waits", "was never built");
        landDays("late", "date '2026-01-01'", 3);

        Outcome outcome = commands.run("backfill", "shop.late");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("shop.late listing  done: 3 files", "shop.late backfill  done: 3 partitions");
        assertThat(rows("late")).isEqualTo(3);
        assertThat(waiting.out()).contains("waits for int_late, which was never built");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(value("select n from waits")).isEqualTo("3"));

        query("delete from int_late");
        commands.run("backfill", "shop.late");
        assertThat(rows("late")).as("the ledger knows them").isZero();

        Outcome again = commands.run("backfill", "shop.late", "--from", "2026-01-03", "--replay");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(ids("late")).containsExactly("20260103");
    }

    @Test
    void saysThatMartsAreNotRefreshedBelowACoreModelThatFails() throws Exception {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(value("select n from on_broken")).isEqualTo("1"));
        model("broken", "no_such_column as id, name, _airbyte_extracted_at");

        Outcome outcome = commands.run("run", "--full-refresh", "--select", "int_broken+");

        assertThat(outcome.code()).isEqualTo(Landfall.FAILED);
        assertThat(outcome.out()).contains("shop.broken full-refresh  failed").doesNotContain("failed after 1 of 1");
        assertThat(outcome.err())
                .contains("no_such_column", "not refreshed, since they come after the core models: on_broken");
        assertThat(rows("broken")).as("the old table serves").isEqualTo(1);
    }

    @Test
    void refreshesAModelWhoseTextChanged() throws Exception {
        model("items", "id, upper(name) as name, _airbyte_extracted_at");
        Outcome before = statusOf("int_items", "model changed since its last full refresh");

        Outcome outcome = commands.run("run", "--full-refresh", "--select", "int_items");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("shop.items full-refresh  done: 3 files");
        assertThat(value("select string_agg(name, ' ' order by id) from int_items"))
                .isEqualTo("A A A");
        assertThat(before.code()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                commands.run("status").out().lines().filter(line -> line.contains("int_items")))
                        .noneMatch(line -> line.contains("model changed")));
        assertThat(value("select full_refresh from _landfall.runs where model = 'model.shop.int_items'"
                        + " order by finished_at desc limit 1"))
                .isEqualTo("true");
    }

    @Test
    void listsShowsRetriesAndDropsDeadLetters() throws Exception {
        landDays("bad", "date '2026-01-01'", 2);
        Path garbage = folder("bad", "2026", "01", "05").resolve("broken.parquet");
        Files.createDirectories(garbage.getParent());
        Files.writeString(garbage, "this is not Parquet, whatever its name says");
        Outcome backfill = commands.run("backfill", "shop.bad");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(commands.run("dead-letters", "list").out())
                                .contains("int_bad", "broken.parquet", "year=2026/month=01/day=05"));

        assertThat(rows("bad")).isEqualTo(2);
        assertThat(backfill.out()).contains("shop.bad listing  done: 3 files");
        Outcome shown = commands.run("dead-letters", "show", "broken.parquet");
        assertThat(shown.out()).contains("landing    landfall.landed.shop.bad offset", "reason", "magic bytes");

        Outcome retried = commands.run("dead-letters", "retry", "broken.parquet");
        assertThat(retried.code()).isEqualTo(Landfall.FAILED);
        assertThat(retried.err()).contains("leaves out a file", "broken.parquet");

        Outcome dropped = commands.run("dead-letters", "drop", "--all");
        assertThat(dropped.code()).as(dropped.err()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(commands.run("dead-letters", "list").out()).contains("nothing is set aside"));

        Outcome replayed = commands.run("replay", "shop.bad");
        assertThat(replayed.code())
                .as("what was dropped is not tried again: " + replayed.err())
                .isZero();
        assertThat(commands.run("dead-letters", "retry", "broken.parquet").err())
                .contains("no file that is set aside");

        parquet.write(garbage, day("date '2026-01-05'", 1));
        assertThat(commands.run("backfill", "shop.bad").code()).isZero();
        assertThat(rows("bad")).as("a newer version is taken").isEqualTo(3);
    }

    @Test
    void auditsATableAgainstTheLake() {
        Outcome equal = commands.run("audit", "int_audited");

        query("update int_audited set name = 'tampered' where id = 20260102");
        query("delete from int_audited where id = 20260103");
        Outcome differs = commands.run("audit", "int_audited", "--sample", "1");

        assertThat(equal.code()).as(equal.err()).isZero();
        assertThat(equal.out()).contains("equal   int_audited: 3 rows of 3 files");
        assertThat(differs.code()).isEqualTo(Landfall.FAILED);
        assertThat(differs.out())
                .contains("differs int_audited: 2 rows of 3 files, the lake makes 3 rows; 2 differ")
                .containsAnyOf("tampered", "has no such row");
        assertThat(commands.run("audit", "waits").err()).contains("bears no stream's tag");
    }

    private static Outcome statusOf(String model, String words) {
        return await().atMost(PATIENCE)
                .until(
                        () -> commands.run("status"),
                        status -> status.out().lines().anyMatch(line -> line.contains(model) && line.contains(words)));
    }

    private static String offset(String stream, int day) {
        return RunningSystem.of(pipeline).landed(new StreamName("shop", stream)).stream()
                .filter(each -> each.key().endsWith("day=%02d".formatted(day)))
                .map(each -> String.valueOf(each.offset()))
                .findFirst()
                .orElseThrow();
    }

    private static long rows(String stream) {
        return Long.parseLong(value("select count(*) from int_" + stream));
    }

    private static long runs(String stream) {
        return Long.parseLong(
                value("select count(*) from _landfall.runs where model = 'model.shop.int_" + stream + "'"));
    }

    private static List<String> ids(String stream) {
        return List.of(value("select string_agg(id, ' ' order by id) from int_" + stream)
                .split(" "));
    }

    private static String value(String sql) {
        return pipeline.warehouse().with("test", session -> String.valueOf(session.value(sql)));
    }

    private static void query(String sql) {
        pipeline.warehouse().with("test", session -> {
            session.execute(sql);
            return true;
        });
    }

    private static void model(String stream, String columns) throws IOException {
        write("models/int_" + stream + ".sql", """
                {{ config(tags=['shop__%s'], materialized='incremental', unique_key='id',
                          incremental_strategy='delete+insert') }}
                select %s
                from read_parquet('s3://landing/raw/shop/%s/**/*', hive_partitioning=true)
                qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
                """.formatted(stream, columns, stream));
    }

    private static void write(String path, String text) throws IOException {
        Path file = directory.resolve("project").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** So many days of one row each, from a day on. */
    private static void landDays(String stream, String first, int days) throws IOException {
        Path root = directory.resolve("lake/landing/raw/shop/" + stream);
        Files.createDirectories(root.getParent());
        parquet.execute(
                "copy (select *, strftime(d, '%Y') as year, strftime(d, '%m') as month, strftime(d, '%d') as day"
                        + " from (" + day(first, days) + ")) to '" + root
                        + "' (format parquet, partition_by (year, month, day), write_partition_columns false)");
    }

    private static String day(String first, int days) {
        return "select strftime(d, '%Y%m%d')::bigint as id, 'a' as name, d::timestamptz as _airbyte_extracted_at, d"
                + " from (select (" + first + " + to_days(range::int))::date as d from range(" + days + "))";
    }

    private static Path folder(String stream, String year, String month, String day) {
        return directory.resolve(
                "lake/landing/raw/shop/" + stream + "/year=" + year + "/month=" + month + "/day=" + day);
    }
}
