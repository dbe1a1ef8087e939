package dev.landfall.telemetry;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.ModelTested;
import dev.landfall.run.RunResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what runners do. Safe for use by several threads. */
public final class RunMetrics {
    private final MeterRegistry registry;
    private final String layer;
    private final Map<String, AtomicLong> rows = new ConcurrentHashMap<>();

    /**
     * Counts for one service.
     *
     * @param layer core or mart
     */
    public RunMetrics(MeterRegistry registry, String layer) {
        this.registry = registry;
        this.layer = layer;
    }

    public void add(RunResult result) {
        if (result instanceof RunResult.Succeeded succeeded && !succeeded.repeated()) {
            succeeded(succeeded.event());
        } else if (result instanceof RunResult.Failed failed) {
            failed(failed.event());
        } else if (result instanceof RunResult.Skipped skipped) {
            run(skipped.model(), "skipped");
        }
    }

    /** A landing that the sensor saw at that time is now in the stream's core models. */
    public void landed(String source, String stream, Instant seen, Instant committed) {
        Metric.LANDING_TO_CORE.timer(registry, source, stream).record(Duration.between(seen, committed));
    }

    /** The newest landing in a mart was seen at that time. */
    public void reached(String model, Instant seen, Instant committed) {
        Metric.LANDING_TO_MART.timer(registry, name(model)).record(Duration.between(seen, committed));
    }

    public void tested(ModelTested event) {
        event.tests()
                .forEach(test -> Metric.TESTS
                        .counter(registry, layer, name(event.model()), test.status())
                        .increment());
    }

    public void deadLettered(String source, String stream) {
        Metric.DEAD_LETTERS.counter(registry, source, stream).increment();
    }

    private void succeeded(ModelMaterialized event) {
        String model = name(event.model());
        run(event.model(), "succeeded");
        Metric.RUN.timer(registry, layer, model).record(Duration.between(event.startedAt(), event.finishedAt()));
        Metric.ROWS.counter(registry, layer, model, "inserted").increment(event.rowsInserted());
        Metric.ROWS.counter(registry, layer, model, "deleted").increment(event.rowsDeleted());
        Metric.FILES_READ.counter(registry, layer, model).increment(event.filesRead());
        Metric.FILES_KNOWN.counter(registry, layer, model).increment(event.filesTotal());
        Metric.BYTES_READ.counter(registry, layer, model).increment(event.bytesRead());
        rows.computeIfAbsent(model, this::rowsOf).set(event.rowsTotal());
    }

    private AtomicLong rowsOf(String model) {
        AtomicLong total = new AtomicLong();
        Metric.MODEL_ROWS.gauge(registry, total, AtomicLong::doubleValue, layer, model);
        return total;
    }

    private void failed(ModelFailed event) {
        run(event.model(), "failed");
    }

    private void run(String model, String outcome) {
        Metric.RUNS.counter(registry, layer, name(model), outcome).increment();
    }

    /** The last part of a unique id, by which the project knows the model. */
    private static String name(String uniqueId) {
        return uniqueId.substring(uniqueId.lastIndexOf('.') + 1);
    }
}
