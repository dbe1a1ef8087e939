package dev.landfall.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.ModelFailed;
import dev.landfall.run.RunResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunWatchTest {
    private static final Instant START = Instant.parse("2026-01-15T10:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void aFailedRunLastsFromItsStartToItsFailure() throws IOException {
        Path file = directory.resolve("spans.jsonl");
        ModelFailed event = new ModelFailed(
                "model.commerce.fct_sales",
                "mart",
                "",
                "run-1",
                List.of(),
                "no such column",
                false,
                START,
                START.plusSeconds(3),
                "x");

        try (RunWatch watch = new RunWatch(
                new RunMetrics(new SimpleMeterRegistry(), "mart"),
                Traces.open("mart-runner", file),
                new RunLineage(
                        Lineage.open(Map.of()),
                        Optional::empty,
                        () -> {
                            throw new AssertionError("lineage is off");
                        },
                        "landing"))) {
            watch.ran(new RunResult.Failed(event, List.of()), List.of());
        }

        JsonNode span = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(span.path("start").asString()).isEqualTo("2026-01-15T10:00:00Z");
        assertThat(span.path("end").asString()).isEqualTo("2026-01-15T10:00:03Z");
    }
}
