package dev.landfall.standalone.demo;

import dev.landfall.project.StreamName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A made-up shop over the ends of a month and of a year, as Airbyte's Parquet files: its real columns and types for all
 * nine streams, and the things that go wrong in real lakes (late files, files of failed attempts, tombstones, refunds
 * that are pending). The same scale always gives the same records.
 */
public final class SampleData {
    private SampleData() {}

    /**
     * Writes the files of all syncs to {@code workDir/sync-N/KEY}.
     *
     * @param workDir made when it is not there; files of an earlier call are written anew
     * @param scale 1 for some 90 orders; multiplies customers and orders
     * @return the syncs in the order in which they land
     */
    public static List<Sync> generate(Path workDir, int scale) throws IOException {
        if (scale < 1) {
            throw new IllegalArgumentException("scale is " + scale + ", and must be at least 1");
        }
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("set TimeZone = 'UTC'");
            statement.execute("set variable scale = " + scale);
            for (String script : List.of("airbyte.sql", "shop.sql", "records.sql")) {
                statement.execute(DemoSql.read(script));
            }
            Map<Integer, List<SampleFile>> files = new TreeMap<>();
            for (String table : streamTables(statement)) {
                write(statement, table, workDir, files);
            }
            return syncs(statement, files);
        } catch (SQLException problem) {
            throw new IOException("cannot make the sample data in " + workDir + ": " + problem.getMessage(), problem);
        }
    }

    /** One table per stream, {@code shopify_order_refunds}. */
    private static List<String> streamTables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(
                "select distinct table_name from duckdb_columns() where column_name = '_airbyte_raw_id' order by 1")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    private static void write(Statement statement, String table, Path workDir, Map<Integer, List<SampleFile>> files)
            throws SQLException, IOException {
        int underscore = table.indexOf('_');
        StreamName stream = new StreamName(table.substring(0, underscore), table.substring(underscore + 1));
        Map<String, Integer> syncOfKey = new TreeMap<>();
        try (ResultSet rows = statement.executeQuery("select distinct file, sync from " + table)) {
            while (rows.next()) {
                syncOfKey.put(rows.getString(1), rows.getInt(2));
            }
        }
        for (Map.Entry<String, Integer> entry : syncOfKey.entrySet()) {
            String key = entry.getKey();
            Path local = workDir.resolve("sync-" + entry.getValue()).resolve(key);
            Files.createDirectories(local.getParent());
            statement.execute("copy (select * exclude (sync, file) from " + table + " where file = " + DemoSql.text(key)
                    + " order by _airbyte_extracted_at, _airbyte_raw_id) to " + DemoSql.text(local.toString())
                    + " (format parquet, compression zstd)");
            files.computeIfAbsent(entry.getValue(), sync -> new ArrayList<>()).add(new SampleFile(stream, key, local));
        }
    }

    private static List<Sync> syncs(Statement statement, Map<Integer, List<SampleFile>> files) throws SQLException {
        List<Sync> syncs = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("select sync, title, started from syncs order by sync")) {
            while (rows.next()) {
                int number = rows.getInt(1);
                syncs.add(new Sync(
                        number,
                        rows.getString(2),
                        rows.getObject(3, OffsetDateTime.class).toInstant(),
                        files.getOrDefault(number, List.of())));
            }
        }
        return syncs;
    }
}
