package dev.landfall.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ObservabilityTest {
    private static final JsonNode DASHBOARD = Repository.json("deploy/observability/grafana/dashboards/landfall.json");
    private static final JsonNode ALERTS = Repository.yaml(Repository.ROOT.resolve("deploy/observability/alerts.yml"));

    @Test
    void chartsOnlyDocumentedMetrics() {
        String queries = String.join("\n", DASHBOARD.findValuesAsString("expr")) + DASHBOARD.path("templating");

        assertThat(metricsIn(queries)).isNotEmpty().isSubsetOf(documented());
    }

    @Test
    void chartsEveryDocumentedMetric() {
        assertThat(metricsIn(String.join("\n", DASHBOARD.findValuesAsString("expr"))))
                .containsAll(documented());
    }

    @Test
    void alertsOnlyOnDocumentedMetrics() {
        assertThat(metricsIn(String.join("\n", ALERTS.findValuesAsString("expr"))))
                .isNotEmpty()
                .isSubsetOf(documented());
        assertThat(metricsIn(Repository.text("deploy/observability/prometheus-adapter.yml")))
                .isSubsetOf(documented());
    }

    @Test
    void sendsWhoIsAlertedToAChapterThatExists() {
        String operations = Repository.text("docs/operations.md") + Repository.text("docs/deploy.md");
        for (JsonNode rule : ALERTS.at("/groups/0/rules")) {
            assertThat(rule.at("/annotations/summary").asString("")).isNotEmpty();
            String description = rule.at("/annotations/description").asString("");
            assertThat(description).isNotEmpty();
            Pattern.compile("docs/(operations|deploy)\\.md, ([A-Za-z ]+)\\.")
                    .matcher(description)
                    .results()
                    .forEach(chapter -> assertThat(operations).containsPattern("(?m)^##+ " + chapter.group(2) + "$"));
        }
    }

    @Test
    void laysPanelsSideBySide() {
        List<JsonNode> panels = DASHBOARD.path("panels").valueStream().toList();
        for (JsonNode one : panels) {
            for (JsonNode other : panels) {
                assertThat(one.path("id").equals(other.path("id")) || apart(one.path("gridPos"), other.path("gridPos")))
                        .as("%s over %s", one.path("title"), other.path("title"))
                        .isTrue();
            }
        }
        assertThat(panels.stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
    }

    private static boolean apart(JsonNode one, JsonNode other) {
        return end(one, "x", "w") <= other.path("x").asInt()
                || end(other, "x", "w") <= one.path("x").asInt()
                || end(one, "y", "h") <= other.path("y").asInt()
                || end(other, "y", "h") <= one.path("y").asInt();
    }

    private static int end(JsonNode position, String start, String length) {
        return position.path(start).asInt() + position.path(length).asInt();
    }

    /** The first column of the table in docs/metrics.md. */
    private static Set<String> documented() {
        return Pattern.compile("(?m)^\\| `(landfall_[a-z_]+)` \\|")
                .matcher(Repository.text("docs/metrics.md"))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet());
    }

    /** The metrics that a query names; of a summary's parts the summary. */
    private static Set<String> metricsIn(String queries) {
        return Pattern.compile("\\blandfall_[a-z_]+")
                .matcher(queries)
                .results()
                .map(name -> name.group().replaceFirst("_seconds_(count|sum|max)$", "_seconds"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
