package dev.landfall.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TracesTest {
    private static final Instant START = Instant.parse("2026-01-31T23:59:58Z");

    @TempDir
    Path directory;

    @Test
    void tiesWhatOneServiceDidToWhatAnotherDoesNext() throws IOException {
        Path file = directory.resolve("traces/spans.jsonl");
        try (Traces sensor = Traces.open("sensor-service", file);
                Traces core = Traces.open("core-runner", file)) {
            String landed = sensor.record(done("land shopify.orders", List.of(), null));
            core.record(done("run int_shopify__orders", List.of(landed), null));
        }

        List<JsonNode> spans = spans(file);
        assertThat(spans)
                .extracting(span -> span.path("service").asString())
                .containsExactly("sensor-service", "core-runner");
        assertThat(spans.get(0).path("parentSpanId").asString()).isEmpty();
        assertThat(spans.get(1).path("parentSpanId")).isEqualTo(spans.get(0).path("spanId"));
        assertThat(spans.get(1).path("traceId")).isEqualTo(spans.get(0).path("traceId"));
        assertThat(spans.get(0).path("start").asString()).isEqualTo("2026-01-31T23:59:58Z");
        assertThat(spans.get(0).at("/attributes/landfall.stream").asString()).isEqualTo("shopify.orders");
    }

    @Test
    void linksTheOtherCauses() throws IOException {
        Path file = directory.resolve("spans.jsonl");
        try (Traces traces = Traces.open("core-runner", file)) {
            String first = traces.record(done("land", List.of(), null));
            String second = traces.record(done("land", List.of(), null));
            traces.record(done("run", List.of(first, second), "no such column"));
        }

        List<JsonNode> spans = spans(file);
        JsonNode run = spans.get(2);
        assertThat(run.path("traceId")).isEqualTo(spans.get(0).path("traceId"));
        assertThat(run.path("links").get(0).asString())
                .isEqualTo(spans.get(1).path("traceId").asString() + "-"
                        + spans.get(1).path("spanId").asString());
        assertThat(run.path("error").asString()).isEqualTo("no such column");
    }

    @Test
    void beginsATraceWhereTheHeaderIsNotOne() throws IOException {
        Path file = directory.resolve("spans.jsonl");
        try (Traces traces = Traces.open("core-runner", file)) {
            traces.record(done("run", List.of("rubbish"), null));
        }

        assertThat(spans(file).get(0).path("parentSpanId").asString()).isEmpty();
    }

    @Test
    void handsNothingOnWhenOff() {
        assertThat(Traces.off().record(done("run", List.of(), null))).isEmpty();
    }

    private static Traces.Done done(String name, List<String> causes, @Nullable String error) {
        return new Traces.Done(
                name, causes, START, START.plusMillis(40), Map.of("landfall.stream", "shopify.orders"), error);
    }

    private static List<JsonNode> spans(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }
}
