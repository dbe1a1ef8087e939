package dev.landfall.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.run.RunResult;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunMetricsTest {
    private static final Instant START = Instant.parse("2026-01-15T00:00:00Z");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RunMetrics metrics = new RunMetrics(registry, "core");

    @Test
    void countsWhatARunDid() {
        metrics.add(succeeded(10, 3, 1_007, false));
        metrics.add(succeeded(5, 0, 1_012, false));

        assertThat(registry.scrape())
                .contains(
                        "landfall_runs_total{layer=\"core\",model=\"int_shopify__orders\",outcome=\"succeeded\"} 2.0",
                        "landfall_rows_total{layer=\"core\",model=\"int_shopify__orders\",operation=\"inserted\"} 15.0",
                        "landfall_rows_total{layer=\"core\",model=\"int_shopify__orders\",operation=\"deleted\"} 3.0",
                        "landfall_model_rows{layer=\"core\",model=\"int_shopify__orders\"} 1012.0",
                        "landfall_files_read_total{layer=\"core\",model=\"int_shopify__orders\"} 4.0",
                        "landfall_files_known_total{layer=\"core\",model=\"int_shopify__orders\"} 200.0",
                        "landfall_bytes_read_total{layer=\"core\",model=\"int_shopify__orders\"} 4096.0",
                        "landfall_run_seconds_count{layer=\"core\",model=\"int_shopify__orders\"} 2",
                        "landfall_run_seconds_sum{layer=\"core\",model=\"int_shopify__orders\"} 3.0");
    }

    @Test
    void leavesOutWhatWasOnlySaidAgain() {
        metrics.add(succeeded(0, 0, 1_007, true));

        assertThat(registry.scrape()).doesNotContain("landfall_runs_total");
    }

    @Test
    void tellsFailedAndSkippedRunsApart() {
        metrics.add(new RunResult.Failed(
                new ModelFailed(
                        "model.commerce.fct_sales",
                        "mart",
                        "",
                        "run-1",
                        List.of(),
                        "no such column",
                        false,
                        START,
                        START.plusSeconds(1),
                        "x"),
                List.of()));
        metrics.add(new RunResult.Skipped("model.commerce.fct_returns", "fct_sales failed"));

        assertThat(registry.scrape())
                .contains(
                        "landfall_runs_total{layer=\"core\",model=\"fct_sales\",outcome=\"failed\"} 1.0",
                        "landfall_runs_total{layer=\"core\",model=\"fct_returns\",outcome=\"skipped\"} 1.0");
    }

    @Test
    void timesTheWayOfALanding() {
        metrics.landed("shopify", "orders", START, START.plusSeconds(4));

        assertThat(registry.scrape())
                .contains("landfall_landing_to_core_seconds_sum{source=\"shopify\",stream=\"orders\"} 4.0");
    }

    private static RunResult succeeded(long inserted, long deleted, long total, boolean repeated) {
        return new RunResult.Succeeded(
                new ModelMaterialized(
                        "model.commerce.int_shopify__orders",
                        "\"main\".\"int_shopify__orders\"",
                        "core",
                        "shopify.orders",
                        "run-1",
                        List.of(),
                        false,
                        false,
                        inserted,
                        deleted,
                        total,
                        2L,
                        100L,
                        2_048L,
                        START,
                        START.plusMillis(1_500),
                        "run-1",
                        Map.of(),
                        "x"),
                List.of(),
                List.of(),
                repeated);
    }
}
