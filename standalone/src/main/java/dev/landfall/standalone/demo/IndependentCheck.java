package dev.landfall.standalone.demo;

import static java.util.stream.Collectors.joining;

import dev.landfall.template.Database;
import dev.landfall.template.QueryResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Works out every table of the shipped project a second time, from all raw files at once and by other means: other SQL,
 * no JSON, no increments, no templates. What the pipeline built must be equal to it, row for row.
 */
public final class IndependentCheck {
    private static final int SHOWN = 3;

    /** One kind of records of a stream: how its newest version is told. */
    private record Records(String name, String folder, String cursor, String condition) {}

    private static final List<Records> RECORDS = List.of(
            new Records("shopify_orders", "shopify/orders", "updated_at", "created_at is not null"),
            new Records("shopify_order_deletions", "shopify/orders", "deleted_at", "deleted_at is not null"),
            new Records("shopify_customers", "shopify/customers", "updated_at", "true"),
            new Records("shopify_order_refunds", "shopify/order_refunds", "created_at", "true"),
            new Records("klaviyo_profiles", "klaviyo/profiles", "updated", "true"),
            new Records("klaviyo_events", "klaviyo/events", "datetime", "true"),
            new Records("klaviyo_campaigns", "klaviyo/campaigns", "updated_at", "true"),
            new Records("klaviyo_flows", "klaviyo/flows", "updated", "true"),
            new Records("klaviyo_metrics", "klaviyo/metrics", "updated", "true"),
            new Records("klaviyo_lists", "klaviyo/lists", "updated", "true"));

    /** The tables that are checked: ten core tables, then the mart. */
    public static final List<String> TABLES = List.of(
            "int_shopify__orders",
            "int_shopify__order_deletions",
            "int_shopify__customers",
            "int_shopify__order_refunds",
            "int_klaviyo__profiles",
            "int_klaviyo__events",
            "int_klaviyo__campaigns",
            "int_klaviyo__flows",
            "int_klaviyo__metrics",
            "int_klaviyo__lists",
            "fct_sales");

    private final Database warehouse;
    private final String schema;
    private final Path raw;

    private IndependentCheck(Database warehouse, String schema, Path raw) {
        this.warehouse = warehouse;
        this.schema = schema;
        this.raw = raw;
    }

    /**
     * Compares the tables as multisets.
     *
     * @param warehouse one session of the warehouse; gets temporary tables while this runs, and its time zone becomes UTC
     * @param schema where the tables are, mostly {@code main}
     * @param raw the folder that stands for {@code s3://landing/raw}, with everything that ever landed
     * @return one result per table of {@link #TABLES}, in that order
     */
    public static List<TableCheck> run(Database warehouse, String schema, Path raw) throws IOException {
        if (!Files.isDirectory(raw)) {
            throw new IOException("no raw files to check against: " + raw + " is not a folder");
        }
        return new IndependentCheck(warehouse, schema, raw).run();
    }

    /** Makes the tables as they must be, for tests of the comparison. */
    static void build(Database warehouse, String schema, Path raw) throws IOException {
        IndependentCheck check = new IndependentCheck(warehouse, schema, raw);
        check.readAll();
        for (String table : TABLES) {
            warehouse.execute("create table " + quoted(schema) + "." + quoted(table) + " as " + expected(table));
        }
        check.clean();
    }

    private List<TableCheck> run() throws IOException {
        try {
            readAll();
            List<TableCheck> checks = new ArrayList<>();
            for (String table : TABLES) {
                checks.add(check(table));
            }
            return checks;
        } finally {
            clean();
        }
    }

    private void readAll() {
        warehouse.execute("set TimeZone = 'UTC'");
        for (Records records : RECORDS) {
            readNewest(records);
        }
    }

    private static String expected(String table) throws IOException {
        return DemoSql.read("expected/" + table + ".sql");
    }

    /** The newest version is the one that no other is newer than; copies of one record in two files are one. */
    private void readNewest(Records records) {
        String files = raw.resolve(records.folder()).resolve("**/*.parquet*").toString();
        warehouse.execute("create or replace temp view raw_" + records.name() + " as select * from read_parquet("
                + DemoSql.text(files) + ", hive_partitioning = true, union_by_name = true, hive_types = "
                + "{'year': varchar, 'month': varchar, 'day': varchar}) where " + records.condition());
        String version = "(%1$s._airbyte_extracted_at, %1$s." + records.cursor() + ", %1$s._airbyte_raw_id)";
        warehouse.execute("create or replace temp table newest_" + records.name() + " as select distinct r.* from raw_"
                + records.name() + " as r where not exists (select 1 from raw_" + records.name()
                + " as other where other.id = r.id and " + version.formatted("other") + " > " + version.formatted("r")
                + ")");
    }

    private TableCheck check(String table) throws IOException {
        warehouse.execute("create or replace temp table expected as " + expected(table));
        long rows = count("temp.expected");
        String actual = quoted(schema) + "." + quoted(table);
        if (number("select count(*) from duckdb_tables() where schema_name = " + DemoSql.text(schema)
                        + " and table_name = " + DemoSql.text(table) + " and database_name = current_database()")
                == 0) {
            return new TableCheck(table, rows, 0, List.of("the table is missing"));
        }
        long found = count(actual);
        List<String> differences = new ArrayList<>(differentColumns(actual));
        if (differences.isEmpty()) {
            compareRows(actual, differences);
        }
        return new TableCheck(table, rows, found, differences);
    }

    private List<String> differentColumns(String actual) {
        Map<String, String> expected = columns("temp.expected");
        Map<String, String> found = columns(actual);
        List<String> differences = new ArrayList<>();
        expected.forEach((name, type) -> {
            String other = found.get(name);
            if (other == null) {
                differences.add("column " + name + " is missing");
            } else if (!other.equals(type)) {
                differences.add("column " + name + " is " + other + ", expected " + type);
            }
        });
        found.keySet().stream()
                .filter(name -> !expected.containsKey(name))
                .forEach(name -> differences.add("column " + name + " is not expected"));
        return differences;
    }

    private void compareRows(String actual, List<String> differences) {
        String columns = columns("temp.expected").keySet().stream()
                .map(IndependentCheck::quoted)
                .collect(joining(", "));
        String missing =
                "(select " + columns + " from temp.expected except all select " + columns + " from " + actual + ")";
        String unexpected =
                "(select " + columns + " from " + actual + " except all select " + columns + " from temp.expected)";
        long absent = count(missing);
        long extra = count(unexpected);
        if (absent + extra == 0) {
            return;
        }
        differences.add(absent + " expected rows are not there, " + extra + " rows are not expected");
        Map<String, Map<String, @Nullable Object>> lacking = firstRows(missing);
        Map<String, Map<String, @Nullable Object>> surplus = firstRows(unexpected);
        lacking.forEach((key, expected) -> {
            Map<String, @Nullable Object> found = surplus.get(key);
            differences.add(found == null ? key + ": not there" : key + ": " + differingColumns(expected, found));
        });
        surplus.keySet().stream()
                .filter(key -> !lacking.containsKey(key))
                .forEach(key -> differences.add(key + ": not expected"));
    }

    private static String differingColumns(
            Map<String, @Nullable Object> expected, Map<String, @Nullable Object> found) {
        StringBuilder line = new StringBuilder();
        expected.forEach((column, value) -> {
            Object other = found.get(column);
            if (!Objects.equals(value, other)) {
                line.append(line.isEmpty() ? "" : ", ");
                line.append(column)
                        .append(" is ")
                        .append(other)
                        .append(", expected ")
                        .append(value);
            }
        });
        return line.isEmpty() ? "there more or less often than expected" : line.toString();
    }

    /** The first rows by their first column, which is the key in every table, each as column and printed value. */
    private Map<String, Map<String, @Nullable Object>> firstRows(String relation) {
        QueryResult result = warehouse.query("select cast(columns(*) as varchar) from (from " + relation
                + " order by 1 nulls first limit " + SHOWN + ")");
        Map<String, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
        for (List<@Nullable Object> values : result.rows()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int column = 0; column < values.size(); column++) {
                row.put(result.names().get(column), values.get(column));
            }
            rows.put(result.names().get(0) + " " + values.get(0), row);
        }
        return rows;
    }

    private Map<String, String> columns(String relation) {
        Map<String, String> types = new LinkedHashMap<>();
        warehouse
                .query("select column_name, column_type from (describe " + relation + ")")
                .rows()
                .forEach(row -> types.put(String.valueOf(row.get(0)), String.valueOf(row.get(1))));
        return types;
    }

    private long count(String relation) {
        return number("select count(*) from " + relation);
    }

    private long number(String query) {
        return Long.parseLong(
                String.valueOf(warehouse.query(query).rows().get(0).get(0)));
    }

    private void clean() {
        for (Records records : RECORDS) {
            warehouse.execute("drop table if exists temp.newest_" + records.name());
            warehouse.execute("drop view if exists temp.raw_" + records.name());
        }
        warehouse.execute("drop table if exists temp.expected");
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
