package dev.landfall.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import io.openlineage.client.OpenLineageClient;
import io.openlineage.client.transports.FileConfig;
import io.openlineage.client.transports.FileTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LineageTest {
    private static final Instant START = Instant.parse("2026-01-15T00:00:00Z");
    private static final Lineage.Dataset ORDERS = new Lineage.Dataset("s3://landing", "raw/shopify/orders", Map.of());

    @TempDir
    Path directory;

    @Test
    void tellsWhatARunReadAndWrote() throws IOException {
        JsonNode event = told(lineage -> lineage.succeeded(
                materialized(),
                "select 1 as order_id",
                List.of(ORDERS),
                new Lineage.Dataset(
                        "duckdb:///warehouse.duckdb", "main.int_shopify__orders", Map.of("order_id", "BIGINT"))));

        assertThat(event.path("eventType").asString()).isEqualTo("COMPLETE");
        assertThat(event.at("/job/name").asString()).isEqualTo("model.commerce.int_shopify__orders");
        assertThat(event.at("/inputs/0/name").asString()).isEqualTo("raw/shopify/orders");
        assertThat(event.at("/outputs/0/name").asString()).isEqualTo("main.int_shopify__orders");
        assertThat(event.at("/outputs/0/facets/schema/fields/0/name").asString())
                .isEqualTo("order_id");
        assertThat(event.at("/outputs/0/outputFacets/outputStatistics/rowCount").asLong())
                .isEqualTo(10);
    }

    @Test
    void tellsWhyARunFailed() throws IOException {
        JsonNode event = told(lineage -> lineage.failed(
                new ModelFailed(
                        "model.commerce.int_shopify__orders",
                        "core",
                        "shopify.orders",
                        "run-1",
                        List.of(),
                        "no such column",
                        false,
                        START,
                        START.plusSeconds(1),
                        "x"),
                "select nothing",
                List.of(ORDERS)));

        assertThat(event.path("eventType").asString()).isEqualTo("FAIL");
        assertThat(event.at("/run/facets/errorMessage/message").asString()).isEqualTo("no such column");
        assertThat(Duration.between(
                        OffsetDateTime.parse(event.at("/run/facets/nominalTime/nominalStartTime")
                                .asString()),
                        OffsetDateTime.parse(event.at("/run/facets/nominalTime/nominalEndTime")
                                .asString())))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void failsNoRunWhenNobodyTakesIt() {
        FileConfig nowhere = new FileConfig();
        nowhere.setLocation(directory.toString());
        Lineage lineage = Lineage.to(new OpenLineageClient(new FileTransport(nowhere)));

        lineage.succeeded(materialized(), "select 1", List.of(), ORDERS);
    }

    @Test
    void isOffWithoutConfiguration() {
        assertThat(Lineage.open(Map.of("PATH", "/bin")).isOn()).isFalse();
    }

    private interface Telling {
        void tell(Lineage lineage);
    }

    private JsonNode told(Telling telling) throws IOException {
        FileConfig config = new FileConfig();
        config.setLocation(directory.resolve("lineage.jsonl").toString());
        try (Lineage lineage = Lineage.to(new OpenLineageClient(new FileTransport(config)))) {
            telling.tell(lineage);
        }
        return JsonMapper.shared()
                .readTree(Files.readAllLines(Path.of(config.getLocation())).get(0));
    }

    private static ModelMaterialized materialized() {
        return new ModelMaterialized(
                "model.commerce.int_shopify__orders",
                "\"main\".\"int_shopify__orders\"",
                "core",
                "shopify.orders",
                "run-1",
                List.of(),
                false,
                false,
                10L,
                0L,
                10L,
                1L,
                1L,
                100L,
                START,
                START.plusMillis(500),
                "run-1",
                Map.of(),
                "x");
    }
}
