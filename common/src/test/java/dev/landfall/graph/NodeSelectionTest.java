package dev.landfall.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.template.TestProjects;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSelectionTest {
    private static Project project;
    private static ModelGraph graph;

    @BeforeAll
    static void load() throws InvalidProjectException {
        project = TestProjects.load("jaffle");
        graph = ModelGraph.of(project);
    }

    private static List<String> names(String select, String exclude) {
        return NodeSelection.select(
                        project,
                        graph,
                        new NodeSelection.Request(
                                words(select), words(exclude), Set.of("model", "seed", "snapshot", "analysis")))
                .stream()
                .map(id -> id.substring(id.lastIndexOf('.') + 1))
                .sorted()
                .toList();
    }

    private static List<String> words(String text) {
        return text == null || text.isEmpty() ? List.of() : List.of(text);
    }

    /** What {@code dbt ls} lists for the same words on the same project. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "customers                          |                 | customers",
                "stg_*                              |                 | stg_customers stg_orders stg_payments",
                "staging                            |                 | stg_customers stg_orders stg_payments",
                "staging.*                          |                 | stg_customers stg_orders stg_payments",
                "jaffle_shop.staging.stg_orders     |                 | stg_orders",
                "+customers                         |                 | customers raw_customers raw_orders stg_customers stg_orders",
                "1+customers                        |                 | customers stg_customers stg_orders",
                "stg_orders+                        |                 | customers customers_snapshot orders orders_snapshot stg_orders top",
                "stg_orders+1                       |                 | customers orders orders_snapshot stg_orders",
                "@stg_payments                      |                 | customers orders raw_customers raw_orders raw_payments stg_customers stg_orders stg_payments",
                "tag:staging                        |                 | stg_customers stg_orders stg_payments",
                "tag:nightly,tag:money              |                 | stg_payments",
                "tag:money customers                |                 | customers stg_payments",
                "tag:nightly                        | tag:staging     | customers orders top",
                "tag:nightly                        | orders+ staging | customers top",
                "path:models/staging                |                 | stg_customers stg_orders stg_payments",
                "models/orders.sql                  |                 | orders",
                "models/staging/schema.yml          |                 | stg_customers stg_orders stg_payments",
                "models/s*                          |                 | customers orders stg_customers stg_orders stg_payments",
                "orders.sql                         |                 | orders",
                "file:raw_*.csv                     |                 | raw_customers raw_orders raw_payments",
                "config.materialized:ephemeral      |                 | stg_payments",
                "config.meta.owner:finance          |                 | stg_payments",
                "config.strategy:check              |                 | orders_snapshot payments_history",
                "resource_type:seed                 |                 | raw_customers raw_orders raw_payments",
                "package:jaffle_shop,resource_type:snapshot |         | customers_snapshot orders_snapshot payments_history",
                "package:this,file:top              |                 | top",
                "config.enabled:false               |                 | ''",
                "nothing                            |                 | ''",
            })
    void selectsAsDbt(String select, String exclude, String expected) {
        assertThat(names(select, exclude == null ? "" : exclude))
                .isEqualTo(expected.isEmpty() ? List.of() : Arrays.asList(expected.split(" ", -1)));
    }

    @Test
    void selectsTestsOfWhatIsSelected() {
        List<String> found = NodeSelection.select(
                project, graph, new NodeSelection.Request(List.of("customers"), List.of(), Set.of("test")));

        assertThat(found)
                .hasSize(3)
                .anyMatch(id -> id.contains("relationships_orders_customer_id__customer_id"))
                .anyMatch(id -> id.contains("unique_customers_customer_id"))
                .anyMatch(id -> id.contains("not_null_customers_customer_id"));
    }

    @Test
    void selectsTestsByTypeAndName() {
        assertThat(NodeSelection.select(
                        project, graph, new NodeSelection.Request(List.of("test_type:singular"), List.of(), Set.of())))
                .containsExactly("test.jaffle_shop.orders_have_payments");
        assertThat(NodeSelection.select(
                        project, graph, new NodeSelection.Request(List.of("test_name:positive"), List.of(), Set.of())))
                .hasSize(2);
    }

    @Test
    void selectsEverythingWithoutTerms() {
        assertThat(NodeSelection.select(project, graph, new NodeSelection.Request(List.of(), List.of(), Set.of())))
                .hasSameSizeAs(project.nodes().keySet());
    }

    @Test
    void namesTheNearestMethod() {
        assertThatThrownBy(() -> names("tags:nightly", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown selection method 'tags' in 'tags:nightly': did you mean 'tag'?");
    }

    @Test
    void tellsWhatMatchesNothing() {
        assertThat(NodeSelection.unmatched(project, graph, List.of("customers nothing", "tag:none"), null))
                .containsExactly("nothing", "tag:none");
    }
}
