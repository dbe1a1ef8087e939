package dev.landfall.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.graph.IndirectSelection;
import dev.landfall.graph.ModelGraph;
import dev.landfall.graph.NodeSelection;
import dev.landfall.project.Exposure;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Problem;
import dev.landfall.project.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendixTest {
    @TempDir
    Path directory;

    private Project load(String... files) throws Exception {
        return TestProjects.load(TestProjects.write(directory, files));
    }

    private static List<String> select(Project project, @Nullable String selector, String... select) {
        return NodeSelection.select(
                project,
                ModelGraph.withExposures(project),
                new NodeSelection.Request(
                        List.of(select), List.of(), selector, IndirectSelection.EAGER, Set.of(), null));
    }

    @Test
    void keepsExposuresAndWhatIsSwitchedOff() throws Exception {
        Project project = load(
                "models/orders.sql", "select 1 as id",
                "models/off.sql", "{{ config(enabled=false) }} select * from {{ ref('nowhere') }}",
                "models/s.yml", """
                exposures:
                  - name: board
                    type: dashboard
                    description: "{{ doc('text') }}"
                    tags: [weekly]
                    owner: {name: Ada}
                    depends_on: [ref('orders')]
                  - {name: gone, type: ml, owner: {name: Ada}, config: {enabled: false}}
                """,
                "models/text.md", "{% docs text %}What the board sees{% enddocs %}");

        assertThat(project.appendix().exposures()).containsOnlyKeys("exposure.shop.board");
        Exposure board = project.appendix().exposures().values().iterator().next();
        assertThat(board.dependsOn()).containsExactly("model.shop.orders");
        assertThat(new TemplateRenderer(project).describe(board)).containsEntry("description", "What the board sees");
        assertThat(project.appendix().disabled()).containsOnlyKeys("model.shop.off");
        assertThat(select(project, null, "orders+")).containsExactly("model.shop.orders", "exposure.shop.board");
        assertThat(select(project, null, "tag:weekly")).containsExactly("exposure.shop.board");
        assertThat(select(project, null, "+exposure:board"))
                .containsExactly("model.shop.orders", "exposure.shop.board");
    }

    @Test
    void takesTheSelectorThatIsTheDefaultOnlyWhereNothingElseIsAsked() throws Exception {
        Project project = load(
                "models/a.sql", "select 1 as id",
                "models/b.sql", "select * from {{ ref('a') }}",
                "selectors.yml", """
                selectors:
                  - {name: usual, default: "{{ target.name == 'dev' }}", definition: {method: fqn, value: b}}
                  - {name: both, definition: {union: [{method: fqn, value: a, children: true}]}}
                """);

        assertThat(select(project, null)).containsExactly("model.shop.b");
        assertThat(select(project, "both")).containsExactly("model.shop.a", "model.shop.b");
        assertThat(select(project, null, "a")).containsExactly("model.shop.a");
    }

    @Test
    void tellsWhatIsWrongWithGroupsExposuresAndSelectors() throws Exception {
        TestProjects.write(
                directory,
                "models/a.sql",
                "{{ config(group='finanse') }} select 1 as id",
                "models/s.yml",
                """
                groups:
                  - {name: finance, owner: {name: Ada}}
                  - name: nobody
                exposures:
                  - name: board
                    type: dashboard
                    owner: {name: Ada}
                    depends_on:
                      - ref('b')
                """,
                "selectors.yml",
                """
                selectors:
                  - name: wrong
                    definition: {metod: tag, value: x}
                """);

        assertThat(catchThrowableOfType(InvalidProjectException.class, () -> TestProjects.load(directory))
                        .problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "models/a.sql:1:1: model.shop.a is of an unknown group 'finanse': did you mean 'finance'?",
                        "models/s.yml:3:5: a group has a 'name' and an 'owner' with name or email",
                        "models/s.yml:9:9: unknown ref 'b': did you mean 'a'?",
                        "selectors.yml:3:17: selector 'wrong': a definition has 'method' and 'value', but this one has"
                                + " only metod, value");
    }
}
