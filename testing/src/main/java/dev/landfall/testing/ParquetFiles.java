package dev.landfall.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Writes Parquet files with what a DuckDB query gives, into a directory or an S3 server; one at a time. */
public final class ParquetFiles implements AutoCloseable {
    private final Connection duckdb;

    public ParquetFiles() {
        try {
            duckdb = DriverManager.getConnection("jdbc:duckdb:");
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not open", e);
        }
    }

    /** Runs SQL in the session that the queries run in: macros, helper tables, settings. */
    public void execute(String sql) {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    /** A query's rows, each as one text of its values. */
    public synchronized List<String> query(String sql) {
        List<String> rows = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(result.getObject(column)));
                }
                rows.add(String.join(" | ", values));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
        return rows;
    }

    /** Writes a query's rows to a file; folders are made, and the file appears at once, as an object would. */
    public synchronized Path write(Path file, String query) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent == null) {
                throw new IllegalArgumentException("not a file: " + file);
            }
            Files.createDirectories(parent);
            Path temporary = parent.resolve("." + file.getFileName() + ".tmp");
            copy(query, temporary);
            return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a query's rows to {@code root/bucket/key}, where a local lake finds it. */
    public Path land(Path root, String bucket, String key, String query) {
        return write(root.resolve(bucket).resolve(key), query);
    }

    /** Puts a query's rows into a bucket. */
    public synchronized void land(S3Server server, String bucket, String key, String query) {
        server.put(bucket, key, bytes(query));
    }

    /** A query's rows as a Parquet file's bytes. */
    public synchronized byte[] bytes(String query) {
        try {
            Path temporary = Files.createTempFile("landfall-", ".parquet");
            try {
                copy(query, temporary);
                return Files.readAllBytes(temporary);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(String query, Path file) {
        execute("copy (" + query + ") to '" + file.toString().replace("'", "''") + "' (format parquet)");
    }

    @Override
    public void close() {
        try {
            duckdb.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close", e);
        }
    }
}
