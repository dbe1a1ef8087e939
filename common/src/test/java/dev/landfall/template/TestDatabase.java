package dev.landfall.template;

import dev.landfall.project.Relation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** DuckDB in memory, for templates that ask. */
final class TestDatabase implements Database, AutoCloseable {
    private final Connection connection;
    final List<String> queries = new ArrayList<>();

    TestDatabase() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
    }

    @Override
    public QueryResult query(String sql) {
        queries.add(sql);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            ResultSetMetaData meta = rows.getMetaData();
            List<String> names = new ArrayList<>();
            List<String> types = new ArrayList<>();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                names.add(meta.getColumnName(i));
                types.add(meta.getColumnTypeName(i));
            }
            List<List<@Nullable Object>> values = new ArrayList<>();
            while (rows.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 1; i <= names.size(); i++) {
                    row.add(rows.getObject(i));
                }
                values.add(row);
            }
            return new QueryResult(names, types, values);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void execute(String sql) {
        queries.add(sql);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Optional<String> relationType(Relation relation) {
        List<List<@Nullable Object>> found = query(
                        "select table_type from information_schema.tables where table_name = '" + relation.identifier()
                                + "'")
                .rows();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of("VIEW".equals(found.get(0).get(0)) ? "view" : "table");
    }

    @Override
    public List<ColumnInfo> columns(Relation relation) {
        List<ColumnInfo> columns = new ArrayList<>();
        query("select column_name, data_type from information_schema.columns where table_name = '"
                        + relation.identifier() + "' order by ordinal_position")
                .rows()
                .forEach(row -> columns.add(new ColumnInfo(String.valueOf(row.get(0)), String.valueOf(row.get(1)))));
        return columns;
    }

    @Override
    public List<Relation> relations(String database, String schema) {
        List<Relation> relations = new ArrayList<>();
        query("select table_name from information_schema.tables where table_schema = '" + schema + "' order by 1")
                .rows()
                .forEach(row -> relations.add(new Relation(database, schema, String.valueOf(row.get(0)))));
        return relations;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
