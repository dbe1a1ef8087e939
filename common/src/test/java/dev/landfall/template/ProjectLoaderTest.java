package dev.landfall.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.project.Hook;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Model;
import dev.landfall.project.Problem;
import dev.landfall.project.Project;
import dev.landfall.project.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectLoaderTest {
    @TempDir
    Path directory;

    private Project load(String... pathsAndTexts) throws Exception {
        return TestProjects.load(TestProjects.write(directory, pathsAndTexts));
    }

    private List<String> problems(String... pathsAndTexts) throws IOException {
        TestProjects.write(directory, pathsAndTexts);
        InvalidProjectException e =
                catchThrowableOfType(InvalidProjectException.class, () -> TestProjects.load(directory));
        return e.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void loadsTheShippedProject() throws Exception {
        Path models = Path.of("../models");

        Project project = ProjectLoader.load(new ProjectOptions(models, null, null, Map.of(), Map.of()));

        assertThat(project.streams()).hasSize(9);
        assertThat(project.marts()).extracting(Model::name).containsExactly("fct_sales");
        for (Model model : project.models()) {
            RenderRequest request = new RenderRequest(TestProjects.nowhere(), false, false, Map.of());
            CompiledModel compiled = new TemplateRenderer(project).compile(model, request);
            assertThat(compiled.sql()).contains("select").doesNotContain("{{", "{%");
            assertThat(compiled.landingAware())
                    .as(model.name())
                    .isEqualTo(project.streamOf(model).isPresent());
        }
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() throws Exception {
        assertThat(problems(
                        "models/a.sql", "select 1\nfrom {{ ref('orderz') }}",
                        "models/orders.sql", "select 1 {% if %}",
                        "models/b.sql", "select * from {{ source('shop', 'oders') }}",
                        "models/c.sql", "{{ config(materialized='table', }}",
                        "models/d.sql", "select {{ nofunction(1).x }} {{ 1 / 0 }}",
                        "models/s.yml", """
                        sources:
                          - name: shop
                            tables: [{name: orders}]
                        models:
                          - name: b
                            columns:
                              - name: id
                                data_tests: [uniqe]
                        """,
                        "models/bad.yml", "models:\n  - name: x\n   columns: 1\n",
                        "models/reads_orders.sql", "select * from {{ ref('orders') }}",
                        "streams/shop/orders.json", "{"))
                .satisfiesExactly(
                        a -> assertThat(a).isEqualTo("models/a.sql:2:12: unknown ref 'orderz': did you mean 'orders'?"),
                        yml -> assertThat(yml).startsWith("models/bad.yml:3:4: not YAML: "),
                        c -> assertThat(c).startsWith("models/c.sql:1:33: "),
                        d -> assertThat(d).startsWith("models/d.sql:1:35: ").contains("division by zero"),
                        orders -> assertThat(orders).startsWith("models/orders.sql:1:16: "),
                        stream -> assertThat(stream).startsWith("streams/shop/orders.json:1:2: not JSON: "));
    }

    @Test
    void namesTheNearestSource() throws Exception {
        assertThat(problems(
                        "models/b.sql", "select * from {{ source('shop', 'oders') }}",
                        "models/s.yml", "sources: [{name: shop, tables: [{name: orders}]}]"))
                .containsExactly("models/b.sql:1:24: unknown source 'shop.oders': did you mean 'shop.orders'?");
    }

    @Test
    void namesTheFilesOfACycle() throws Exception {
        assertThat(problems(
                        "models/a.sql", "select * from {{ ref('c') }}",
                        "models/b.sql", "select * from {{ ref('a') }}",
                        "models/c.sql", "select * from {{ ref('b') }}"))
                .singleElement()
                .asString()
                .contains("cycle: ", "a (models/a.sql) → b (models/b.sql)", "one of these refs must go");
    }

    @Test
    void refusesOneNameForTwoThings() throws Exception {
        assertThat(problems(
                        "models/x/a.sql", "select 1",
                        "models/y/a.sql", "select 1",
                        "models/b.sql", "{{ config(alias='c') }}select 1",
                        "models/c.sql", "select 1",
                        "macros/m.sql", "{% macro m() %}{% endmacro %}",
                        "macros/n.sql", "\n{% macro m() %}{% endmacro %}"))
                .containsExactly(
                        "macros/n.sql:2:1: macro 'm' exists already, in macros/m.sql:1:1",
                        "models/c.sql:1:1: model.shop.c and model.shop.b (models/b.sql) would both be"
                                + " \"warehouse\".\"main\".\"c\"; give one of them another alias or schema",
                        "models/y/a.sql:1:1: model 'a' exists already: models/x/a.sql; names are unique within a package");
    }

    @Test
    void refusesWhatIsSwitchedOff() throws Exception {
        assertThat(problems(
                        "models/off.sql", "{{ config(enabled=false) }}select 1",
                        "models/a.sql", "select * from {{ ref('off') }}"))
                .containsExactly(
                        "models/a.sql:1:21: ref 'off' is switched off (enabled: false), but model.shop.a reads it");
    }

    @Test
    void leavesOutTestsOfWhatIsSwitchedOff() throws Exception {
        Project project = load(
                "models/off.sql", "{{ config(enabled=false) }}select 1",
                "models/a.sql", "select 1 as id",
                "models/s.yml",
                        "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - relationships: {to: ref('off'), field: id}\n");

        assertThat(project.nodes()).containsOnlyKeys("model.shop.a");
        assertThat(project.warnings()).anyMatch(each -> each.message().contains("is left out"));
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        assertThatThrownBy(() -> TestProjects.load(directory)).hasMessageContaining("dbt_project.yml: not found in ");
        TestProjects.write(directory, "dbt_project.yml", "version: 1\n");
        assertThatThrownBy(() -> TestProjects.load(directory)).hasMessageContaining("dbt_project.yml: has no 'name'");
        TestProjects.write(directory, "dbt_project.yml", "name: a\nprofile: tset\n");
        assertThatThrownBy(() -> TestProjects.load(directory))
                .hasMessageContaining("dbt_project.yml:2:10: no profile 'tset' in profiles.yml: did you mean 'test'?");
        Files.delete(directory.resolve("profiles.yml"));
        assertThatThrownBy(() -> TestProjects.load(directory))
                .hasMessageContaining("profiles.yml: not found; looked in ");
    }

    @Test
    void readsProfilesWithJinjaAndEnvironment() throws Exception {
        TestProjects.write(directory, "profiles.yml", """
                test:
                  target: "{{ env_var('TARGET', 'dev') }}"
                  outputs:
                    dev: {type: duckdb, path: ":memory:"}
                    prod:
                      type: duckdb
                      path: "{{ env_var('DBT_ENV_SECRET_PATH') }}"
                      schema: "{{ 'an' ~ 'alytics' }}"
                      threads: "{{ env_var('THREADS') | int }}"
                      settings: {memory_limit: 2GB, preserve_insertion_order: false}
                      extensions: [httpfs, {name: spatial, repo: community}]
                      secrets: [{type: s3, provider: credential_chain, scope: [a, b]}]
                      attach:
                        - {path: other.db, alias: other, read_only: true}
                        - {path: "ducklake:x.ducklake", options: {data_path: lake/}}
                """);
        Map<String, String> environment =
                Map.of("TARGET", "prod", "DBT_ENV_SECRET_PATH", "data/shop.duckdb", "THREADS", "3");

        Target target = ProjectLoader.load(new ProjectOptions(directory, null, null, Map.of(), environment))
                .target();

        assertThat(target.name()).isEqualTo("prod");
        assertThat(target.path()).isEqualTo("data/shop.duckdb");
        assertThat(target.database()).isEqualTo("shop");
        assertThat(target.schema()).isEqualTo("analytics");
        assertThat(target.threads()).isEqualTo(3);
        assertThat(target.settings())
                .containsEntry("memory_limit", "2GB")
                .containsEntry("preserve_insertion_order", "false");
        assertThat(target.extensions())
                .containsExactly(new Target.Extension("httpfs", null), new Target.Extension("spatial", "community"));
        assertThat(target.secrets())
                .singleElement()
                .satisfies(secret -> assertThat(secret).containsEntry("provider", "credential_chain"));
        assertThat(target.attach()).hasSize(2);
        assertThat(target.attach().get(0).readOnly()).isTrue();
        assertThat(target.attach().get(1).duckLake()).isTrue();
    }

    @Test
    void refusesProfilesThatDuckDbCannotServe() throws Exception {
        assertThat(problems("profiles.yml", "test:\n  target: dev\n  outputs:\n    dev:\n      type: postgres\n"))
                .containsExactly("profiles.yml:5:13: target 'dev' is of type 'postgres'; this engine runs 'duckdb'");
        assertThat(problems("profiles.yml", "test:\n  target: dve\n  outputs:\n    dev: {type: duckdb}\n"))
                .containsExactly("profiles.yml:3:3: profile 'test' has no target 'dve': did you mean 'dev'?");
        assertThat(
                        problems(
                                "profiles.yml",
                                "test:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: a.duckdb\n      database: b\n"))
                .singleElement()
                .asString()
                .startsWith("profiles.yml:7:17: Inconsistency detected between 'path' and 'database' fields");
    }

    @Test
    void readsHooksAroundARun() throws Exception {
        Project project = load(
                "dbt_project.yml",
                "name: shop\nprofile: test\non-run-start: \"{{ log('x') }}\"\non-run-end: ['select 1', 'select 2']\n");

        assertThat(project.settings().onRunStart()).containsExactly(new Hook("{{ log('x') }}", true));
        assertThat(project.settings().onRunEnd()).hasSize(2);
    }

    @Test
    void letsTheCommandLineWinOverTheProjectsVariables() throws Exception {
        TestProjects.write(
                directory,
                "dbt_project.yml",
                "name: shop\nprofile: test\nvars: {a: 1, b: 2, shop: {b: 3}}\n",
                "models/m.sql",
                "{{ config(alias=var('a') ~ '_' ~ var('b')) }}select 1");

        Project plain = TestProjects.load(directory);
        Project given = ProjectLoader.load(new ProjectOptions(directory, null, null, Map.of("a", 9L), Map.of()));

        assertThat(plain.model("m").orElseThrow().relation().identifier()).isEqualTo("1_3");
        assertThat(given.model("m").orElseThrow().relation().identifier()).isEqualTo("9_3");
        assertThat(given.checksum()).isNotEqualTo(plain.checksum());
    }

    @Test
    void hasOneChecksumForOneContent(@TempDir Path other) throws Exception {
        Project first = load("models/m.sql", "select 1", "streams/a/b.json", "{}");
        Project same =
                TestProjects.load(TestProjects.write(other, "models/m.sql", "select 1", "streams/a/b.json", "{}"));
        Project changed = TestProjects.load(TestProjects.write(other, "streams/a/b.json", "{\"selected\": false}"));

        assertThat(same.checksum()).isEqualTo(first.checksum());
        assertThat(changed.checksum()).isNotEqualTo(first.checksum());
    }

    @Test
    void warnsOfWhatIsOdd() throws Exception {
        Project project = load(
                "dbt_project.yml", "name: shop\nprofile: test\nmodels:\n  shop:\n    stagging: {+schema: x}\n",
                "models/staging/orders.sql", "select 1",
                "models/s.yml", "models:\n  - name: order\n  - name: orders\n    tags: [x]\n");

        assertThat(project.warnings().stream().map(Problem::toString))
                .containsExactly(
                        "dbt_project.yml:5:5: configuration of models.shop.stagging applies to nothing;"
                                + " a mapping meant as a value needs a plus, '+stagging'",
                        "models/s.yml:2:5: describes a model 'order' that does not exist: did you mean 'orders'?",
                        "models/s.yml:4:5: 'tags' beside the name of model 'orders' has no effect, as in dbt; it belongs under 'config:'");
    }

    @Test
    void warnsOfWhatOfDbtIsReadOver() throws Exception {
        Project project = load(
                "dbt_project.yml", "name: shop\nprofile: test\n",
                "models/m.yml", "version: 2\nmetrics:\n  - name: revenue\n",
                "macros/own.sql", """
                        {% macro duckdb__create_table_as(temporary, relation, sql) %}{% endmacro %}
                        {% materialization snapshot, default %}{% endmaterialization %}
                        {% materialization table, adapter='duckdb' %}{% endmaterialization %}
                        """);

        assertThat(project.warnings().stream().map(Problem::toString))
                .hasSize(3)
                .anyMatch(each -> each.startsWith("models/m.yml:2:1: 'metrics' are read over"))
                .anyMatch(each -> each.startsWith("macros/own.sql:1:1: 'duckdb__create_table_as' stands in"))
                .anyMatch(each -> each.startsWith("macros/own.sql:2:1: 'materialization_snapshot_default' stands in"));
    }

    @Test
    void givesATagsStreamToItsModels() throws Exception {
        Project project = load(
                "streams/shop/orders.json", "{}",
                "streams/shop/off.json", "{\"selected\": false}",
                "models/core.sql", "{{ config(tags=['core', 'shop__orders']) }}select 1",
                "models/core_off.sql", "{{ config(tags='shop__off') }}select 1",
                "models/mart.sql", "{{ config(tags=['mart']) }}select * from {{ ref('core') }}");

        assertThat(project.modelsOf(project.streams().get(1).name()))
                .extracting(Model::name)
                .containsExactly("core");
        assertThat(project.marts()).extracting(Model::name).containsExactly("mart");
        assertThat(project.streamOf(project.model("core_off").orElseThrow())).isPresent();
    }
}
