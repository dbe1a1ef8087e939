package dev.landfall.run;

import static dev.landfall.run.OneShotProject.result;
import static dev.landfall.run.OneShotProject.status;
import static dev.landfall.run.OneShotProject.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.project.Project;
import dev.landfall.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotKeeperTest {
    @TempDir
    Path directory;

    private OneShotProject project;

    @BeforeEach
    void layOutTheProject() throws IOException {
        project = new OneShotProject(directory);
        customers("(1, 'Anna', timestamp '2026-01-01'), (2, 'Ben', timestamp '2026-01-01')");
    }

    @Test
    void closesTheOldVersionByTheTimeOfTheNewOne() throws Exception {
        project.write("snapshots/s.sql", """
                {% snapshot kept %}
                {{ config(unique_key='id', strategy='timestamp', updated_at='seen') }}
                select * from {{ ref('customers') }}
                {% endsnapshot %}
                """);

        project.run("build");
        customers("(1, 'Anne', timestamp '2026-01-02'), (2, 'Benno', timestamp '2025-12-31')");
        project.run("build");

        assertThat(project.rows("select id, name, dbt_valid_from, dbt_valid_to from kept order by all"))
                .isEqualTo("""
                        1|Anna|2026-01-01 00:00:00.0|2026-01-02 00:00:00.0
                        1|Anne|2026-01-02 00:00:00.0|null
                        2|Ben|2026-01-01 00:00:00.0|null""");
    }

    @Test
    void invalidateClosesWhatVanishedAndANewColumnIsANewVersionOfEveryRow() throws Exception {
        project.write("snapshots/s.yml", """
                snapshots:
                  - name: kept
                    relation: ref('customers')
                    config: {unique_key: id, strategy: check, check_cols: all, hard_deletes: invalidate}
                """);

        project.run("build");
        customers("(1, 'Anna', timestamp '2026-01-01')");
        project.run("build");
        String closed = project.rows("select id, dbt_valid_to is null from kept order by all");
        project.write("models/customers.sql", "select 1 as id, 'Anna' as name, timestamp '2026-01-01' as seen, 7 as n");
        project.run("build");

        assertThat(closed).isEqualTo("1|true\n2|false");
        assertThat(project.rows("select id, n, dbt_valid_to is null from kept order by all"))
                .isEqualTo("1|7|true\n1|null|false\n2|null|false");
    }

    @Test
    void newRecordTellsWhatVanishedOnceAndWhatCameBack() throws Exception {
        project.write("snapshots/s.yml", """
                snapshots:
                  - name: kept
                    relation: ref('customers')
                    config:
                      unique_key: [id, name]
                      strategy: timestamp
                      updated_at: seen
                      hard_deletes: new_record
                      dbt_valid_to_current: "timestamp '9999-12-31'"
                      snapshot_meta_column_names: {dbt_valid_to: valid_to, dbt_is_deleted: gone}
                """);
        String now = "select id, gone from kept where valid_to = timestamp '9999-12-31' order by all";

        project.run("build");
        customers("(1, 'Anna', timestamp '2026-01-01')");
        project.run("build");
        project.run("build");
        String vanished = project.rows(now);
        customers("(1, 'Anna', timestamp '2026-01-01'), (2, 'Ben', timestamp '2026-01-01')");
        project.run("build");

        assertThat(vanished).isEqualTo("1|False\n2|True");
        assertThat(project.rows(now)).isEqualTo("1|False\n2|False");
        assertThat(project.rows("select count(*) from kept")).isEqualTo("4");
    }

    @Test
    void warnsOfRowsWithoutAKeyWhichAddUp() throws Exception {
        project.write("snapshots/s.yml", """
                snapshots:
                  - name: kept
                    relation: ref('customers')
                    config: {unique_key: id, strategy: timestamp, updated_at: seen}
                """);
        customers("(null, 'Anna', timestamp '2026-01-01')");

        project.run("build");
        ProjectRun.Report again = project.run("snapshot");

        assertThat(project.rows("select count(*) from kept")).isEqualTo("2");
        assertThat(result(again, "kept").warnings())
                .singleElement()
                .asString()
                .contains("1 row has no id", "coalesce")
                .contains("snapshots/s.yml");
    }

    @Test
    void refusesATableThatIsNoSnapshot() throws Exception {
        project.write("snapshots/s.yml", """
                snapshots:
                  - name: kept
                    relation: ref('customers')
                    config: {unique_key: id, strategy: timestamp, updated_at: seen}
                """);
        project.run("run");
        project.query("create table kept as select 1 as id");

        ProjectRun.Report report = project.run("snapshot");

        assertThat(status(report, "kept")).isEqualTo("error");
        assertThat(result(report, "kept").message()).contains("missing \"dbt_scd_id\"", "snapshots/s.yml");
        assertThat(statuses(report)).containsOnly("error");
    }

    @Test
    void aRunningSystemTakesAVersionWheneverAParentChanges() throws Exception {
        project.write("snapshots/s.yml", """
                snapshots:
                  - name: kept
                    relation: ref('raw')
                    config: {unique_key: id, strategy: check, check_cols: all}
                """);
        project.write("seeds/raw.csv", "id,name\n1,Anna\n");
        List<String> first = built();
        List<String> unchanged = built();
        project.write("seeds/raw.csv", "id,name\n1,Anne\n");

        List<String> changed = built();

        assertThat(first).contains("seed.shop.raw", "snapshot.shop.kept");
        assertThat(unchanged).isEmpty();
        assertThat(changed).containsExactly("seed.shop.raw", "snapshot.shop.kept");
        assertThat(project.rows("select name, dbt_valid_to is null from kept order by all"))
                .isEqualTo("Anna|false\nAnne|true");
    }

    private List<String> built() throws Exception {
        try (Warehouse warehouse = project.warehouse()) {
            Project loaded = project.project();
            return new EagerMarts(() -> loaded, warehouse, null, null, RunSettings.DEFAULT, Compiler::of)
                    .buildStale(result -> assertThat(result).isInstanceOf(RunResult.Succeeded.class)).stream()
                            .map(result ->
                                    ((RunResult.Succeeded) result).event().model())
                            .toList();
        }
    }

    private void customers(String values) throws IOException {
        project.write("models/customers.sql", "select * from (values " + values + ") t(id, name, seen)");
    }
}
