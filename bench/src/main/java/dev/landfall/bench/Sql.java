package dev.landfall.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** DuckDB by itself: what Landfall is measured against. */
final class Sql implements AutoCloseable {
    private final Connection connection;

    Sql(Path file) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("threads", "2");
        settings.setProperty("checkpoint_threshold", "100GB");
        settings.setProperty("allow_unsigned_extensions", "false");
        connection = DriverManager.getConnection("jdbc:duckdb:" + file, settings);
    }

    void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** dbt's delete+insert of what a query gives, in one transaction. */
    void deleteInsert(String table, String query) throws SQLException {
        execute(
                "begin",
                "create temp table staged as " + query,
                "delete from " + table + " where id in (select id from staged)",
                "insert into " + table + " select * from staged",
                "commit",
                "drop table staged");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
