package dev.landfall.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Pairs of runs; the nth of one list ran beside the nth of the other. */
record Comparison(List<Cost> baselines, List<Cost> subjects) {
    int pairs() {
        return baselines.size();
    }

    Cost baseline() {
        return Cost.median(baselines);
    }

    Cost subject() {
        return Cost.median(subjects);
    }

    /** The median of the pairs' ratios: how many times the baseline's wall time the subject took. */
    double wallRatio() {
        return ratio(cost -> cost.wall().toNanos());
    }

    double cpuRatio() {
        return ratio(cost -> cost.cpu().toNanos());
    }

    private double ratio(ToDoubleFunction<Cost> part) {
        return IntStream.range(0, pairs())
                .mapToDouble(pair ->
                        part.applyAsDouble(subjects.get(pair)) / Math.max(1, part.applyAsDouble(baselines.get(pair))))
                .sorted()
                .toArray()[pairs() / 2];
    }
}
