package dev.landfall.core;

import dev.landfall.project.StreamName;
import dev.landfall.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Shows what waits in the lanes, and for how long. */
final class LaneMetrics {
    private final MeterRegistry registry;
    private final StreamLanes lanes;
    private final Set<StreamName> shown = ConcurrentHashMap.newKeySet();

    LaneMetrics(MeterRegistry registry, StreamLanes lanes) {
        this.registry = registry;
        this.lanes = lanes;
        Metric.LANES_RUNNING.gauge(registry, lanes, StreamLanes::running);
    }

    /** From now on this stream too; one that another runner takes shows that nothing waits here. */
    void show(StreamName stream) {
        if (shown.add(stream)) {
            Metric.LANE_PENDING.gauge(registry, lanes, held -> held.waiting(stream), stream.source(), stream.stream());
            Metric.LAG.gauge(registry, lanes, held -> lag(held, stream), stream.source(), stream.stream());
        }
    }

    private static double lag(StreamLanes lanes, StreamName stream) {
        return lanes.oldestWaiting(stream)
                .map(seen -> Duration.between(seen, Instant.now()).toMillis() / 1000.0)
                .orElse(0.0);
    }
}
