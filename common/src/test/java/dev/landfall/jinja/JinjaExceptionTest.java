package dev.landfall.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake says where it is. */
class JinjaExceptionTest {

    private static JinjaException mistakeIn(String source, Map<String, ?> names) {
        return catchThrowableOfType(
                JinjaException.class,
                () -> Template.parse("models/m.sql", source).render(Scope.root(names, Limits.DEFAULT)));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("{{ x.y }}", 1, 5),
                Arguments.of("\n\n  {{ x.y }}", 3, 7),
                Arguments.of("{{\n  x(\n    y\n  )\n}}", 2, 4),
                Arguments.of("{{\n  range(\n    x.y\n  )\n}}", 3, 6),
                Arguments.of("a\n{% if x.y %}{% endif %}", 2, 8),
                Arguments.of("a\n{% set q = 1 + 'a' %}", 2, 14),
                Arguments.of("a\n{% set a, b = 1 %}", 2, 4),
                Arguments.of("a\n{% for i in 5 %}{% endfor %}", 2, 4),
                Arguments.of("a\n{% for i in [1] %}\n{% for a, b in [1] %}{% endfor %}{% endfor %}", 3, 4),
                Arguments.of("a\n{% do x() %}", 2, 8),
                Arguments.of("a\n{{ 'x' | round }}", 2, 10),
                Arguments.of("a\n{{ [1] | map('round', 'x') | list }}", 2, 30),
                Arguments.of("{{ 1 < 'a' }}", 1, 4),
                Arguments.of("{{ 'a' is even }}", 1, 11),
                Arguments.of("{{ 1[0:] }}", 1, 5),
                Arguments.of("{{ {[]: 1} }}", 1, 4),
                Arguments.of("{#\n\n#}{{ x.y }}", 3, 7),
                Arguments.of("{% raw %}\n{% endraw %}{{ x.y }}", 2, 17),
                Arguments.of("a\r\nb\r{{ x.y }}", 3, 5),
                Arguments.of("{{ 'a\nb' ~ x.y }}", 2, 7),
                Arguments.of("{% call\n  x() %}{% endcall %}", 2, 4),
                Arguments.of("{% filter\n round %}a{% endfilter %}", 2, 2),
                Arguments.of("\n{% include 'x' %}", 2, 4));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhereAMistakeIs(String source, int line, int column) {
        JinjaException mistake = mistakeIn(source, Map.of());

        assertThat(mistake.file()).isEqualTo("models/m.sql");
        assertThat(mistake.line()).as(mistake.getMessage()).isEqualTo(line);
        assertThat(mistake.column()).as(mistake.getMessage()).isEqualTo(column);
        assertThat(mistake).hasMessage("models/m.sql:" + line + ":" + column + ": " + mistake.problem());
    }

    static Stream<Arguments> syntaxErrors() {
        return Stream.of(
                Arguments.of("\n{{ 1 + }}", 2, 8, "unexpected 'end of print statement'"),
                Arguments.of(
                        "\n\n{% if x %}",
                        3,
                        4,
                        "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or"
                                + " 'endif'. The innermost block that needs to be closed is 'if'."),
                Arguments.of("\n {% nope %}", 2, 5, "Encountered unknown tag 'nope'."),
                Arguments.of("{{ x }", 1, 6, "unexpected '}'"),
                Arguments.of("\n{{ 'abc }}", 2, 4, "unexpected char \"'\" at 4"),
                Arguments.of("\n{{ x | nope }}", 2, 8, "No filter named 'nope'."),
                Arguments.of("{{ a $ }}", 1, 6, "unexpected char '$' at 5"),
                Arguments.of("a\n{# b", 2, 1, "Missing end of comment tag"),
                Arguments.of("a\n{% raw %} b", 2, 1, "Missing end of raw directive"));
    }

    @ParameterizedTest
    @MethodSource("syntaxErrors")
    void saysWhereASyntaxErrorIs(String source, int line, int column, String problem) {
        JinjaException mistake = mistakeIn(source, Map.of());

        assertThat(mistake.problem()).isEqualTo(problem);
        assertThat(mistake.line()).isEqualTo(line);
        assertThat(mistake.column()).isEqualTo(column);
    }

    @Test
    void countsLinesFromTheTemplatesPlaceInItsFile() {
        Template template = Template.parse(new Location("schema.yml", 12, 1), "a\n{{ x.y }}", Limits.DEFAULT);

        assertThatThrownBy(() -> template.render(Scope.root(Map.of(), Limits.DEFAULT)))
                .hasMessage("schema.yml:13:5: 'x' is undefined");
    }

    @Test
    void tellsTheMacrosThatLedToAMistake() {
        Map<String, Object> names = new HashMap<>();
        Scope home = Scope.root(names, Limits.DEFAULT);
        String source = "{% macro inner() %}{{ x.y }}{% endmacro %}\n{% macro outer() %}{{ inner() }}{% endmacro %}";
        for (Macro macro : Template.parse("macros/a.sql", source).macros()) {
            names.put(macro.name(), macro.bind(home));
        }

        JinjaException mistake = mistakeIn("\n\n{{ outer() }}", names);

        assertThat(mistake).hasMessage("macros/a.sql:1:24: 'x' is undefined");
        assertThat(mistake.callers())
                .containsExactly("macro 'inner' (macros/a.sql:1:1)", "macro 'outer' (macros/a.sql:2:1)");
    }

    @Test
    void addsThePlaceToWhatAFunctionOfTheHostRefuses() {
        Callable refuse = arguments -> {
            throw new JinjaException("no such model 'x'");
        };

        assertThat(mistakeIn("\n  {{ ref('x') }}", Map.of("ref", refuse)))
                .hasMessage("models/m.sql:2:9: no such model 'x'");
    }

    @Test
    void letsOtherFailuresOfTheHostPass() {
        Callable fail = arguments -> {
            throw new IllegalStateException("a bug");
        };
        Scope scope = Scope.root(Map.of("f", fail), Limits.DEFAULT);

        assertThatThrownBy(() -> Template.parse("m.sql", "{{ f() }}").render(scope))
                .isInstanceOf(IllegalStateException.class);
    }
}
