package dev.landfall.bench;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * What one run took.
 *
 * @param cpu of this process and its children, all threads together
 * @param checkpoint wall time of DuckDB's checkpoints, which is not in {@code wall}; their CPU time is not in {@code cpu}
 */
record Cost(Duration wall, Duration cpu, Duration checkpoint) {

    /** The median of each part; of an even number, the upper one. */
    static Cost median(List<Cost> costs) {
        return new Cost(median(costs, Cost::wall), median(costs, Cost::cpu), median(costs, Cost::checkpoint));
    }

    private static Duration median(List<Cost> costs, Function<Cost, Duration> part) {
        return costs.stream()
                .map(part)
                .sorted(Comparator.naturalOrder())
                .toList()
                .get(costs.size() / 2);
    }
}
