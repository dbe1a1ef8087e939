package dev.landfall.standalone.demo;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDataTest {
    @TempDir
    static Path directory;

    static List<Sync> syncs = List.of();

    @BeforeAll
    static void generates() throws IOException {
        syncs = SampleData.generate(directory, 1);
    }

    @Test
    void landsAllNineStreamsInTheFirstSync() {
        assertThat(syncs.get(0).files().stream()
                        .map(file -> file.stream().toString())
                        .collect(toSet()))
                .containsExactlyInAnyOrder(
                        "shopify.orders",
                        "shopify.customers",
                        "shopify.order_refunds",
                        "klaviyo.profiles",
                        "klaviyo.events",
                        "klaviyo.campaigns",
                        "klaviyo.flows",
                        "klaviyo.metrics",
                        "klaviyo.lists");
    }

    @Test
    void crossesTheEndOfAMonthAndOfAYear() {
        assertThat(syncs).extracting(Sync::number).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(syncs).extracting(Sync::started).isSorted();
        assertThat(syncs)
                .extracting(sync -> day(sync.started()))
                .contains(
                        "year=2025/month=11/day=30",
                        "year=2025/month=12/day=01",
                        "year=2025/month=12/day=31",
                        "year=2026/month=01/day=01");
    }

    @Test
    void writesEveryFileWhereItsKeySays() {
        for (Sync sync : syncs) {
            assertThat(sync.title()).isNotBlank();
            for (SampleFile file : sync.files()) {
                assertThat(file.local()).isRegularFile();
                assertThat(file.local().endsWith(file.key())).isTrue();
                assertThat(file.key())
                        .startsWith("raw/" + file.stream().source() + "/" + file.stream().stream() + "/year=");
            }
        }
    }

    @Test
    void landsOneFileLateInAnOldPartition() {
        Sync last = syncs.get(6);

        assertThat(last.files())
                .filteredOn(file -> !file.key().contains(day(last.started())))
                .extracting(SampleFile::key)
                .containsExactly("raw/shopify/orders/year=2025/month=11/day=30/2_9.parquet");
    }

    @Test
    void deliversTheFailedAttemptsFileTwice() throws IOException {
        Path folder = directory.resolve("sync-5/raw/shopify/orders/year=2025/month=12/day=31");

        assertThat(folder.resolve("5_0.parquet")).hasSameBinaryContentAs(folder.resolve("5_0.parquet-1"));
        assertThat(query("select count(*) from (select id from '" + folder.resolve("5_0.parquet")
                        + "' intersect select id from '" + folder.resolve("5_1.parquet") + "')"))
                .isEqualTo(query("select count(*) from '" + folder.resolve("5_0.parquet") + "'"))
                .isNotEqualTo("0");
    }

    @Test
    void writesAirbytesColumnsAndTypes() throws IOException {
        Map<String, String> columns = new TreeMap<>();
        Path orders = directory.resolve("sync-1/raw/shopify/orders/year=2025/month=11/day=29/1_0.parquet");
        rows("select column_name || ' ' || column_type from (describe from '" + orders + "')")
                .forEach(row -> columns.put(row.split(" ", 2)[0], row.split(" ", 2)[1]));

        assertThat(columns)
                .containsEntry("_airbyte_raw_id", "VARCHAR")
                .containsEntry("_airbyte_extracted_at", "TIMESTAMP WITH TIME ZONE")
                .containsEntry("_airbyte_generation_id", "BIGINT")
                .containsEntry(
                        "_airbyte_meta",
                        "STRUCT(sync_id BIGINT, changes STRUCT(field VARCHAR, change VARCHAR, reason VARCHAR)[])")
                .containsEntry("total_price", "DOUBLE")
                .containsEntry("original_total_duties_set", "VARCHAR")
                .doesNotContainKeys("sync", "file");
        assertThat(columns.get("line_items")).contains("price DOUBLE").contains("amount VARCHAR");
        assertThat(query("select compression from parquet_metadata('" + orders + "') limit 1"))
                .isEqualTo("ZSTD");
    }

    @Test
    void hasTheTrapsThatModelsFallInto() {
        String orders = "read_parquet('" + directory + "/sync-*/raw/shopify/orders/**/*.parquet*')";

        assertThat(query("select count(*) from " + orders + " where created_at is null and deleted_at is not null"))
                .as("tombstones")
                .isEqualTo("2");
        assertThat(query("select count(*) from (select id from " + orders
                        + " group by id having count(*) > count(distinct _airbyte_raw_id))"))
                .as("records that came twice")
                .isNotEqualTo("0");
        assertThat(query("select count(distinct updated_at) from " + orders
                        + " where id = 5000000023 and year = 2025 and month = 12 and day = 1 and _airbyte_extracted_at ="
                        + " (select max(_airbyte_extracted_at) from " + orders + " where id = 5000000023)"))
                .as("versions in one millisecond")
                .isEqualTo("2");
        assertThat(query("select string_agg(distinct financial_status, ',' order by financial_status) from " + orders))
                .contains("partially_refunded", "refunded", "voided");
        assertThat(query("select max(len(refunds)) from " + orders)).isEqualTo("3");
        assertThat(query("select count(*) from " + orders + " where test")).isNotEqualTo("0");
        assertThat(query("select count(*) from " + orders + " where taxes_included"))
                .isNotEqualTo("0");
    }

    @Test
    void givesTheSameRecordsEachTime(@TempDir Path again) throws IOException {
        SampleData.generate(again, 1);

        for (Sync sync : syncs) {
            for (SampleFile file : sync.files()) {
                assertThat(again.resolve("sync-" + sync.number()).resolve(file.key()))
                        .hasSameBinaryContentAs(file.local());
            }
        }
    }

    @Test
    void growsWithScale(@TempDir Path larger) throws IOException {
        SampleData.generate(larger, 2);

        long small = Long.parseLong(query("select count(distinct id) from read_parquet('" + directory
                + "/sync-*/raw/shopify/orders/**/*.parquet*')"));
        long large = Long.parseLong(query("select count(distinct id) from read_parquet('" + larger
                + "/sync-*/raw/shopify/orders/**/*.parquet*')"));
        assertThat(large - small).isEqualTo(7 * 10);
    }

    @Test
    void refusesAScaleBelowOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleData.generate(directory, 0))
                .withMessageContaining("scale is 0");
    }

    private static String day(Instant instant) {
        return DateTimeFormatter.ofPattern("'year='yyyy'/month='MM'/day='dd")
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    private static String query(String sql) {
        return rows(sql).get(0);
    }

    private static List<String> rows(String sql) {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException problem) {
            throw new AssertionError(sql, problem);
        }
    }
}
