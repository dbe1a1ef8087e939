package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.landfall.event.ModelTested;
import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What guards a table before the commit, and what compares it with the lake afterwards. */
class GateAndAuditTest {
    private static final StreamName THINGS = new StreamName("shop", "things");

    @TempDir
    private Path folder;

    private final ParquetFiles parquet = new ParquetFiles();
    private Project project;
    private LocalLake lake;
    private Warehouse warehouse;
    private StreamRunner runner;

    @BeforeEach
    void open() throws Exception {
        write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n");
        write("profiles.yml", "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ':memory:'}\n");
        write("streams/shop/things.json", "{}");
        model("materialized='incremental', unique_key='id'");
        schema("amount");
        project = load();
        Path root = Files.createDirectories(folder.resolve("lake"));
        Files.createDirectories(root.resolve("landing"));
        lake = new LocalLake(root);
        warehouse = Warehouse.open(project.target(), project.directory(), WarehouseSettings.exclusive("test"));
        runner = new StreamRunner(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT);
    }

    private void model(String config) throws IOException {
        write("models/things.sql", """
                {{ config(tags=['shop__things'], %s) }}
                select id, amount, _airbyte_extracted_at
                from read_parquet({{ var('files', "'s3://landing/raw/shop/things/**/*'") }})
                qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
                """.formatted(config));
    }

    private void schema(String column) throws IOException {
        write("models/schema.yml", """
                models:
                  - name: things
                    columns:
                      - name: %s
                        data_tests:
                          - not_null:
                              config: {severity: error, meta: {landfall: {gate: true}}}
                """.formatted(column));
    }

    private Project load() throws InvalidProjectException {
        return ProjectLoader.load(new ProjectOptions(folder, folder, null, Map.of(), Map.of()));
    }

    @AfterEach
    void close() {
        warehouse.close();
        lake.close();
        parquet.close();
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text, StandardCharsets.UTF_8);
    }

    private void land(int day, String rows) {
        parquet.land(
                folder.resolve("lake"),
                "landing",
                "raw/shop/things/day=0" + day + "/a.parquet",
                "select id, amount::integer as amount, '2026-01-0" + day
                        + " 00:00Z'::timestamptz as _airbyte_extracted_at from (values " + rows + ") as t(id, amount)");
    }

    private RunResult apply() {
        List<PartitionLanded> landings = TestProject.landings(lake, "landing", "shop", "things");
        return runner.apply(THINGS, landings, LanePosition.none(runner.takeLane(THINGS)), false)
                .get(0);
    }

    private String things() {
        return query("select id, amount from things order by id");
    }

    private String query(String sql) {
        return warehouse.with(
                "test", session -> String.valueOf(session.query(sql).rows()));
    }

    private long tables(String like) {
        return warehouse.<Long>with(
                "test",
                session -> session.number(
                        "select count(*) from information_schema.tables where table_name like '" + like + "'"));
    }

    @Test
    void aGateKeepsABadLandingOutAndSaysWhichRows() {
        land(1, "(1, 10)");
        apply();
        land(2, "(2, 20)");
        land(3, "(3, null), (4, null)");
        land(4, "(5, 50)");

        RunResult result = apply();

        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        assertThat(things()).isEqualTo("[[1, 10], [2, 20], [5, 50]]");
        assertThat(result.deadLettered()).singleElement().satisfies(dead -> {
            assertThat(dead.partition()).isEqualTo("day=03");
            assertThat(dead.reason())
                    .contains("not_null_things_amount found 2 failing rows", "{amount=null}", "nothing was written");
        });
    }

    @Test
    void blamesTheFilesAndNotAModelThatNeverWorkedYet() {
        for (int day = 1; day <= 4; day++) {
            land(day, "(" + day + ", null)");
        }
        land(5, "(5, 50)");

        RunResult result = apply();

        assertThat(result.deadLettered()).hasSize(4);
        assertThat(things()).isEqualTo("[[5, 50]]");
    }

    @Test
    void takesALandingThatAGateRefusedWhenItIsRetried() {
        land(1, "(1, 10)");
        land(2, "(2, null)");
        RunResult refused = apply();
        assertThat(refused.deadLettered()).hasSize(1);

        runner.forgetDeadLetters(
                THINGS, List.of(refused.deadLettered().get(0).file().key()));
        RunResult again = apply();
        land(2, "(2, 20)");
        apply();

        assertThat(again.deadLettered()).as("it is as bad as before").hasSize(1);
        assertThat(things()).isEqualTo("[[1, 10], [2, 20]]");
        assertThat(runner.deadLetters(THINGS)).isEmpty();
    }

    @Test
    void findsTheLandingThatAGateRefusesWhereTheWholeTableIsBuiltAtOnce() throws Exception {
        model("materialized='table'");
        project = load();
        land(1, "(1, 10)");
        apply();
        for (int day = 2; day <= 6; day++) {
            land(day, "(" + day + ", " + (day == 4 ? "null" : day + "0") + ")");
        }

        RunResult result = apply();

        assertThat(things()).isEqualTo("[[1, 10], [2, 20], [3, 30], [5, 50], [6, 60]]");
        assertThat(result.deadLettered())
                .singleElement()
                .satisfies(dead -> assertThat(dead.partition()).isEqualTo("day=04"));
        assertThat(apply().deadLettered()).isEmpty();
    }

    @Test
    void keepsTheOldTableWhenAFullRefreshDoesNotPassTheGate() {
        land(1, "(1, 10)");
        apply();
        land(1, "(1, null)");

        RunResult refreshed = runner.fullRefresh(
                        THINGS,
                        List.of(),
                        TestProject.landings(lake, "landing", "shop", "things"),
                        LanePosition.none(runner.takeLane(THINGS)),
                        false,
                        each -> {})
                .get(0);

        assertThat(refreshed).isInstanceOf(RunResult.Failed.class);
        assertThat(((RunResult.Failed) refreshed).event().error())
                .contains("not_null_things_amount found 1 failing rows");
        assertThat(things()).isEqualTo("[[1, 10]]");
        assertThat(tables("%shadow%")).isZero();
    }

    @Test
    void blamesTheProjectAndNoFileForAGateThatCannotBeRun() throws Exception {
        schema("amonut");
        project = load();
        land(1, "(1, 10)");
        land(2, "(2, 20)");

        RunResult result = apply();

        assertThat(result.deadLettered()).isEmpty();
        assertThat(((RunResult.Failed) result).event().error())
                .contains("its gate not_null_things_amonut", "models/schema.yml", "cannot be run", "amonut");
    }

    @Test
    void aGateKeepsTheOldTableOfAMart() throws Exception {
        write(
                "models/totals.sql",
                "{{ config(materialized='table') }} select sum(amount) as total from {{ ref('things') }}");
        write("models/totals.yml", """
                models:
                  - name: totals
                    data_tests:
                      - dbt_expect_small: {config: {meta: {landfall: {gate: true}}}}
                """);
        write("macros/small.sql", """
                {% test dbt_expect_small(model) %} select * from {{ model }} where total > 100 {% endtest %}
                """);
        project = load();
        EagerMarts marts = new EagerMarts(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT);
        land(1, "(1, 10)");
        apply();
        marts.buildStale(each -> {});
        land(2, "(2, 1000)");
        apply();

        List<RunResult> results = marts.buildStale(each -> {});

        assertThat(results).singleElement().isInstanceOf(RunResult.Failed.class);
        assertThat(((RunResult.Failed) results.get(0)).event().error())
                .contains("totals", "found 1 failing rows", "total=1010");
        assertThat(((RunResult.Failed) results.get(0)).retryable()).isFalse();
        assertThat(query("select total from totals")).isEqualTo("[[10]]");
    }

    @Test
    void runsTheTestsThatAreNoGatesAfterwards() throws Exception {
        write("models/schema.yml", """
                models:
                  - name: things
                    columns:
                      - name: amount
                        data_tests:
                          - not_null
                          - unique: {config: {severity: warn}}
                      - name: id
                        data_tests:
                          - not_null: {config: {meta: {landfall: {gate: true}}}}
                """);
        write("tests/few.sql", "select * from {{ ref('things') }} where id > 100");
        project = load();
        land(1, "(1, null), (2, 20), (3, 20)");

        RunResult built = apply();
        ModelTested tested = new ModelTests(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT)
                .test(((RunResult.Succeeded) built).event())
                .get(0);

        assertThat(things()).isEqualTo("[[1, null], [2, 20], [3, 20]]");
        assertThat(tested.tests())
                .extracting(ModelTested.Verdict::test, ModelTested.Verdict::status, ModelTested.Verdict::failures)
                .containsExactlyInAnyOrder(
                        tuple("not_null_things_amount", "fail", 1L),
                        tuple("unique_things_amount", "warn", 1L),
                        tuple("few", "pass", 0L));
        assertThat(tested.problem()).contains("2 of 3 tests", "not_null_things_amount (1 rows, fail)");
    }

    @Test
    void aTestWaitsForTheOtherModelsThatItReads() throws Exception {
        write("models/schema.yml", """
                models:
                  - name: things
                    columns:
                      - name: id
                        data_tests:
                          - not_null
                          - relationships: {arguments: {to: ref('others'), field: id}}
                """);
        write("models/others.sql", "select 1 as id");
        project = load();
        land(1, "(1, 10), (2, 20)");
        ModelTests tests = new ModelTests(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT);
        EagerMarts marts = new EagerMarts(() -> project, warehouse, lake, new DirectReader(lake), RunSettings.DEFAULT);

        List<ModelTested> alone = tests.test(((RunResult.Succeeded) apply()).event());
        List<ModelTested> together =
                tests.test(((RunResult.Succeeded) marts.buildStale(each -> {}).get(0)).event());

        String relationship = "relationships_things_id__id__ref_others_";
        assertThat(alone).hasSize(1);
        assertThat(alone.get(0).problem()).isEmpty();
        assertThat(alone.get(0).note()).isEqualTo(relationship + " waiting: parent others is not built yet");
        assertThat(together).hasSize(1);
        assertThat(together.get(0).model()).isEqualTo("model.shop.things");
        assertThat(together.get(0).problem()).isEqualTo("1 of 2 tests: " + relationship + " (1 rows, fail)");
    }

    @Test
    void anAuditFindsATableEqualToItsFiles() {
        land(1, "(1, 10), (2, 20)");
        land(2, "(2, 21)");
        apply();

        Audit audit = runner.audit(THINGS, "things", List.of(), 10);

        assertThat(audit.problem()).isNull();
        assertThat(audit.equal()).isTrue();
        assertThat(audit.files()).isEqualTo(2);
        assertThat(audit.tableRows()).isEqualTo(2);
        assertThat(audit.tableDigest()).isEqualTo(audit.lakeDigest());
        assertThat(tables("%audit%")).as("no scratch table is left").isZero();
    }

    @Test
    void anAuditTellsTheKeysThatDifferWithBothRows() {
        land(1, "(1, 10), (2, 20), (3, 30)");
        apply();
        warehouse.with("test", session -> {
            session.execute("update things set amount = 99, _airbyte_extracted_at = '2025-01-01 00:00Z' where id = 1;"
                    + " delete from things where id = 2; update things set amount = 31 where id = 3;"
                    + " insert into things values (7, 70, '2026-01-01 00:00Z')");
            return true;
        });

        Audit audit = runner.audit(THINGS, "things", List.of(), 10);

        assertThat(audit.equal()).isFalse();
        assertThat(audit.differing()).isEqualTo(4);
        assertThat(audit.ties()).as("3 has the same sequence on both sides").isEqualTo(1);
        assertThat(audit.sample()).extracting(Audit.Difference::key).containsExactly("1", "2", "7", "3");
        assertThat(audit.sample().get(0).tableRow()).contains("99");
        assertThat(audit.sample().get(0).lakeRow()).contains("10");
        assertThat(audit.sample().get(1).tableRow()).isNull();
        assertThat(audit.sample().get(2).lakeRow()).isNull();
    }

    @Test
    void anAuditSaysWhyItCannotBeMade() throws Exception {
        assertThat(runner.audit(THINGS, "things", List.of(), 10).problem()).contains("no file");

        land(1, "(1, 10), (2, 20)");
        land(2, "(3, 0)");
        apply();
        String ledger = query("from _landfall.landings");
        write(
                "models/things.sql",
                Files.readString(folder.resolve("models/things.sql"))
                        .replace(
                                "select id, amount,",
                                "select id, if(amount = 0, error('no zero'), amount) as amount,"));
        project = load();

        assertThat(runner.audit(THINGS, "things", List.of(), 10).problem()).contains("no zero");
        assertThat(query("from _landfall.landings")).as("it writes nothing").isEqualTo(ledger);
        assertThat(query("select count(*) from _landfall.runs where status = 'failed'"))
                .isEqualTo("[[0]]");
    }

    @Test
    void anAuditSaysThatFilesAreGone() throws Exception {
        land(1, "(1, 10)");
        land(2, "(2, 20)");
        apply();
        Files.delete(folder.resolve("lake/landing/raw/shop/things/day=01/a.parquet"));

        Audit audit = runner.audit(THINGS, "things", List.of(), 10);

        assertThat(audit.files()).isEqualTo(1);
        assertThat(audit.gone()).isEqualTo(1);
        assertThat(audit.differing()).isEqualTo(1);
    }

    /** Two versions of a row may have one time, and never one id of Airbyte's. */
    @Test
    void anAuditTakesNoChangeByHandForATie() throws Exception {
        write(
                "models/things.sql",
                Files.readString(folder.resolve("models/things.sql"))
                        .replace(
                                "_airbyte_extracted_at\nfrom",
                                "_airbyte_extracted_at, 'r' || id as _airbyte_raw_id\nfrom"));
        project = load();
        land(1, "(1, 10), (2, 20)");
        apply();
        query("update things set amount = 21 where id = 2");

        Audit audit = runner.audit(THINGS, "things", List.of(), 10);

        assertThat(audit.equal()).isFalse();
        assertThat(audit.ties()).isZero();
    }
}
