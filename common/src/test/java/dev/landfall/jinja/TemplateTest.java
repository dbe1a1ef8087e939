package dev.landfall.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static final Callable RETURN = arguments -> {
        throw new ReturnSignal(arguments.get(0, "value"));
    };

    private static Scope scope(Map<String, ?> names) {
        return Scope.root(names, Limits.DEFAULT);
    }

    private static String render(String source, Map<String, ?> names) {
        return Template.parse("m.sql", source).render(scope(names));
    }

    /** The names, and the macros of a file bound to them. */
    private static Map<String, Object> withMacros(Map<String, ?> names, String source) {
        Map<String, Object> all = new HashMap<>(names);
        Scope home = scope(all);
        for (Macro macro : Template.parse("macros/a.sql", source).macros()) {
            all.put(macro.name(), macro.bind(home));
        }
        return all;
    }

    @Test
    void listsMacrosTestsAndMaterializations() {
        Template template = Template.parse("macros/all.sql", """
                -- a comment
                {% macro star(from, except=[], to: list[string]=none) -%} * {%- endmacro %}
                {% test unique(model, column_name) %}select 1{% endtest %}
                {% data_test positive(model) %}select 2{% enddata_test %}
                {% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
                {% endmaterialization %}
                {% materialization view, default %}{% endmaterialization %}
                {% if true %}{% macro hidden() %}{% endmacro %}{% endif %}
                """);

        assertThat(template.macros())
                .extracting(Macro::name, Macro::kind, Macro::line)
                .containsExactly(
                        tuple("star", Macro.Kind.MACRO, 2),
                        tuple("test_unique", Macro.Kind.TEST, 3),
                        tuple("test_positive", Macro.Kind.TEST, 4),
                        tuple("materialization_table_duckdb", Macro.Kind.MATERIALIZATION, 5),
                        tuple("materialization_view_default", Macro.Kind.MATERIALIZATION, 7));
        Macro star = template.macros().get(0);
        assertThat(star.source())
                .isEqualTo("{% macro star(from, except=[], to: list[string]=none) -%} * {%- endmacro %}");
        assertThat(star.file()).isEqualTo("macros/all.sql");
        assertThat(star.parameters())
                .containsExactly(
                        new Macro.Parameter("from", true, ""),
                        new Macro.Parameter("except", false, ""),
                        new Macro.Parameter("to", false, "list[string]"));
    }

    @Test
    void aMaterializationReturnsAValue() {
        Macro macro = Template.parse(
                        "m.sql",
                        "{% materialization t, default %}{{ return({'l': supported_languages}) }}{% endmaterialization %}")
                .macros()
                .get(0);

        assertThat(macro.bind(scope(Map.of("return", RETURN))).call(Arguments.none()))
                .isEqualTo(Map.of("l", List.of("sql")));
    }

    @Test
    void aMacroSeesItsHomeAndNotItsCaller() {
        Map<String, Object> names = withMacros(Map.of("x", "global"), "{% macro m() %}{{ x }}{{ y }}{% endmacro %}");

        assertThat(render("{% set x = 'local' %}{% set y = 'local' %}{{ m() }}", names))
                .isEqualTo("global");
    }

    @Test
    void aMacroSeesWhatItsFileSets() {
        assertThat(render("{{ m() }}", withMacros(Map.of(), "{% set q = 5 %}{% macro m() %}{{ q }}{% endmacro %}")))
                .isEqualTo("5");
    }

    @Test
    void returnLeavesTheMacroThatCalledTheCaller() {
        Map<String, Object> names =
                withMacros(Map.of("return", RETURN), "{% macro m() %}before {{ caller() }} after{% endmacro %}");

        assertThat(render("{% call m() %}{{ return('x') }}{% endcall %}", names))
                .isEqualTo("x");
        assertThatThrownBy(() -> render("{{ return(1) }}", names)).hasMessage("m.sql:1:1: return() outside of a macro");
    }

    @Test
    void cutsSnapshotsOut() {
        Template template = Template.parse(
                "snapshots/s.sql",
                "\n{% snapshot orders_snapshot -%}\n{{ x }}\n{%- endsnapshot %}\n{% snapshot b %}b{% endsnapshot %}");

        assertThat(template.snapshots()).extracting(Block::name).containsExactly("orders_snapshot", "b");
        Block first = template.snapshots().get(0);
        assertThat(first.location()).isEqualTo(new Location("snapshots/s.sql", 2, 1));
        assertThat(first.source()).isEqualTo("\n{{ x }}\n");
        assertThat(first.template().render(scope(Map.of("x", "sql")))).isEqualTo("\nsql");
    }

    @Test
    void countsTheLinesOfASnapshotInItsFile() {
        Block snapshot = Template.parse("s.sql", "\n{% snapshot a %}\n{{ x.y }}{% endsnapshot %}")
                .snapshots()
                .get(0);

        assertThatThrownBy(() -> snapshot.template().render(scope(Map.of()))).hasMessage("s.sql:3:5: 'x' is undefined");
    }

    @Test
    void cutsDocsOut() {
        Template template = Template.parse("docs.md", "# Title\n{% docs orders %}\nAn *order*.\n{% enddocs %}\nmore");

        assertThat(template.docs())
                .extracting(Block::name, Block::source)
                .containsExactly(tuple("orders", "\nAn *order*.\n"));
        assertThat(template.render(scope(Map.of()))).isEqualTo("# Title\n\nmore");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ nope() }}",
                "{{ nope.a.b('x').c['d'] }}",
                "{{ nope['a'].b }}",
                "{% for x in nope.rows.a %}{{ x }}{% endfor %}",
                "{% if nope.a() %}x{% endif %}",
                "{{ {'a': 1}.zz.b() }}",
                "{{ ([] | first).a }}",
                "{{ ('x' if false).a }}",
            })
    void exploresWhatIsMissing(String source) {
        Template template = Template.parse("m.sql", source);

        assertThat(template.renderPermissive(scope(Map.of()))).isEmpty();
        assertThatThrownBy(() -> template.render(scope(Map.of()))).isInstanceOf(JinjaException.class);
    }

    @Test
    void exploresOnlyTheTemplateItself() {
        Map<String, Object> names = withMacros(Map.of(), "{% macro m() %}{{ nope.a }}{% endmacro %}");

        assertThatThrownBy(() -> Template.parse("m.sql", "{{ m() }}").renderPermissive(scope(names)))
                .hasMessage("macros/a.sql:1:23: 'nope' is undefined");
    }

    @Test
    void looksGlobalsUpOnDemand() {
        Map<String, Object> names = new LinkedHashMap<>() {
            @Override
            public boolean containsKey(Object key) {
                return key.equals("made");
            }

            @Override
            public @Nullable Object get(Object key) {
                return key.equals("made") ? "on demand" : null;
            }
        };

        assertThat(render("{{ made }}{{ other }}", names)).isEqualTo("on demand");
    }

    @Test
    void keepsWhatItSetsToItself() {
        Scope scope = scope(Map.of());

        Template.parse("m.sql", "{% set x = 1 %}{{ x }}").render(scope);

        assertThat(scope.get("x")).isInstanceOf(Undefined.class);
        scope.set("x", 2L);
        assertThat(scope.child().get("x")).isEqualTo(2L);
    }

    @Test
    void handsTheHostArgumentsAndTheirPlace() {
        List<Arguments> calls = new ArrayList<>();
        Callable function = arguments -> {
            calls.add(arguments);
            return null;
        };

        render("a\n{{ f(1, *[2], x=3, **{'y': ('z' | safe)}) }}", Map.of("f", function));

        Arguments call = calls.get(0);
        assertThat(call.positional()).containsExactly(1L, 2L);
        assertThat(call.keyword()).isEqualTo(Map.of("x", 3L, "y", "z"));
        assertThat(call.location()).isEqualTo(new Location("m.sql", 2, 5));
        assertThat(call.size()).isEqualTo(4);
        assertThat(call.has(1, "x")).isTrue();
        assertThat(call.has(2, "z")).isFalse();
        assertThat(call.get(5, "x")).isEqualTo(3L);
        assertThat(call.integer(0, "a", 9)).isEqualTo(1);
        assertThatThrownBy(() -> call.require(2, "z")).hasMessage("missing a required argument: 'z'");
    }

    @Test
    void looksIntoHostObjectsByAttributeAndItem() {
        Map<String, Object> names = Map.of("r", new Row());

        assertThat(render(
                        "{{ r }} {{ [r] }} {{ r.values }} {{ r['values'] }} {{ r.id }} {{ r[0] }} {{ r['zz'] }}|",
                        names))
                .isEqualTo("<row> [<row>] attribute item item item |");
        assertThat(render("{{ r.zz is defined }} {{ r is mapping }} {{ r is iterable }}", names))
                .isEqualTo("False False False");
        assertThatThrownBy(() -> render("{{ r.zz.y }}", names))
                .hasMessage("m.sql:1:8: 'Row object' has no attribute 'zz'");
        assertThatThrownBy(() -> render("{{ r | length }}", names))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": object of type 'Row' has no len()");
        assertThatThrownBy(() -> render("{% for x in r %}{% endfor %}", names))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": 'Row' object is not iterable");
        assertThatThrownBy(() -> render("{{ r[1:] }}", names))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": 'Row' object is not subscriptable");
    }

    private static final class Row implements HostObject {
        @Override
        public Object attribute(String name) {
            return name.equals("values") ? "attribute" : Undefined.of(name);
        }

        @Override
        public Object item(@Nullable Object key) {
            return Set.<Object>of("values", "id", 0L).contains(key == null ? "" : key)
                    ? "item"
                    : Undefined.of(Python.str(key));
        }

        @Override
        public String toString() {
            return "<row>";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "getClass", "class", "hashCode", "toString", "notify", "wait", "bytes", "chars", "length", "isEmpty",
                "size", "stream", "forEach", "entrySet", "intValue", "matches", "repeat", "attribute", "call", "text",
                "__class__", "__init__", "__globals__", "__subclasses__"
            })
    void showsNothingOfJava(String name) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("string", "x");
        values.put("list", new ArrayList<>(List.of(1L)));
        values.put("dict", new LinkedHashMap<>());
        values.put("set", new LinkedHashSet<>());
        values.put("number", 1L);
        values.put("decimal", BigDecimal.ONE);
        values.put("date", LocalDate.EPOCH);
        values.put("function", (Callable) arguments -> "called");
        values.put("other", new Object());
        for (String value : values.keySet()) {
            assertThat(render("{{ " + value + "." + name + " is defined }}", values))
                    .as("%s.%s", value, name)
                    .isEqualTo("False");
            assertThatThrownBy(() -> render("{{ " + value + "." + name + "() }}", values))
                    .isInstanceOf(JinjaException.class);
        }
    }

    @Test
    void rendersInManyThreadsAtOnce() throws Exception {
        Template file = Template.parse("a.sql", "{% macro m(x) %}{% set y = x * 2 %}<{{ y }}>{% endmacro %}");
        Template template = Template.parse(
                "m.sql",
                "{% set ns = namespace(n=0) %}{% for i in range(20) %}{% set ns.n = ns.n + i * seed %}{{ m(ns.n) }}"
                        + "{% endfor %}{{ l | map('upper') | join(',') }}");
        Set<String> wrong = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();

        for (int number = 0; number < 8; number++) {
            long seed = number;
            done.add(threads.submit(() -> {
                for (int count = 0; count < 300; count++) {
                    Map<String, Object> names = new HashMap<>();
                    Scope home = scope(names);
                    names.put("seed", seed);
                    names.put("l", List.of("a", "b"));
                    names.put("m", file.macros().get(0).bind(home));
                    String text = template.render(home);
                    if (!text.endsWith("<" + 190 * seed * 2 + ">A,B")) {
                        wrong.add(text);
                    }
                }
            }));
        }
        for (Future<?> future : done) {
            future.get();
        }
        threads.shutdown();

        assertThat(wrong).isEmpty();
    }

    @Test
    void parsesAProjectOfAThousandModelsQuickly() {
        String model = """
                {{ config(materialized='incremental', unique_key=['id', 'day'], tags=["a", "b"]) }}
                {%- set columns = ['a', 'b', 'c'] -%}
                with source as (
                    select * from {{ ref('stg_orders') }} {# a comment #}
                    {% if is_incremental() %}where day >= (select max(day) from {{ this }}){% endif %}
                )
                select {% for column in columns %}sum({{ column }}) as {{ column }}_sum{{ "," if not loop.last }}
                {% endfor %} from source where x = '{{ var("x", "y") | upper }}'
                """.repeat(3);
        for (int warmUp = 0; warmUp < 200; warmUp++) {
            Template.parse("m.sql", model);
        }

        long start = System.nanoTime();
        for (int count = 0; count < 1000; count++) {
            Template.parse("m.sql", model);
        }

        // Some 0.1 s on an idle core; the bound leaves room for any machine, and none for quadratic time.
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(60_000);
    }
}
