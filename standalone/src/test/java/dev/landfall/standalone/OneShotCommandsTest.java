package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.standalone.CommandLineFixture.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OneShotCommandsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path project;

    private CommandLineFixture commands;

    @BeforeEach
    void writeAProject() throws IOException {
        file("dbt_project.yml", "name: shop\nprofile: shop\n");
        file(
                "profiles.yml",
                "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, threads: 2}\n");
        file("seeds/raw_orders.csv", "id,amount\n1,10\n2,20\n");
        file(
                "models/orders.sql",
                "{{ config(materialized='table') }} select id, amount * 2 as amount from {{ ref('raw_orders') }}");
        file("models/totals.sql", "select sum(amount) as amount from {{ ref('orders') }}");
        file("models/schema.yml", """
                models:
                  - name: orders
                    columns:
                      - name: id
                        data_tests: [unique]
                """);
        commands = new CommandLineFixture(project);
    }

    @Test
    void buildLoadsBuildsAndTestsInGraphOrder() {
        Outcome build = run("build");

        assertThat(build.code()).as(build.out() + build.err()).isZero();
        assertThat(build.out().lines().filter(line -> line.contains(" OK ") || line.contains(" PASS ")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("OK loaded seed file main.raw_orders", "INSERT 2"),
                        line -> assertThat(line).contains("OK created sql table model main.orders"),
                        line -> assertThat(line).contains("PASS unique_orders_id"),
                        line -> assertThat(line).contains("OK created sql view model main.totals"));
    }

    @Test
    void aFailedTestKeepsBuildFromWhatIsBuiltOnTheTestedModel() throws IOException {
        file("seeds/raw_orders.csv", "id,amount\n1,10\n1,20\n");

        Outcome build = run("build");

        assertThat(build.code()).isEqualTo(1);
        assertThat(build.out())
                .contains("FAIL 1 unique_orders_id", "SKIP sql view model main.totals")
                .contains("PASS=2 WARN=0 ERROR=1 SKIP=1");
        assertThat(run("query", "from totals").err()).contains("totals does not exist");
    }

    @Test
    void buildLeavesOutTypesThatAreExcluded() {
        assertThat(run("build", "--exclude-resource-type", "test").out()).contains("TOTAL=3");
        assertThat(run("build", "--resource-type", "seed").out()).contains("TOTAL=1");
        assertThat(run("build", "--resource-type", "modle"))
                .satisfies(outcome -> assertThat(outcome.code()).isEqualTo(2))
                .satisfies(outcome -> assertThat(outcome.err()).contains("did you mean 'model'?"));
    }

    @Test
    void seedKeepsTheTablesColumnsUntilAFullRefresh() throws IOException {
        run("seed");
        file("seeds/raw_orders.csv", "id,amount\nx,10\n");

        Outcome again = run("seed");
        Outcome anew = run("seed", "--full-refresh");

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.out()).contains("ERROR loading seed file main.raw_orders");
        assertThat(anew.code()).as(anew.out()).isZero();
    }

    @Test
    void showPrintsRowsOfNodesAndOfAQueryAndBuildsNothing() {
        run("seed");

        Outcome seed = run("show", "-s", "raw_orders", "--limit", "1", "--output", "json");
        Outcome inline = run("show", "--inline", "select sum(amount) as s from {{ ref('raw_orders') }} -- all");
        run("run");
        Outcome model = run("show", "-s", "totals");

        assertThat(seed.out().replaceAll("\\s+", ""))
                .isEqualTo("{\"node\":\"raw_orders\",\"show\":[{\"id\":1,\"amount\":10}]}");
        assertThat(inline.out()).startsWith("Previewing inline node:").contains("30");
        assertThat(model.out()).startsWith("Previewing node 'totals':").contains("60");
        assertThat(run("show").code()).isEqualTo(2);
    }

    @Test
    void compileRendersAnInlineQuery() {
        assertThat(run("compile", "--inline", "select * from {{ ref('orders') }}")
                        .out())
                .isEqualTo("select * from \"shop\".\"main\".\"orders\"\n");
    }

    @Test
    void runOperationCallsAMacroWithArguments() throws IOException {
        file("macros/make.sql", """
                {% macro make(name, rows=2) %}
                  {% do run_query('create table ' ~ name ~ ' as from range(' ~ rows ~ ')') %}
                {% endmacro %}
                """);

        Outcome made = run("run-operation", "make", "--args", "{name: made}");
        Outcome again = run("run-operation", "make", "--args", "{name: made}");
        Outcome unknown = run("run-operation", "mak");

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(run("query", "select count(*) from made", "-o", "csv").out()).contains("2");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("already exists");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no macro 'mak': did you mean 'make'?");
    }

    @Test
    void buildLeavesWhatItFoundAndDidForOtherTools() throws IOException {
        file("seeds/raw_orders.csv", "id,amount\n1,10\n1,20\n");

        run("build", "--exclude", "nothing");

        JsonNode manifest = JSON.readTree(Files.readString(project.resolve("target/manifest.json")));
        JsonNode results = JSON.readTree(Files.readString(project.resolve("target/run_results.json")));
        assertThat(manifest.at("/metadata/dbt_schema_version").asString()).endsWith("/manifest/v12.json");
        assertThat(manifest.at("/nodes/model.shop.orders/compiled_code").asString())
                .contains("from \"shop\".\"main\".\"raw_orders\"");
        assertThat(manifest.at("/nodes/model.shop.totals").has("compiled_code")).isFalse();
        assertThat(results.at("/metadata/dbt_schema_version").asString()).endsWith("/run-results/v6.json");
        assertThat(results.at("/metadata/invocation_id").asString())
                .isEqualTo(manifest.at("/metadata/invocation_id").asString());
        assertThat(results.at("/args/which").asString()).isEqualTo("build");
        assertThat(results.at("/args/exclude/0").asString()).isEqualTo("nothing");
        assertThat(results.at("/results"))
                .extracting(result -> result.get("unique_id").asString().replaceFirst("[.][0-9a-f]{10}$", ""))
                .containsExactly(
                        "seed.shop.raw_orders", "model.shop.orders", "test.shop.unique_orders_id", "model.shop.totals");
        assertThat(results.at("/results"))
                .extracting(result -> result.get("status").asString())
                .containsExactly("success", "success", "fail", "skipped");
        assertThat(results.at("/results/0/adapter_response/_message").asString())
                .isEqualTo("INSERT 2");
        assertThat(results.at("/results/1/timing")).hasSize(2);
        assertThat(results.at("/results/2/failures").asInt()).isEqualTo(1);
        assertThat(results.at("/results/3/compiled").asBoolean()).isFalse();
        assertThat(project.resolve("target")).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void selectsWhatChangedSinceAnEarlierState() throws IOException {
        file("macros/twice.sql", "{% macro twice(x) %}{{ x }} * {{ factor() }}{% endmacro %}");
        file("macros/factor.sql", "{% macro factor() %}2{% endmacro %}");
        file("models/doubled.sql", "select {{ twice('amount') }} as amount from {{ ref('orders') }}");
        run("parse");
        Files.createDirectories(project.resolve("state"));
        Files.copy(project.resolve("target/manifest.json"), project.resolve("state/manifest.json"));

        assertThat(changed("modified")).isEmpty();
        assertThat(changed("unmodified")).contains("shop.orders", "shop.doubled", "shop.raw_orders");

        file("macros/factor.sql", "{% macro factor() %}3{% endmacro %}");
        file("models/totals.sql", "select max(amount) as amount from {{ ref('orders') }}");
        file("seeds/raw_orders.csv", "id,amount\n1,11\n");
        file("models/fresh.sql", "select 1 as x");

        assertThat(changed("modified")).containsExactly("shop.doubled", "shop.fresh", "shop.totals", "shop.raw_orders");
        assertThat(changed("modified.body")).containsExactly("shop.fresh", "shop.totals", "shop.raw_orders");
        assertThat(changed("modified.macros")).containsExactly("shop.doubled", "shop.fresh");
        assertThat(changed("new")).containsExactly("shop.fresh");

        file(
                "models/orders.sql",
                "{{ config(materialized='view', alias='o') }} select id, amount * 2 as amount from {{ ref('raw_orders') }}");

        assertThat(changed("modified.configs")).containsExactly("shop.fresh", "shop.orders");
        assertThat(changed("modified.relation")).containsExactly("shop.fresh", "shop.orders");
        assertThat(run("ls", "--select", "state:modified").err()).contains("needs --state");
        assertThat(run("ls", "--select", "state:modified", "--state", "nowhere").err())
                .contains("there is no manifest.json in");
    }

    /** The recorded fields come from dbt's own schemas (docs/oracle/dbt_artifacts.py). */
    @Test
    void everyNodeHasTheFieldsThatDbtsReadersAskFor() throws IOException {
        file("models/docs.md", "{% docs orders %}All of them{% enddocs %}");
        file("macros/twice.sql", "{% macro twice(x) %}{{ x }} * 2{% endmacro %}");
        file("models/sources.yml", "sources: [{name: shop, tables: [{name: things}]}]");
        run("build");

        JsonNode fields = JSON.readTree(
                getClass().getResource("/dbt-artifact-fields.json").openStream());
        JsonNode manifest = JSON.readTree(Files.readString(project.resolve("target/manifest.json")));
        JsonNode results = JSON.readTree(Files.readString(project.resolve("target/run_results.json")));

        assertHas(manifest, fields.get("manifest"));
        for (String section : List.of("nodes", "sources", "macros", "docs")) {
            assertThat(manifest.get(section)).as(section).isNotEmpty();
            manifest.get(section)
                    .forEach(node ->
                            assertHas(node, fields.get(node.get("resource_type").asString())));
        }
        assertHas(results, fields.get("run_results"));
        results.get("results").forEach(result -> assertHas(result, fields.get("result")));
        // What Dagster, elementary and dbt-docs read beside what is required.
        assertThat(manifest.at("/nodes/model.shop.orders").propertyNames())
                .contains("relation_name", "depends_on", "refs", "sources", "columns", "config", "meta", "tags")
                .contains("raw_code", "compiled_code", "contract", "access", "group", "patch_path", "created_at");
    }

    private static void assertHas(JsonNode object, JsonNode fields) {
        fields.forEach(field -> assertThat(object.has(field.asString()))
                .as(field.asString() + " in " + object)
                .isTrue());
    }

    private List<String> changed(String state) {
        return run("ls", "--state", "state", "--select", "state:" + state, "--resource-type", "model", "seed")
                .out()
                .lines()
                .toList();
    }

    private Outcome run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--project-dir");
        all.add(project.toString());
        return commands.run(all.toArray(String[]::new));
    }

    private void file(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
