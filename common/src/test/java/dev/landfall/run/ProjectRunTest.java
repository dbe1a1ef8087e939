package dev.landfall.run;

import static dev.landfall.run.OneShotProject.result;
import static dev.landfall.run.OneShotProject.status;
import static dev.landfall.run.OneShotProject.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One-shot commands on a project in a folder, real templates and a real database. */
class ProjectRunTest {
    @TempDir
    Path directory;

    private OneShotProject project;

    @BeforeEach
    void layOutTheProject() throws IOException {
        project = new OneShotProject(directory);
    }

    @Test
    void buildsParentsBeforeChildrenAndAppendsIncrements() throws Exception {
        project.write("models/numbers.sql", "select 1 as n union all select 2");
        project.write(
                "models/doubled.sql", "{{ config(materialized='table') }} select n * 2 as n from {{ ref('numbers') }}");
        project.write("models/seen.sql", """
            {{ config(materialized='incremental') }}
            select {{ 'true' if is_incremental() else 'false' }} as incremental, count(*) as n from {{ ref('doubled') }}
            """);

        assertThat(statuses(project.run("run"))).containsOnly("success");
        assertThat(statuses(project.run("run"))).containsOnly("success");

        assertThat(project.query("select sum(n) from doubled")).isEqualTo(List.of(List.of("6")));
        assertThat(project.query("select incremental, n from seen order by 1"))
                .isEqualTo(List.of(List.of("false", "2"), List.of("true", "2")));
    }

    @Test
    void skipsWhatFollowsAFailureAndRunsTheRest() throws Exception {
        project.write("models/good.sql", "select 1 as n");
        project.write("models/bad.sql", "select no_such_column from {{ ref('good') }}");
        project.write("models/after_bad.sql", "select * from {{ ref('bad') }}");
        project.write("models/after_good.sql", "select * from {{ ref('good') }}");

        ProjectRun.Report report = project.run("run");

        assertThat(report.success()).isFalse();
        assertThat(status(report, "bad")).isEqualTo("error");
        assertThat(status(report, "after_bad")).isEqualTo("skipped");
        assertThat(status(report, "after_good")).isEqualTo("success");
        assertThat(result(report, "bad").message()).contains("models/bad.sql").contains("no_such_column");
        assertThat(result(report, "after_bad").message()).contains("bad");
    }

    @Test
    void countsFailingRowsOfTests() throws Exception {
        project.write(
                "models/orders.sql",
                "{{ config(materialized='table') }} select * from (values (1), (1), (null)) t(id)");
        project.write("models/schema.yml", """
            models:
              - name: orders
                columns:
                  - name: id
                    data_tests: [unique, not_null]
            """);
        project.run("run");

        ProjectRun.Report report = project.run("test");

        assertThat(report.success()).isFalse();
        assertThat(status(report, "unique_orders_id")).isEqualTo("fail");
        assertThat(result(report, "not_null_orders_id").failures()).isEqualTo(1);
        assertThat(result(report, "not_null_orders_id").message())
                .isEqualTo("Got 1 result, configured to fail if != 0");
    }

    @Test
    void infersTheTypesOfSeedsAndKeepsThemTheSecondTime() throws Exception {
        project.write("seeds/prices.csv", """
            id,price,since,active,name
            1,1.50,2026-01-31,true,a
            2,,2026-02-01,false,null
            """);

        assertThat(statuses(project.run("seed"))).containsExactly("success");
        assertThat(statuses(project.run("seed"))).containsExactly("success");

        assertThat(project.query("select column_name, data_type from duckdb_columns() where table_name = 'prices'"
                        + " order by column_index"))
                .isEqualTo(List.of(
                        List.of("id", "INTEGER"),
                        List.of("price", "DOUBLE"),
                        List.of("since", "DATE"),
                        List.of("active", "BOOLEAN"),
                        List.of("name", "VARCHAR")));
        assertThat(project.query("select count(*), sum(price), max(name) from prices"))
                .isEqualTo(List.of(List.of("2", "1.5", "null")));
    }

    @Test
    void aFailingHookAtTheStartSkipsEverythingAndTheEndRunsAllTheSame() throws Exception {
        project.write("dbt_project.yml", """
                name: shop
                profile: shop
                on-run-start: ["create table began as select 1 as n", "insert into nowhere values (1)"]
                on-run-end: ["create table ended as select {{ results | length }} as n"]
                """);
        project.write("models/orders.sql", "select 1 as n");

        ProjectRun.Report report = project.run("run");

        assertThat(report.success()).isFalse();
        assertThat(report.hookProblems())
                .singleElement()
                .asString()
                .contains("on-run-start (dbt_project.yml), hook 2", "nowhere");
        assertThat(status(report, "orders")).isEqualTo("skipped");
        assertThat(project.rows("select began.n, ended.n from began, ended")).isEqualTo("1|1");
    }

    @Test
    void aStrategyOfTheProjectsOwnBringsTheBatchIn() throws Exception {
        project.write("macros/strategies.sql", """
                {% macro get_incremental_newest_sql(arg_dict) %}
                  delete from {{ arg_dict['target_relation'] }} where true;
                  insert into {{ arg_dict['target_relation'] }}
                    select {{ arg_dict['dest_columns'] | map(attribute='name') | join(', ') }}
                    from {{ arg_dict['temp_relation'] }} order by {{ arg_dict['unique_key'] }} desc limit 1
                {% endmacro %}
                """);
        project.write("models/orders.sql", """
                {{ config(materialized='incremental', incremental_strategy='newest', unique_key='n') }}
                select unnest([1, 3, 2]) as n
                """);

        assertThat(statuses(project.run("run"))).containsOnly("success");
        assertThat(statuses(project.run("run"))).containsOnly("success");

        assertThat(project.rows("select n from orders")).isEqualTo("3");
    }
}
