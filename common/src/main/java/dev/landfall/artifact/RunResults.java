package dev.landfall.artifact;

import dev.landfall.project.DataTest;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Seed;
import dev.landfall.run.NodeResult;
import dev.landfall.run.NodeResult.Status;
import dev.landfall.template.Batch;
import dev.landfall.template.TemplateRenderer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of run_results.json. */
final class RunResults {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

    private final TemplateRenderer renderer;
    private final Collection<NodeResult> results;

    RunResults(Project project, Collection<NodeResult> results) {
        this.renderer = new TemplateRenderer(project);
        this.results = results;
    }

    void write(ArtifactFile file, Duration elapsed, Map<String, @Nullable Object> arguments) {
        file.beginArray("results");
        results.forEach(result -> file.item(of(result)));
        file.endArray();
        file.field("elapsed_time", seconds(elapsed));
        file.field("args", arguments);
    }

    private Map<String, @Nullable Object> of(NodeResult result) {
        Node node = result.node();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("status", result.status().word());
        map.put("timing", timing(result));
        map.put("thread_id", result.thread());
        map.put("execution_time", seconds(result.duration()));
        map.put("adapter_response", response(result));
        // dbt has nothing to say of a test that passed.
        map.put("message", result.status() == Status.PASS ? null : result.message());
        map.put("failures", result.failures());
        map.put("unique_id", node.uniqueId());
        boolean seed = node instanceof Seed;
        map.put("compiled", seed ? null : result.compiledSql() != null);
        map.put("compiled_code", seed ? null : result.compiledSql());
        map.put("relation_name", seed ? null : renderer.describe(node).get("relation_name"));
        map.put("batch_results", batches(result));
        map.put("overload_results", null);
        return map;
    }

    /** Of a microbatch model alone: from when until when each batch reached. */
    private static @Nullable Map<String, Object> batches(NodeResult result) {
        if (result.batches().isEmpty() && result.failedBatches().isEmpty()) {
            return null;
        }
        Map<String, Object> batches = new LinkedHashMap<>();
        batches.put("successful", times(result.batches()));
        batches.put("failed", times(result.failedBatches()));
        return batches;
    }

    private static List<List<String>> times(List<Batch> batches) {
        return batches.stream()
                .map(batch -> List.of(TIME.format(batch.start()), TIME.format(batch.end())))
                .toList();
    }

    private static List<Map<String, Object>> timing(NodeResult result) {
        List<Map<String, Object>> timing = new ArrayList<>();
        if (result.status() != Status.SKIPPED) {
            Instant compiled = result.startedAt().plus(result.compileTime());
            timing.add(phase("compile", result.startedAt(), compiled));
            timing.add(phase("execute", compiled, result.finishedAt()));
        }
        return timing;
    }

    private static Map<String, Object> phase(String name, Instant from, Instant to) {
        Map<String, Object> phase = new LinkedHashMap<>();
        phase.put("name", name);
        phase.put("started_at", ArtifactFile.time(from));
        phase.put("completed_at", ArtifactFile.time(to));
        return phase;
    }

    private static Map<String, Object> response(NodeResult result) {
        Map<String, Object> response = new LinkedHashMap<>();
        if (result.status() == Status.ERROR || result.status() == Status.SKIPPED) {
            return response;
        }
        response.put("_message", result.node() instanceof DataTest ? "OK" : result.message());
        Long rows = result.rows();
        if (rows != null) {
            response.put("rows_affected", rows);
        }
        return response;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
