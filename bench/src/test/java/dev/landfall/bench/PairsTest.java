package dev.landfall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairsTest {
    @Test
    void runsInTurnsAndLeavesTheFirstPairOut() throws Exception {
        List<String> order = new ArrayList<>();

        Comparison comparison = Pairs.run(3, (n, watch) -> order.add("b" + n), (n, watch) -> order.add("s" + n));

        assertThat(order).containsExactly("b0", "s0", "s1", "b1", "b2", "s2", "s3", "b3");
        assertThat(comparison.pairs()).isEqualTo(3);
    }

    @Test
    void timesOnlyWhatItIsTold() throws Exception {
        Stopwatch watch = new Stopwatch();

        Thread.sleep(500);
        watch.time(() -> Thread.sleep(20));
        watch.checkpoint(() -> Thread.sleep(30));

        assertThat(watch.cost().wall()).isBetween(Duration.ofMillis(20), Duration.ofMillis(500));
        assertThat(watch.cost().checkpoint()).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void countsTheCpuOfChildrenThatEnded() throws Exception {
        Stopwatch watch = new Stopwatch();

        watch.time(() -> new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done")
                .start()
                .waitFor());

        assertThat(watch.cost().cpu()).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void tellsWhetherALimitHoldsByMedians() {
        Comparison comparison = new Comparison(costs(100, 100, 100), costs(120, 121, 900));
        Report report = new Report(new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8));

        report.add("held", "sql", comparison, Report.Limit.times(1.25));
        boolean missedBefore = report.missed();
        report.add("held by the time on top", "sql", comparison, new Report.Limit(1, Duration.ofMillis(50)));
        report.add("missed", "sql", comparison, Report.Limit.times(1.2));

        assertThat(missedBefore).isFalse();
        assertThat(report.missed()).isTrue();
        assertThat(report.markdown())
                .contains("| held | sql | 100 ms | 100 ms | 121 ms | 121 ms | 1.21 | 1.21 |", "1.25 ×: met")
                .contains("1.00 × + 50 ms: met")
                .contains("1.20 ×: **missed**");
    }

    private static List<Cost> costs(int... milliseconds) {
        List<Cost> costs = new ArrayList<>();
        for (int each : milliseconds) {
            costs.add(new Cost(Duration.ofMillis(each), Duration.ofMillis(each), Duration.ZERO));
        }
        return costs;
    }
}
