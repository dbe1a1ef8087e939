package dev.landfall.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.jinja.JinjaException;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateRendererTest {
    @TempDir
    Path directory;

    private TestDatabase database;

    @BeforeEach
    void open() throws SQLException {
        database = new TestDatabase();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private RenderRequest run(boolean incremental) {
        return new RenderRequest(database, incremental, false, Map.of());
    }

    private static Model model(Project project, String name) {
        return project.model(name).orElseThrow();
    }

    /** One model of the given text, rendered. */
    private String render(String text) throws Exception {
        return render(text, run(false));
    }

    private String render(String text, RenderRequest request) throws Exception {
        Project project = TestProjects.load(TestProjects.write(directory, "models/m.sql", text));
        return new TemplateRenderer(project)
                .compile(model(project, "m"), request)
                .sql();
    }

    @Test
    void tellsThatAMacroChangedWhichAModelCallsDirectlyOrNot() throws Exception {
        String inner = "{% macro inner() %}1{% endmacro %}";
        List<String> before = codeChecksums(inner, "{% macro other() %}1{% endmacro %}");

        assertThat(codeChecksums(inner.replace(" %}", "\n  %}"), "{% macro other() %}1{% endmacro %}"))
                .as("the same but for white space")
                .isEqualTo(before);
        assertThat(codeChecksums(inner, "{% macro other() %}2{% endmacro %}"))
                .as("a macro that neither calls")
                .isEqualTo(before);
        assertThat(codeChecksums(inner.replace("1", "2"), "{% macro other() %}1{% endmacro %}"))
                .satisfiesExactly(
                        calling -> assertThat(calling).isNotEqualTo(before.get(0)),
                        plain -> assertThat(plain).isEqualTo(before.get(1)));
    }

    /** Of a model that calls a macro through another, and of one that calls none. */
    private List<String> codeChecksums(String inner, String other) throws Exception {
        Project project = TestProjects.load(TestProjects.write(
                directory,
                "macros/inner.sql",
                inner,
                "macros/other.sql",
                other,
                "macros/outer.sql",
                "{% macro outer() %}{{ inner() }}{% endmacro %}",
                "models/calling.sql",
                "select {{ outer() }} as x",
                "models/plain.sql",
                "select 1 as x"));
        TemplateRenderer renderer = new TemplateRenderer(project);
        assertThat(renderer.codeChecksum(model(project, "plain")))
                .isEqualTo(model(project, "plain").checksum());
        return List.of(
                renderer.codeChecksum(model(project, "calling")), renderer.codeChecksum(model(project, "plain")));
    }

    @Test
    void compilesTheGuidesModelInBothPasses() throws Exception {
        Project project = TestProjects.load("guide");
        Model things = model(project, "things");
        database.execute("create table things as select '2026' as year, '01' as month, '31' as day");
        TemplateRenderer renderer = new TemplateRenderer(project);

        CompiledModel full = renderer.compile(things, run(false));
        // The test's database is called memory, and the project's warehouse.
        database.execute("attach ':memory:' as warehouse");
        database.execute("create table warehouse.main.things as from things");
        CompiledModel incremental = renderer.compile(things, run(true));

        assertThat(full.sql()).doesNotContain("where");
        assertThat(full.landingAware()).isFalse();
        assertThat(incremental.sql()).contains("where year = '2026' and month = '01' and day >= '31'");
        assertThat(incremental.checksum()).isNotEqualTo(full.checksum());
        assertThat(database.queries).anyMatch(sql -> sql.contains("from \"warehouse\".\"main\".\"things\""));
        assertThat(project.streamOf(things)).isPresent();
        assertThat(project.marts()).extracting(Model::name).containsExactly("thing_mart");
    }

    @Test
    void tellsWhichVariablesWereRead() throws Exception {
        Project project = TestProjects.load(TestProjects.write(
                directory,
                "macros/landed.sql",
                "{% macro landed() %}{{ var('landed_partitions', []) | length }}{% endmacro %}",
                "models/m.sql",
                "select {{ landed() }} as n, {{ var('files', 'none') }} as f"));
        TemplateRenderer renderer = new TemplateRenderer(project);

        CompiledModel compiled = renderer.compile(
                model(project, "m"),
                run(true)
                        .withVar("landed_partitions", List.of(Map.of("year", "2026")))
                        .withVar("files", "['a', 'b']"));

        assertThat(compiled.sql()).isEqualTo("select 1 as n, ['a', 'b'] as f");
        assertThat(compiled.varsRead()).containsExactlyInAnyOrder("landed_partitions", "files");
        assertThat(compiled.landingAware()).isTrue();
    }

    @Test
    void givesQueriesAsTables() throws Exception {
        assertThat(render("""
                {% set t = run_query("select * from (values (1, 'x', 1.50::decimal(5,2), 2.0::double, date '2024-01-31', null, true), (2, 'y', 0, 1e16, null, null, false)) as t(i, s, d, f, day, n, b)") %}
                {{ t | length }} {{ t.columns | length }} {{ t.column_names | join(',') }}
                {{ t.columns[0].values() }} {{ t.columns['s'].values() | join('+') }} {{ t.columns[1][0] }}
                {%- for row in t %} {{ row['i'] }}:{{ row.s }}:{{ row[2] }}:{{ row.f }}:{{ row.day }}:{{ row.n }}:{{ row.b }}{% endfor %}
                {{ t.rows[1].values() | length }} {{ t.rows[0].dict().s }} {{ t.columns[0].name }}
                """)).isEqualToIgnoringWhitespace("""
                2 7 i,s,d,f,day,n,b (1, 2) x+y x 1:x:1.50:2.0:2024-01-31:None:True 2:y:0.00:1E+16:None:None:False 7 x i""");
    }

    @Test
    void givesNestedAndOddValuesAsText() throws Exception {
        assertThat(
                        render(
                                "{{ run_query(\"select [1, 2], {'a': 1, 'b': [null, 'x']}, uuid '00000000-0000-0000-0000-000000000001',"
                                        + " 170141183460469231731687303715884105727::hugeint, timestamp '2024-01-31 10:20:30', '{\\\"k\\\": 1}'::json\").rows[0].values() }}"))
                .isEqualTo(
                        "('[1, 2]', '{\"a\": 1, \"b\": [null, \"x\"]}', '00000000-0000-0000-0000-000000000001',"
                                + " 170141183460469231731687303715884105727, datetime.datetime(2024, 1, 31, 10, 20, 30), '{\"k\": 1}')");
    }

    @Test
    void keepsTheResultsOfStatements() throws Exception {
        assertThat(render("""
                {% call statement('a', fetch_result=true) %}select 42 as x{% endcall %}
                {%- set result = load_result('a') -%}
                {{ result.data[0][0] }} {{ result['table'].columns[0].values()[0] }} {{ result.response }}
                {%- call statement() %}create table made as select 1 as one{% endcall %}
                {{ adapter.get_columns_in_relation(api.Relation.create(schema='main', identifier='made')) | map(attribute='name') | join }}
                {{ load_result('never') }}
                """).strip()).isEqualToIgnoringWhitespace("42 42 OK one None");
    }

    @Test
    void refusesToLoadAResultTwice() {
        assertThatThrownBy(
                        () -> render(
                                "{% call statement('a', fetch_result=true) %}select 1{% endcall %}{% if execute %}{% do load_result('a') %}{% do load_result('a') %}{% endif %}"))
                .isInstanceOf(JinjaException.class)
                .hasMessageContaining("The 'statement' result named 'a' has already been loaded into a variable");
    }

    @Test
    void asksTheDatabaseThroughTheAdapter() throws Exception {
        database.execute("create table orders as select 1 as id, 'x' as name");

        assertThat(render("""
                {%- set found = adapter.get_relation(database='memory', schema='main', identifier='orders') -%}
                {{ found }} {{ found.is_table }} {{ adapter.get_relation(database='memory', schema='main', identifier='none') is none }}
                {%- for column in adapter.get_columns_in_relation(found) %} {{ column.name }}={{ column.data_type }}{% endfor %}
                {{ adapter.quote('a"b') }} {{ adapter.type() }}
                {{ get_columns_in_query('select 1 as a, 2 as b') | join(',') if execute }}
                """).strip())
                .isEqualToIgnoringWhitespace(
                        "\"memory\".\"main\".\"orders\" True True id=INTEGER name=character varying(256) \"a\"\"b\" duckdb a,b");
    }

    @Test
    void putsEphemeralModelsInFrontEachOnce() throws Exception {
        Project project = TestProjects.load(TestProjects.write(
                directory,
                "models/a.sql",
                "{{ config(materialized='ephemeral') }}select 1 as x",
                "models/b.sql",
                "{{ config(materialized='ephemeral') }}select * from {{ ref('a') }}",
                "models/plain.sql",
                "select * from {{ ref('b') }}, {{ ref('a') }}",
                "models/with.sql",
                "-- first\nwith own as (select 1)\nselect * from own, {{ ref('b') }}",
                "models/recursive.sql",
                "WITH RECURSIVE own as (select 1) select * from own, {{ ref('a') }}"));
        TemplateRenderer renderer = new TemplateRenderer(project);

        assertThat(renderer.compile(model(project, "plain"), run(false)).sql())
                .isEqualTo("with __dbt__cte__a as (\nselect 1 as x\n),  __dbt__cte__b as (\n"
                        + "select * from __dbt__cte__a\n) select * from __dbt__cte__b, __dbt__cte__a");
        assertThat(renderer.compile(model(project, "with"), run(false)).sql())
                .isEqualTo("-- first\nwith __dbt__cte__a as (\nselect 1 as x\n),  __dbt__cte__b as (\n"
                        + "select * from __dbt__cte__a\n),  own as (select 1)\nselect * from own, __dbt__cte__b");
        assertThat(renderer.compile(model(project, "recursive"), run(false)).sql())
                .startsWith("WITH RECURSIVE __dbt__cte__a as (\nselect 1 as x\n),  own as (");
    }

    @Test
    void refusesARefThatTheParsePassDidNotSee() throws Exception {
        Project project = TestProjects.load(TestProjects.write(
                directory,
                "models/a.sql",
                "select 1 as x",
                "models/m.sql",
                "select 1 {% if execute %} from {{ ref('a') }}{% endif %}"));

        assertThatThrownBy(() -> new TemplateRenderer(project).compile(model(project, "m"), run(false)))
                .isInstanceOf(JinjaException.class)
                .hasMessageContaining("models/m.sql:1:38: dbt was unable to infer all dependencies for the model \"m\"")
                .hasMessageContaining("-- depends_on: {{ ref('a') }}");
    }

    @Test
    void takesADependencyFromAComment() throws Exception {
        Project project = TestProjects.load(TestProjects.write(
                directory,
                "models/a.sql",
                "select 1 as x",
                "models/m.sql",
                "-- depends_on: {{ ref('a') }}\nselect 1 {% if execute %} from {{ ref('a') }}{% endif %}"));

        assertThat(new TemplateRenderer(project)
                        .compile(model(project, "m"), run(false))
                        .sql())
                .endsWith("from \"warehouse\".\"main\".\"a\"");
    }

    @Test
    void answersConfigAsDbt() throws Exception {
        assertThat(render("""
                {{ config(materialized='table', custom={'a': 1}, meta={'owner': 'me'}) }}
                {{ config.get('materialized') }} {{ config.get('custom').a }} {{ config.get('unique_key', 'fallback') }}
                {{ config.get('other', 'fallback') }} {{ config.get('owner', 'none') }} {{ config.meta_get('owner') }}
                {{ config.require('materialized') }} {{ config.get('tags') }} {{ config.persist_relation_docs() }}
                {{ model.config.materialized }} {{ model.name }} {{ this.name }} {{ this }}
                """).strip())
                .isEqualToIgnoringWhitespace(
                        "table 1 None fallback none me table [] False table m m \"warehouse\".\"main\".\"m\"");
    }

    @Test
    void answersWhatIsAroundTheModel() throws Exception {
        Map<String, String> environment = Map.of("TEAM", "blue");
        Path project = TestProjects.write(
                directory,
                "dbt_project.yml",
                "name: shop\nversion: '1'\nprofile: test\nvars: {a: 1, nested: \"{{ var('a') }}\", n: null}\n",
                "models/m.sql",
                "{{ target.name }} {{ target.schema }} {{ target.type }} {{ target.threads }} {{ env_var('TEAM') }}"
                        + " {{ env_var('NONE', 'default') }} {{ var('a') + 1 }} {{ var('nested') }} {{ var('n') }}"
                        + " {{ var('b', 'c') }} {{ var.has_var('b') }} {{ project_name }} {{ execute }} {{ flags.WHICH }}"
                        + " {{ modules.datetime.date(2024, 1, 31).isoformat() }} {{ modules.re.sub('a+', 'b', 'caat') }}"
                        + " {{ tojson({'a': [1, none]}) }} {{ fromjson('{\"x\": 1}').x }} {{ zip([1], [2]) | list }}"
                        + " {{ local_md5('a') }} {{ set([1, 1]) | length }}");
        Project loaded = ProjectLoader.load(new ProjectOptions(project, null, null, Map.of(), environment));

        assertThat(new TemplateRenderer(loaded)
                        .compile(model(loaded, "m"), run(false))
                        .sql())
                .isEqualTo("dev main duckdb 1 blue default 2 1 None c False shop True run 2024-01-31 cbt"
                        + " {\"a\": [1, null]} 1 [(1, 2)] 0cc175b9c0f1b6a831c399e269772661 1");
    }

    @Test
    void tellsMistakesWithFileAndLine() {
        assertThatThrownBy(() -> render("select 1\n\n{% if execute %}{{ var('gone') }}{% endif %}"))
                .hasMessageStartingWith("models/m.sql:3:23: Required var 'gone' not found in config");
        assertThatThrownBy(() -> render("select 1,\n{% if execute %}{{ env_var('GONE') }}{% endif %}"))
                .hasMessage("models/m.sql:2:27: Env var required but not provided: 'GONE'");
        assertThatThrownBy(() -> render("{% if execute %}{{ exceptions.raise_compiler_error('no good') }}{% endif %}"))
                .hasMessage("models/m.sql:1:51: no good");
    }

    @Test
    void rendersHooksInTheModelsContext() throws Exception {
        Project project = TestProjects.load(TestProjects.write(
                directory,
                "models/m.sql",
                "{{ config(post_hook=\"analyze {{ this }}\") }}select 1",
                "macros/x.sql",
                "{% macro grant_to(who) %}grant select on {{ this }} to {{ who }}{% endmacro %}"));
        TemplateRenderer renderer = new TemplateRenderer(project);
        Model model = model(project, "m");

        assertThat(renderer.renderSql(model, model.config().postHooks().get(0).sql(), run(false)))
                .isEqualTo("analyze \"warehouse\".\"main\".\"m\"");
        assertThat(renderer.callMacro("grant_to", model, Map.of("who", "bi"), run(false)))
                .isEqualTo("grant select on \"warehouse\".\"main\".\"m\" to bi");
        assertThat(renderer.hasMacro("grant_to")).isTrue();
        assertThat(renderer.hasMacro("shop.grant_to")).isTrue();
        assertThat(renderer.hasMacro("revoke")).isFalse();
        assertThatThrownBy(() -> renderer.callMacro("grant_too", null, Map.of(), run(false)))
                .hasMessage("unknown macro 'grant_too': did you mean 'grant_to'?");
    }

    @Test
    void givesTheEndOfARunItsResults() throws Exception {
        Project project = TestProjects.load(TestProjects.write(directory, "models/m.sql", "select 1"));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("status", "success");

        assertThat(new TemplateRenderer(project)
                        .renderSql(
                                "{{ results[0].status }} {{ schemas | join(',') }}",
                                run(false).withContext(Map.of("results", List.of(result), "schemas", List.of("main")))))
                .isEqualTo("success main");
    }

    @Test
    void isIncrementalOnlyForIncrementalModelsThatRunSo() throws Exception {
        String text = "{{ config(materialized='%s') }}{{ is_incremental() }}";

        assertThat(render(text.formatted("incremental"), run(true))).isEqualTo("True");
        assertThat(render(text.formatted("incremental"), run(false))).isEqualTo("False");
        assertThat(render(text.formatted("table"), run(true))).isEqualTo("False");
    }

    @Test
    void findsNodesInTheGraph() throws Exception {
        assertThat(
                        render(
                                "{% if execute %}{% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') %}{{ node.unique_id }}:{{ node.config.materialized }}{% endfor %}{% endif %}"))
                .isEqualTo("model.shop.m:view");
    }
}
