package dev.landfall.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricTest {
    @Test
    void standsInTheDocumentedListWithItsLabels() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Pattern.compile("(?m)^\\| `(landfall_[a-z_]+)` \\| \\w+ \\| ([a-z, ]*)\\|")
                .matcher(Files.readString(Path.of("../docs/metrics.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2).strip()));

        Map<String, String> known = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            known.put(metric.prometheusName(), String.join(", ", metric.labels()));
        }

        assertThat(documented).isEqualTo(known);
    }

    @Test
    void hasTheNameThatPrometheusGivesIt() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Metric.LANDED_BYTES.counter(registry, "shopify", "orders").increment();
        Metric.LAG.gauge(registry, this, test -> 7, "shopify", "orders");
        Metric.WAREHOUSE_WAIT.timer(registry, this, test -> 2, test -> 3e9);
        Metric.WAREHOUSE_TIMEOUTS.counter(registry, this, test -> 1);

        assertThat(registry.scrape())
                .contains(
                        Metric.LANDED_BYTES.prometheusName() + "{source=\"shopify\",stream=\"orders\"} 1.0",
                        Metric.LAG.prometheusName() + "{source=\"shopify\",stream=\"orders\"} 7.0",
                        Metric.WAREHOUSE_WAIT.prometheusName() + "_count 2",
                        Metric.WAREHOUSE_WAIT.prometheusName() + "_sum 3.0",
                        Metric.WAREHOUSE_TIMEOUTS.prometheusName() + " 1.0");
    }
}
