package dev.landfall.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates are user input: none may hang a thread, fill the heap or overflow the stack. */
@Timeout(60)
class LimitsTest {
    private static final Limits SMALL = new Limits(10_000, 20, 50, 1_000, 1_000, Duration.ofSeconds(30));

    private static JinjaException refused(String source) {
        return refused(source, SMALL);
    }

    private static JinjaException refused(String source, Limits limits) {
        return catchThrowableOfType(
                LimitExceededException.class,
                () -> Template.parse(new Location("m.sql", 1, 1), source, limits)
                        .render(Scope.root(Map.of(), limits)));
    }

    @Test
    void boundsTheSteps() {
        String source = "\n{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}";

        assertThat(refused(source))
                .hasMessageStartingWith("m.sql:2:")
                .hasMessageEndingWith(": the template took more than 10000 steps");
    }

    @Test
    void boundsTheRecursionOfMacros() {
        String source = "{% macro m() %}\n{{ dbt_macro__m() }}{% endmacro %}{{ dbt_macro__m() }}";

        assertThat(refused(source))
                .hasMessageStartingWith("m.sql:2:")
                .hasMessageEndingWith(": maximum recursion depth exceeded: macro 'm' is 20 calls deep");
    }

    @Test
    void boundsTheRecursionOfLoops() {
        String source = "{% set l = [] %}{% do l.append(l) %}{% for x in l recursive %}{{ loop(l) }}{% endfor %}";

        assertThat(refused(source)).hasMessageContaining("maximum recursion depth exceeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{1:", "not ", "-", "1 + (", "f(", "a[", "1 if 1 else "})
    void boundsTheDepthOfExpressions(String opening) {
        assertThat(refused("{{ " + opening.repeat(20_000)))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": the template is nested more than 50 levels deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {" + 1", " * 1", " ** 1", " and 1", " or 1", "|abs", ".a", "[0]", "()", " if 1"})
    void boundsTheLengthOfChains(String link) {
        assertThat(refused("{{ a" + link.repeat(20_000) + " }}"))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": the template is nested more than 50 levels deep");
    }

    @Test
    void boundsTheDepthOfBlocks() {
        assertThat(refused("{% if 1 %}".repeat(20_000)))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": the template is nested more than 50 levels deep");
    }

    @Test
    void takesLongTemplatesThatAreNotDeep() {
        String source = "{{ 1 ~ " + "2 ~ ".repeat(300) + "3 }}"
                + "{% if 0 %}{% elif 1 %}{% endif %}".repeat(500)
                + "{{ [" + "1, ".repeat(300) + "] | length }}";

        assertThat(Template.parse(new Location("m.sql", 1, 1), source, SMALL).render(Scope.root(Map.of(), SMALL)))
                .endsWith("23300");
    }

    @Test
    void boundsTheOutput() {
        assertThat(refused("{% for a in range(100) %}{{ 'x' * 20 }}{% endfor %}"))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": the template wrote more than 1000 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'x' * 1001",
                "[0] * 1001",
                "(0,) * 1001",
                "('x' * 600) + ('x' * 600)",
                "('x' * 600) ~ ('x' * 600)",
                "('x' * 600).replace('x', 'yy')",
                "('x' * 600).replace('', 'yy')",
                "'x'.center(1001)",
                "'x'.ljust(1001)",
                "'x'.zfill(1001)",
                "'%1001d' % 1",
                "'%.1001f' % 1",
                "'{:1001}'.format(1)",
                "'{:.1001f}'.format(1)",
                "'{:>{}}'.format(1, 1001)",
                "'-'.join(['x' * 600, 'x' * 600])",
                "['x' * 600, 'x' * 600] | join",
                "range(1001) | list",
                "'x' | center(1001)",
                "'a' | indent(1001)",
                "[1] | batch(1001, 0) | list",
                "[1] | slice(1001) | list",
                "2 ** 1001",
                "10 ** 100 ** 100",
                "['x'] | map('center', 1001) | list",
                "('\t' * 600).expandtabs()",
                "['x' * 600, 'x' * 600] | string",
                "['x' * 600, 'x' * 600] | tojson",
                "('<' * 600) | escape",
                "('é' * 500) | urlencode",
            })
    void boundsTheSizeOfValues(String expression) {
        assertThat(refused("{% set x = " + expression + " %}"))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": a value would be larger than 1000");
    }

    @Test
    void boundsListsThatGrowStepByStep() {
        assertThat(refused("{% set l = [1] %}{% for i in range(50) %}{% do l.extend(l) %}{% endfor %}"))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": a value would be larger than 1000");
        assertThat(refused("{% set l = [] %}{% for i in range(2000) %}{% do l.append(i) %}{% endfor %}"))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": a value would be larger than 1000");
    }

    @Test
    void boundsValuesThatShareTheirParts() {
        String doubled = "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}"
                + "{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}";

        assertThat(refused(doubled + "{{ ns.x }}")).isNotNull();
        assertThat(refused(doubled + "{{ ns.x | tojson }}")).isNotNull();
        assertThat(refused(doubled + "{{ ns.x | pprint }}")).isNotNull();
        assertThat(refused(doubled + "{{ ns.x == ns.y }}")).isNotNull();
        assertThat(refused(doubled + "{{ ns.x < ns.y }}")).isNotNull();
        assertThat(refused(doubled + "{{ ns.x in [ns.y] }}")).isNotNull();
    }

    @Test
    void hashesTuplesThatShareTheirParts() {
        String doubled = "{% set ns = namespace(x=(1, 1), y=(1, 1)) %}{% for i in range(60) %}"
                + "{% set ns.x = (ns.x, ns.x) %}{% set ns.y = (ns.y, ns.y) %}{% endfor %}";

        assertThat(Template.parse("m.sql", doubled + "{% set d = {ns.x: 1} %}{{ d[ns.x] }}")
                        .render(Scope.root(Map.of(), SMALL)))
                .isEqualTo("1");
        assertThat(refused(doubled + "{% set d = {ns.x: 1} %}{{ d[ns.y] }}")).isNotNull();
    }

    @Test
    void printsAListThatHoldsItself() {
        Template template = Template.parse("m.sql", "{% set l = [1] %}{% do l.append(l) %}{{ l }}");

        assertThat(template.render(Scope.root(Map.of(), SMALL))).isEqualTo("[1, [...]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a == b", "a < b", "a | tojson", "a | pprint", "a | sort", "{(1, a): 1}"})
    void boundsWhatHoldsItself(String expression) {
        String source = "{% set a = [] %}{% do a.append(a) %}{% set b = [] %}{% do b.append(b) %}";

        assertThatThrownBy(() -> Template.parse("m.sql", source + "{% set x = " + expression + " %}{{ 1 / 0 }}")
                        .render(Scope.root(Map.of(), Limits.DEFAULT)))
                .isInstanceOf(JinjaException.class);
    }

    @Test
    void boundsTheTime() {
        Limits hurried = new Limits(Long.MAX_VALUE, 20, 50, 1_000, 1_000_000, Duration.ofMillis(50));
        String source = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}";

        long start = System.nanoTime();

        assertThat(refused(source, hurried))
                .hasMessageStartingWith("m.sql:1:")
                .hasMessageEndingWith(": the template ran longer than 50 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void findsTextInLinearTime() {
        Limits wide = new Limits(10_000, 20, 50, 1_000, 4_000_000, Duration.ofSeconds(60));
        String source = "{% set a = 'a' * 2000000 %}{% set b = 'a' * 1000000 ~ 'b' %}"
                + "{{ b in a }} {{ a.find(b) }} {{ a.rfind('b' ~ b) }} {{ a.count(b) }} {{ a.split(b) | length }}";

        assertThat(Template.parse(new Location("m.sql", 1, 1), source, wide).render(Scope.root(Map.of(), wide)))
                .isEqualTo("False -1 -1 0 1");
    }

    @Test
    void doesNotCountTheTimeOfTheHost() {
        Limits hurried = new Limits(10_000, 20, 50, 1_000, 1_000, Duration.ofSeconds(2));
        Callable slow = arguments -> {
            try {
                Thread.sleep(2_200);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return "ok";
        };
        Template template = Template.parse("m.sql", "{{ slow() }}{% for i in range(1000) %}{% endfor %}");

        assertThat(template.render(Scope.root(Map.of("slow", slow), hurried))).isEqualTo("ok");
    }

    @Test
    void stopsWhenTheThreadIsInterrupted() {
        Template template = Template.parse("m.sql", "{% for i in range(100000) %}{% endfor %}");

        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> template.render(Scope.root(Map.of(), Limits.DEFAULT)))
                    .isInstanceOf(JinjaException.class)
                    .hasMessageStartingWith("m.sql:1:")
                    .hasMessageEndingWith(": the rendering was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void startsAnewWithEveryRendering() {
        Scope scope = Scope.root(Map.of(), SMALL);
        Template template = Template.parse("m.sql", "{% for i in range(900) %}{% endfor %}{{ 'x' * 900 }}");

        for (int count = 0; count < 20; count++) {
            assertThat(template.render(scope)).hasSize(900);
        }
    }

    @Test
    void countsWhatTheHostRendersInBetween() {
        Scope outer = Scope.root(Map.of(), SMALL);
        Template inner = Template.parse("inner.sql", "{% for i in range(900) %}{% endfor %}");
        Callable render = arguments -> inner.render(outer);
        Template template = Template.parse("m.sql", "{% for i in range(100) %}{{ render() }}{% endfor %}");

        assertThatThrownBy(() -> template.render(Scope.root(Map.of("render", render), SMALL)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageStartingWith("inner.sql:1:")
                .hasMessageEndingWith(": the template took more than 10000 steps");
    }

    @Test
    void theDefaultsHoldForRealProjects() {
        assertThat(Limits.DEFAULT.recursion()).isEqualTo(200);
        assertThat(Limits.DEFAULT.parseDepth()).isEqualTo(200);
        for (String expression : List.of("(".repeat(90) + "151" + ")".repeat(90), "1" + " + 1".repeat(150))) {
            assertThat(Template.parse("m.sql", "{{ " + expression + " }}").render(Scope.root(Map.of(), Limits.DEFAULT)))
                    .isEqualTo("151");
        }
    }
}
