package dev.landfall.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Problem;
import dev.landfall.project.Project;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelVersionsTest {
    @TempDir
    Path directory;

    private Project load(String... files) throws Exception {
        return TestProjects.load(TestProjects.write(directory, files));
    }

    private List<String> problems(String... files) throws Exception {
        TestProjects.write(directory, files);
        return catchThrowableOfType(InvalidProjectException.class, () -> TestProjects.load(directory))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void takesTheHighestNumberForTheLatestAndMakesAUnitTestForEach() throws Exception {
        Project project = load(
                "models/dim.sql", "select 10 as id",
                "models/dim_v9.sql", "select 9 as id",
                "models/reads.sql", "select * from {{ ref('dim') }}",
                "models/s.yml", """
                models:
                  - name: dim
                    description: all
                    versions: [{v: 9, description: nine}, {v: 10}]
                unit_tests:
                  - {name: gives, model: dim, given: [], expect: {rows: [{id: 1}]}}
                """);

        assertThat(project.nodes().keySet())
                .contains(
                        "model.shop.dim.v9",
                        "model.shop.dim.v10",
                        "unit_test.shop.dim.gives_v9",
                        "unit_test.shop.dim.gives_v10");
        assertThat(project.model("reads").orElseThrow().dependsOn()).containsExactly("model.shop.dim.v10");
        assertThat(project.model("model.shop.dim.v9").orElseThrow().description())
                .isEqualTo("nine");
        assertThat(project.model("model.shop.dim.v10").orElseThrow().description())
                .isEqualTo("all");
        assertThat(project.model("model.shop.dim.v10").orElseThrow().relation().identifier())
                .isEqualTo("dim_v10");
    }

    @Test
    void tellsWhatIsWrongWithVersions() throws Exception {
        assertThat(problems(
                        "models/dim_v1.sql", "select 1 as id",
                        "models/a.sql", "select * from {{ ref('dim', v=3) }}",
                        "models/s.yml", """
                        models:
                          - name: dim
                            versions: [{v: 1}]
                          - name: late
                            latest_version: 3
                            versions: [{v: 1}, {v: 1}, {w: 2}]
                        """))
                .containsExactly(
                        "models/a.sql:1:21: unknown ref 'dim.v3': did you mean 'dim.v1'?",
                        "models/s.yml:5:21: latest_version 3 is none of the versions of model 'late': 1",
                        "models/s.yml:6:28: model 'late' has version 1 twice",
                        "models/s.yml:6:32: a version of model 'late' has no 'v'");
    }

    @Test
    void refusesPrivateModelsOutsideTheirGroup() throws Exception {
        assertThat(problems(
                        "models/secret.sql", "select 1 as id",
                        "models/within.sql", "{{ config(group='finance') }} select * from {{ ref('secret') }}",
                        "models/outside.sql", "select *\nfrom {{ ref('secret') }}",
                        "models/s.yml", """
                        groups: [{name: finance, owner: {name: Ada}}]
                        models:
                          - name: secret
                            config: {group: finance, access: private}
                            columns: [{name: id, data_tests: [unique]}]
                        """))
                .containsExactly(
                        "models/outside.sql:2:12: model.shop.outside reads model.shop.secret, which is private to"
                                + " the group 'finance'; give both one group, or the model another access");
    }
}
