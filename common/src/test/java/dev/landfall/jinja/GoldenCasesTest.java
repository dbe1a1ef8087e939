package dev.landfall.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What real jinja2 3.1.6 gives in dbt's environment for many templates. {@code cases.json} was recorded with a small
 * imitation of dbt around it, {@link MockContext}; {@code semantics.json} with {@link PlainValues} only.
 */
class GoldenCasesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * One recorded case.
     *
     * @param tpl the template
     * @param isNative whether it is rendered as dbt renders its YAML files
     * @param files macro files by path
     */
    record Case(
            String id,
            @Nullable String sec,
            String tpl,
            @JsonProperty("native") @Nullable Boolean isNative,
            @Nullable Map<String, String> files,
            Expected exp) {
        @Override
        public String toString() {
            return id + " " + tpl.replace("\n", "\\n");
        }
    }

    /**
     * What jinja2 gave.
     *
     * @param out the text, of a native rendering type and text; null when it raised
     * @param err type and message of what it raised
     */
    record Expected(
            @Nullable String out,
            @Nullable String err,
            @Nullable List<Object> config,
            @Nullable List<Object> log) {}

    static Stream<Case> dbtCases() throws IOException {
        return read("cases.json");
    }

    static Stream<Case> semantics() throws IOException {
        return read("semantics.json");
    }

    private static Stream<Case> read(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(GoldenCasesTest.class.getResourceAsStream(name), name)) {
            return JSON.readValue(stream, new TypeReference<List<Case>>() {}).stream();
        }
    }

    @ParameterizedTest
    @MethodSource("dbtCases")
    void rendersAsJinja2InDbtDoes(Case given) {
        MockContext context = new MockContext();

        check(given, () -> {
            Objects.requireNonNull(given.files()).forEach(context::addMacros);
            return Template.parse("model.sql", given.tpl()).render(context.scope());
        });

        if (given.exp().config() != null) {
            assertThat(json(context.configs())).isEqualTo(json(given.exp().config()));
            assertThat(json(context.logs())).isEqualTo(json(given.exp().log()));
        }
    }

    @ParameterizedTest
    @MethodSource("semantics")
    void hasPythonsSemantics(Case given) {
        check(given, () -> {
            Template template = Template.parse("model.sql", given.tpl());
            if (!Boolean.TRUE.equals(given.isNative())) {
                return template.render(PlainValues.scope());
            }
            Object value = template.renderNative(PlainValues.scope());
            return Python.typeName(value) + ":" + Python.str(value);
        });
    }

    private static String json(@Nullable Object value) {
        return JSON.writeValueAsString(value);
    }

    private interface Rendering {
        String text();
    }

    private static void check(Case given, Rendering rendering) {
        String error = given.exp().err();
        if (error == null) {
            assertThat(rendering.text()).isEqualTo(given.exp().out());
            return;
        }
        JinjaException mistake = catchThrowableOfType(JinjaException.class, rendering::text);
        assertThat(mistake).as("raises %s", error).isNotNull();
        assertThat(mistake.problem()).isEqualTo(error.substring(error.indexOf(": ") + 2));
        assertThat(mistake.getMessage()).matches("(?s)[a-z]+\\.sql:\\d+:\\d+: .*");
        assertThat(mistake.line()).isPositive();
        assertThat(mistake.column()).isPositive();
    }
}
