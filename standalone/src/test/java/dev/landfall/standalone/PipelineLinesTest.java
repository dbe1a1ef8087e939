package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineLinesTest {
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PipelineLines lines = new PipelineLines(
            new Console(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false), START);

    @Test
    void landingsShowTheirDayAndFiles() {
        lines.landed(landing(days("2026", "01", "31"), List.of(file("a", 1_200), file("b", 400))));

        assertThat(printed()).endsWith("landed  shopify.orders                   2026-01-31  2 files, 1.6 kB\n");
    }

    @Test
    void landingsOfOtherKeysShowThem() {
        lines.landed(landing(Map.of("region", "eu"), List.of()));

        assertThat(printed()).endsWith("region=eu  0 files, 0 B\n");
    }

    @Test
    void coreModelsShowWhatTheRunAdded() {
        lines.materialized(materialized("core", false));

        assertThat(printed()).endsWith("core    int_shopify__orders              +24 -3 = 1,210 rows  in 0.12s\n");
    }

    @Test
    void martsShowTheirSize() {
        lines.materialized(materialized("mart", false));

        assertThat(printed()).endsWith("mart    int_shopify__orders              1,210 rows  in 0.12s\n");
    }

    @Test
    void whatEndedBeforeTheyBeganIsTakenInAndNotShown() {
        PipelineLines later = new PipelineLines(
                new Console(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false),
                START.plusSeconds(1));

        later.materialized(materialized("mart", false));

        later.awaitVersions(Map.of("model.commerce.int_shopify__orders", "r1"));
        assertThat(printed()).isEmpty();
    }

    @Test
    void failuresShowTheReasonAndWhetherTheyAreTriedAgain() {
        lines.failed(new ModelFailed(
                "model.shop.orders",
                "core",
                "shop.orders",
                "r1",
                List.of(),
                "no such column\n",
                true,
                START,
                START,
                "c"));

        assertThat(printed()).endsWith("failed  orders                           no such column (it tries again)\n");
    }

    @Test
    void sizesHaveTwoDigits() {
        assertThat(List.of(
                        PipelineLines.size(999),
                        PipelineLines.size(9_949),
                        PipelineLines.size(12_345),
                        PipelineLines.size(5_000_000_000L)))
                .containsExactly("999 B", "9.9 kB", "12 kB", "5.0 GB");
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Map<String, String> days(String year, String month, String day) {
        Map<String, String> partition = new LinkedHashMap<>();
        partition.put("year", year);
        partition.put("month", month);
        partition.put("day", day);
        return partition;
    }

    private static LakeFile file(String key, long size) {
        return new LakeFile(key, size, "etag", START);
    }

    private static PartitionLanded landing(Map<String, String> partition, List<LakeFile> files) {
        return new PartitionLanded(
                "shopify", "orders", "landing", "raw/shopify/orders/", partition, 1, files, List.of(), START, "m", "c");
    }

    private static ModelMaterialized materialized(String layer, boolean fullRefresh) {
        return new ModelMaterialized(
                "model.commerce.int_shopify__orders",
                "\"w\".\"main\".\"int_shopify__orders\"",
                layer,
                "shopify.orders",
                "r1",
                List.of(),
                false,
                fullRefresh,
                24L,
                3L,
                1_210L,
                1L,
                5L,
                100L,
                START,
                START.plusMillis(120),
                "r1",
                Map.of(),
                "c");
    }
}
