package dev.landfall.run;

import static dev.landfall.run.OneShotProject.result;
import static dev.landfall.run.OneShotProject.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.project.Problem;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitTestCheckTest {
    @TempDir
    Path directory;

    private OneShotProject project;

    @BeforeEach
    void layOutTheProject() throws IOException {
        project = new OneShotProject(directory);
        project.write("seeds/people.csv", "id,name\n1,Anna\n");
        project.write("models/loud.sql", """
                {{ config(materialized='incremental') }}
                select id, upper(name) as name, '{{ var("v", "d") }}' as v from {{ ref('people') }}
                {% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
                """);
        project.write("models/after.sql", "select * from {{ ref('loud') }}");
    }

    @Test
    void comparesInAnyOrderWithTheTypesOfTheModel() throws Exception {
        unitTest("""
                given:
                  - input: ref('people')
                    rows: [{id: 1, name: o'Neil}, {id: 2}]
                expect:
                  rows: [{id: 2, name: null}, {ID: 1, name: "O'NEIL"}]
                """);

        ProjectRun.Report report = project.run("build");

        assertThat(report.success()).isTrue();
        assertThat(status(report, "shouts")).isEqualTo("pass");
        assertThat(project.rows("select name from after")).isEqualTo("ANNA");
    }

    @Test
    void takesMacrosVarsFixtureFilesAndTheModelsOwnTable() throws Exception {
        project.write("tests/fixtures/ppl.csv", "id,name\n7,\"Q, \"\"x\"\"\"\n8,\n");
        unitTest("""
                overrides: {macros: {is_incremental: true}, vars: {v: w}}
                given:
                  - {input: ref('people'), format: csv, fixture: ppl}
                  - {input: this, format: sql, rows: select 6 as id}
                expect:
                  format: csv
                  rows: |
                    id,name,v
                    7,"Q, ""X""\",w
                    8,,w
                """);

        assertThat(status(project.run("build"), "shouts")).isEqualTo("pass");
    }

    @Test
    void aFailureShowsTheDifferenceAndKeepsTheModelFromBeingBuilt() throws Exception {
        unitTest("""
                given:
                  - {input: ref('people'), rows: [{id: 1, name: a}]}
                expect: {rows: [{name: B}]}
                """);

        ProjectRun.Report report = project.run("build");

        assertThat(status(report, "shouts")).isEqualTo("fail");
        assertThat(result(report, "shouts").message()).contains("@@ | name\n+ | A\n- | B");
        assertThat(status(report, "loud")).isEqualTo("skipped");
        assertThat(status(report, "after")).isEqualTo("skipped");
    }

    @Test
    void namesInputsAndColumnsThatAreMissing() throws Exception {
        unitTest("given: []\nexpect: {rows: []}\n");
        String noInput = result(project.run("build"), "shouts").message();
        unitTest("given: [{input: ref('people'), rows: [{nam: x}]}]\nexpect: {rows: []}\n");
        String noColumn = result(project.run("build"), "shouts").message();

        assertThat(noInput).contains("gives no rows for ref('people')", "models/u.yml:2");
        assertThat(noColumn).contains("Invalid column name: 'nam'", "Accepted columns for 'people' are: [id, name]");
    }

    @Test
    void warnsOfRowsOfAnUnknownModel() throws Exception {
        unitTest("given: [{input: ref('peple'), rows: []}]\nexpect: {rows: []}\n");

        assertThat(project.project().warnings())
                .extracting(Problem::toString)
                .containsExactly("models/u.yml:4:21: unknown ref 'peple': did you mean 'people'?"
                        + " (unit test of model.shop.loud)");
    }

    private void unitTest(String body) throws IOException {
        project.write("models/u.yml", "unit_tests:\n  - name: shouts\n    model: loud\n" + body.indent(4));
    }
}
