package dev.landfall.telemetry;

import dev.landfall.service.Engine;
import io.micrometer.core.instrument.MeterRegistry;

/** Shows the state of what a runner works with. */
public final class EngineMetrics {
    private final Engine engine;

    public EngineMetrics(MeterRegistry registry, Engine engine) {
        this.engine = engine;
        Metric.PROJECT_PROBLEMS.gauge(registry, this, EngineMetrics::problems);
    }

    private double problems() {
        return engine.project().problem().isPresent() ? 1 : 0;
    }
}
