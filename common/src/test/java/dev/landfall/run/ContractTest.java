package dev.landfall.run;

import static dev.landfall.run.OneShotProject.result;
import static dev.landfall.run.OneShotProject.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {
    @TempDir
    Path directory;

    private OneShotProject project;

    @BeforeEach
    void layOutTheProject() throws IOException {
        project = new OneShotProject(directory);
        project.write("models/schema.yml", """
                models:
                  - name: parents
                    config: {contract: {enforced: true}, materialized: table}
                    columns: [{name: id, data_type: int, constraints: [{type: primary_key}]}]
                  - name: kept
                    config: {contract: {enforced: true}, materialized: table}
                    constraints: [{type: check, expression: "amount > 0"}]
                    columns:
                      - {name: amount, data_type: "decimal(10,2)", constraints: [{type: not_null}]}
                      - name: id
                        data_type: int
                        constraints: [{type: foreign_key, to: "ref('parents')", to_columns: [id]}]
                """);
        project.write("models/parents.sql", "select 1 as id");
    }

    @Test
    void theTableHasTheContractsColumnsAndConstraints() throws Exception {
        project.write("models/kept.sql", "select 1 as id, 2.5::decimal(10,2) as amount");

        assertThat(statuses(project.run("run"))).containsOnly("success");

        assertThat(project.rows("select column_name, data_type from duckdb_columns() where table_name = 'kept'"
                        + " order by column_index"))
                .isEqualTo("amount|DECIMAL(10,2)\nid|INTEGER");
        assertThat(project.rows(
                        "select constraint_type from duckdb_constraints() where table_name = 'kept'" + " order by all"))
                .isEqualTo("CHECK\nFOREIGN KEY\nNOT NULL");
    }

    @Test
    void rowsThatBreakAConstraintLeaveTheOldTable() throws Exception {
        project.write("models/schema.yml", """
                models:
                  - name: kept
                    config: {contract: {enforced: true}, materialized: table}
                    constraints: [{type: check, expression: "amount > 0"}]
                    columns: [{name: amount, data_type: "decimal(10,2)"}, {name: id, data_type: int}]
                """);
        project.write("models/kept.sql", "select 1 as id, 2.5::decimal(10,2) as amount");
        project.run("run");
        project.write("models/kept.sql", "select 1 as id, -1::decimal(10,2) as amount");

        ProjectRun.Report report = project.run("run");

        assertThat(result(report, "kept").message()).contains("models/kept.sql", "CHECK constraint failed");
        assertThat(project.rows("select amount from kept")).isEqualTo("2.50");
    }

    @Test
    void otherColumnsAreRefusedAndNamed() throws Exception {
        project.write("models/kept.sql", "select 1::bigint as id, 'x' as more");

        assertThat(result(project.run("run"), "kept").message())
                .contains("models/kept.sql")
                .contains("| id | BIGINT | INTEGER | data type mismatch |")
                .contains("| more | VARCHAR |  | missing in contract |")
                .contains("| amount |  | DECIMAL(10,2) | missing in definition |");
    }
}
