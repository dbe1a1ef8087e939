package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One-shot commands on a project in a folder, real templates and a real database. */
class ProjectRunTest {
    @TempDir
    Path directory;

    @BeforeEach
    void layOutTheProject() throws IOException {
        write("dbt_project.yml", """
            name: shop
            version: '1.0'
            profile: shop
            model-paths: [models]
            """);
        write("profiles.yml", """
            shop:
              target: dev
              outputs:
                dev: {type: duckdb, path: shop.duckdb, threads: 2}
            """);
    }

    @Test
    void buildsParentsBeforeChildrenAndAppendsIncrements() throws Exception {
        write("models/numbers.sql", "select 1 as n union all select 2");
        write("models/doubled.sql", "{{ config(materialized='table') }} select n * 2 as n from {{ ref('numbers') }}");
        write("models/seen.sql", """
            {{ config(materialized='incremental') }}
            select {{ 'true' if is_incremental() else 'false' }} as incremental, count(*) as n from {{ ref('doubled') }}
            """);

        assertThat(statuses(run("run"))).containsOnly("success");
        assertThat(statuses(run("run"))).containsOnly("success");

        assertThat(query("select sum(n) from doubled")).isEqualTo(List.of(List.of("6")));
        assertThat(query("select incremental, n from seen order by 1"))
                .isEqualTo(List.of(List.of("false", "2"), List.of("true", "2")));
    }

    @Test
    void skipsWhatFollowsAFailureAndRunsTheRest() throws Exception {
        write("models/good.sql", "select 1 as n");
        write("models/bad.sql", "select no_such_column from {{ ref('good') }}");
        write("models/after_bad.sql", "select * from {{ ref('bad') }}");
        write("models/after_good.sql", "select * from {{ ref('good') }}");

        ProjectRun.Report report = run("run");

        assertThat(report.success()).isFalse();
        assertThat(status(report, "bad")).isEqualTo("error");
        assertThat(status(report, "after_bad")).isEqualTo("skipped");
        assertThat(status(report, "after_good")).isEqualTo("success");
        assertThat(result(report, "bad").message()).contains("models/bad.sql").contains("no_such_column");
        assertThat(result(report, "after_bad").message()).contains("bad");
    }

    @Test
    void countsFailingRowsOfTests() throws Exception {
        write("models/orders.sql", "{{ config(materialized='table') }} select * from (values (1), (1), (null)) t(id)");
        write("models/schema.yml", """
            models:
              - name: orders
                columns:
                  - name: id
                    data_tests: [unique, not_null]
            """);
        run("run");

        ProjectRun.Report report = run("test");

        assertThat(report.success()).isFalse();
        assertThat(status(report, "unique_orders_id")).isEqualTo("fail");
        assertThat(result(report, "not_null_orders_id").failures()).isEqualTo(1);
        assertThat(result(report, "not_null_orders_id").message())
                .isEqualTo("Got 1 result, configured to fail if != 0");
    }

    @Test
    void infersTheTypesOfSeedsAndKeepsThemTheSecondTime() throws Exception {
        write("seeds/prices.csv", """
            id,price,since,active,name
            1,1.50,2026-01-31,true,a
            2,,2026-02-01,false,null
            """);

        assertThat(statuses(run("seed"))).containsExactly("success");
        assertThat(statuses(run("seed"))).containsExactly("success");

        assertThat(query("select column_name, data_type from duckdb_columns() where table_name = 'prices'"
                        + " order by column_index"))
                .isEqualTo(List.of(
                        List.of("id", "INTEGER"),
                        List.of("price", "DOUBLE"),
                        List.of("since", "DATE"),
                        List.of("active", "BOOLEAN"),
                        List.of("name", "VARCHAR")));
        assertThat(query("select count(*), sum(price), max(name) from prices"))
                .isEqualTo(List.of(List.of("2", "1.5", "null")));
    }

    private ProjectRun.Report run(String command) throws InvalidProjectException {
        Project project = project();
        try (Warehouse warehouse = Warehouse.open(project.target(), directory, WarehouseSettings.exclusive("test"))) {
            String kind = Map.of("run", "model", "test", "test", "seed", "seed").get(command);
            List<String> ids = project.nodes().values().stream()
                    .filter(node -> node.resourceType().equals(kind))
                    .map(Node::uniqueId)
                    .toList();
            return new ProjectRun(project, warehouse, null, null, RunSettings.DEFAULT)
                    .run(ids, new ProjectRun.Flags(command, false, false, 2), RunListener.NONE);
        }
    }

    private List<List<String>> query(String sql) throws InvalidProjectException {
        try (Warehouse warehouse = Warehouse.open(project().target(), directory, WarehouseSettings.exclusive("test"))) {
            return warehouse.with(
                    "test",
                    session -> session.query(sql).rows().stream()
                            .map(row -> row.stream().map(String::valueOf).toList())
                            .toList());
        }
    }

    private Project project() throws InvalidProjectException {
        return ProjectLoader.load(new ProjectOptions(directory, directory, null, Map.of(), Map.of()));
    }

    private static List<String> statuses(ProjectRun.Report report) {
        return report.results().stream().map(result -> result.status().word()).toList();
    }

    private static String status(ProjectRun.Report report, String name) {
        return result(report, name).status().word();
    }

    private static NodeResult result(ProjectRun.Report report, String name) {
        return report.results().stream()
                .filter(result -> result.node().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text.stripIndent());
    }
}
