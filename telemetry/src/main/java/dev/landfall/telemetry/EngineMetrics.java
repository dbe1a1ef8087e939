package dev.landfall.telemetry;

import dev.landfall.lake.MirrorCache;
import dev.landfall.service.Engine;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseUse;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;

/** Shows the state of what a runner works with: project, warehouse, mirror. */
public final class EngineMetrics {
    private final Engine engine;

    public EngineMetrics(MeterRegistry registry, Engine engine) {
        this.engine = engine;
        Metric.PROJECT_PROBLEMS.gauge(registry, this, EngineMetrics::problems);
        Metric.WAREHOUSE_WAIT.timer(
                registry, this, shown -> shown.use(WarehouseUse::turns), shown -> shown.use(WarehouseUse::waitNanos));
        Metric.WAREHOUSE_TIMEOUTS.counter(registry, this, shown -> shown.use(WarehouseUse::timeouts));
        Metric.WAREHOUSE_BYTES.gauge(registry, this, shown -> shown.use(WarehouseUse::fileBytes));
        Metric.DUCKDB_MEMORY.gauge(registry, this, shown -> shown.use(WarehouseUse::memoryBytes));
        Metric.DUCKDB_MEMORY_LIMIT.gauge(registry, this, shown -> shown.use(WarehouseUse::memoryLimitBytes));
        Metric.DUCKDB_SPILLED.gauge(registry, this, shown -> shown.use(WarehouseUse::spilledBytes));
        engine.mirror().ifPresent(mirror -> {
            Metric.MIRROR_REQUESTS.counter(
                    registry, mirror, shown -> shown.use().hits(), "hit");
            Metric.MIRROR_REQUESTS.counter(
                    registry, mirror, shown -> shown.use().misses(), "miss");
            Metric.MIRROR_FETCHED.counter(registry, mirror, shown -> shown.use().fetchedBytes());
            Metric.MIRROR_BYTES.gauge(registry, mirror, MirrorCache::bytes);
        });
    }

    private double problems() {
        return engine.project().problem().isPresent() ? 1 : 0;
    }

    private long use(ToLongFunction<WarehouseUse> part) {
        return engine.openedWarehouse()
                .map(Warehouse::use)
                .map(part::applyAsLong)
                .orElse(0L);
    }
}
