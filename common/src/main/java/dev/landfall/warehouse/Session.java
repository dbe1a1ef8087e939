package dev.landfall.warehouse;

import dev.landfall.lake.StoreAccess;
import dev.landfall.project.Relation;
import dev.landfall.project.Target;
import dev.landfall.template.ColumnInfo;
import dev.landfall.template.Database;
import dev.landfall.template.QueryResult;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the warehouse, for one thread. An error within a transaction rolls it back at once, since DuckDB's
 * COMMIT would report success and keep nothing.
 */
public final class Session implements Database, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private static final Pattern SECRET = Pattern.compile("\\bsecret\\b", Pattern.CASE_INSENSITIVE);

    private final DatabaseFile file;
    private final Target target;
    private final String purpose;
    private final DuckDBConnection connection;
    private final Deque<ReentrantLock> locks = new ArrayDeque<>();
    private final boolean locked;
    private Runnable beforeCommit = () -> {};
    private String doing;
    private boolean inTransaction;
    private volatile @Nullable Statement running;
    private volatile boolean cancelled;

    Session(DatabaseFile file, Target target, WarehouseSettings settings, String purpose) {
        this.file = file;
        this.target = target;
        this.purpose = purpose;
        this.doing = purpose;
        this.locked = settings.lockDown() != null;
        this.connection = file.connect(target, settings, purpose);
        boolean ready = false;
        try {
            OpeningSql.perConnection(target, settings).forEach(this::execute);
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    /** Begins error messages from here on: {@code model int_orders (models/core/int_orders.sql)}. */
    public Session doing(String what) {
        this.doing = what;
        return this;
    }

    /** What is being done, as error messages begin. */
    public String what() {
        return doing;
    }

    public Target target() {
        return target;
    }

    @Override
    public QueryResult query(String sql) {
        return query(sql, List.of());
    }

    /** As {@link #query(String)}, with values for its question marks. */
    public QueryResult query(String sql, List<? extends @Nullable Object> values) {
        return run(sql, () -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                running = statement;
                bind(statement, values);
                if (!statement.execute()) {
                    return new QueryResult(List.of(), List.of(), List.of());
                }
                try (ResultSet rows = statement.getResultSet()) {
                    return fetch(rows);
                }
            }
        });
    }

    /** The first column of the first row, null when there is none. */
    public @Nullable Object value(String sql, @Nullable Object... values) {
        List<List<@Nullable Object>> rows =
                query(sql, java.util.Arrays.asList(values)).rows();
        return rows.isEmpty() || rows.get(0).isEmpty() ? null : rows.get(0).get(0);
    }

    /** A count or sum; 0 for no row and for NULL. */
    public long number(String sql, @Nullable Object... values) {
        return value(sql, values) instanceof Number number ? number.longValue() : 0;
    }

    @Override
    public void execute(String sql) {
        run(sql, () -> {
            try (Statement statement = connection.createStatement()) {
                running = statement;
                return statement.execute(sql);
            }
        });
    }

    /** Runs one statement that writes, and gives the number of rows: also of {@code CREATE TABLE AS}. */
    public long update(String sql, @Nullable Object... values) {
        return run(sql, () -> {
            if (values.length == 0) {
                try (Statement statement = connection.createStatement()) {
                    running = statement;
                    return Math.max(0, statement.executeLargeUpdate(sql));
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                running = statement;
                bind(statement, java.util.Arrays.asList(values));
                return Math.max(0, statement.executeLargeUpdate());
            }
        });
    }

    /** Adds rows to a table; values in the order of its columns. */
    public void append(String schema, String table, Collection<? extends List<? extends @Nullable Object>> rows) {
        int width = rows.stream().mapToInt(List::size).max().orElse(0);
        String marks = "(" + "?, ".repeat(Math.max(0, width - 1)) + "?)";
        // Many rows with one statement: DuckDB's JDBC batches run row by row.
        List<List<? extends @Nullable Object>> all = new ArrayList<>(rows);
        for (int from = 0; from < all.size(); from += 500) {
            List<List<? extends @Nullable Object>> part = all.subList(from, Math.min(all.size(), from + 500));
            List<@Nullable Object> values = new ArrayList<>();
            part.forEach(values::addAll);
            update(
                    "insert into " + schema + "." + Relation.quote(table) + " values "
                            + String.join(", ", java.util.Collections.nCopies(part.size(), marks)),
                    values.toArray());
        }
    }

    /** Lets DuckDB read the lake itself, with the credentials as they are now. */
    public void readLake(StoreAccess access) {
        synchronized (file) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(OpeningSql.lakeSecret(access));
            } catch (SQLException e) {
                // Without its cause: DuckDB's own message may quote the statement, secrets and all.
                throw new WarehouseException(
                        doing + ": DuckDB does not take the " + access + ": " + access.redact(e.getMessage()),
                        WarehouseException.Kind.RETRYABLE,
                        null,
                        null);
            }
        }
    }

    /** Asks something before each commit; when it throws, the transaction is rolled back. */
    public void beforeCommit(Runnable check) {
        beforeCommit = check;
    }

    /** Does something once for as long as the database is open in this process. */
    void onceForDatabase(String what, Runnable work) {
        file.once(what, work);
    }

    private static void bind(PreparedStatement statement, List<? extends @Nullable Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    private static QueryResult fetch(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnName(i));
            types.add(columns.getColumnTypeName(i));
        }
        List<List<@Nullable Object>> values = new ArrayList<>();
        while (rows.next()) {
            List<@Nullable Object> row = new ArrayList<>(names.size());
            for (int i = 1; i <= names.size(); i++) {
                row.add(rows.getObject(i));
            }
            values.add(row);
        }
        return new QueryResult(names, types, values);
    }

    private interface Sql<T> {
        T run() throws SQLException;
    }

    private <T> T run(String sql, Sql<T> work) {
        if (locked && SECRET.matcher(sql).find() && new SqlText(sql).makesSecret()) {
            WarehouseException refused = new WarehouseException(
                    doing + ": making a secret is disabled by configuration; it belongs into profiles.yml",
                    WarehouseException.Kind.PERMANENT,
                    null,
                    null);
            rollbackQuietly(refused);
            throw refused;
        }
        try {
            if (cancelled) {
                throw new SQLException("INTERRUPT Error: cancelled");
            }
            return work.run();
        } catch (SQLException e) {
            WarehouseException failure = WarehouseException.of(doing, sql, e);
            if (WarehouseException.isFatal(e)) {
                file.broke();
            }
            if (WarehouseException.isDiskFull(e)) {
                file.writeFailures().failed(purpose, failure);
            }
            rollbackQuietly(failure);
            throw failure;
        } finally {
            running = null;
        }
    }
    /** Ends the statement that runs now, from another thread; whatever follows fails too. */
    public void cancel() {
        cancelled = true;
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                throw WarehouseException.of("cancel " + doing, "", e);
            }
        }
    }

    @Override
    public void begin() {
        if (!inTransaction) {
            execute("BEGIN");
            inTransaction = true;
        }
    }

    @Override
    public void commit() {
        if (inTransaction) {
            boolean sound = false;
            try {
                beforeCommit.run();
                sound = true;
            } finally {
                if (!sound) {
                    rollback();
                }
            }
            execute("COMMIT");
            inTransaction = false;
            file.writeFailures().written(purpose);
        }
    }

    @Override
    public void rollback() {
        if (inTransaction) {
            inTransaction = false;
            execute("ROLLBACK");
        }
    }

    public boolean inTransaction() {
        return inTransaction;
    }

    private void rollbackQuietly(WarehouseException failure) {
        if (inTransaction) {
            inTransaction = false;
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Keeps other threads of this process from writing these relations until the session ends. */
    public void lock(Collection<Relation> relations) {
        TreeSet<String> names = new TreeSet<>();
        relations.forEach(relation -> names.add(relation.sql().toLowerCase(Locale.ROOT)));
        for (String name : names) {
            ReentrantLock lock = file.lockOf(name);
            lock.lock();
            locks.push(lock);
        }
    }

    @Override
    public Optional<String> relationType(Relation relation) {
        if (inTransaction) {
            return Optional.ofNullable(relationTypes(List.of(relation)).get(relation));
        }
        // DuckDB's list of tables costs more the more there are; looking one up does not, and fails where it is not.
        long views = number(
                "select count(*) from duckdb_views() where lower(database_name) = lower(?)"
                        + " and lower(schema_name) = lower(?) and lower(view_name) = lower(?)",
                databaseOf(relation),
                schemaOf(relation),
                relation.identifier());
        if (views > 0) {
            return Optional.of("view");
        }
        try {
            describe(new Relation(databaseOf(relation), schemaOf(relation), relation.identifier()));
            return Optional.of("table");
        } catch (WarehouseException e) {
            String message = String.valueOf(e.getMessage());
            // A name such as shop.main.parquet is looked for among the files, too.
            if (message.contains("Catalog Error")
                    || message.contains("Binder Error")
                    || message.contains("No files found")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Of those among these that exist, whether each is a table or a view; one query, whatever their number. */
    public Map<Relation, String> relationTypes(Collection<Relation> relations) {
        if (relations.isEmpty()) {
            return Map.of();
        }
        Map<String, String> found = new HashMap<>();
        String names = relations.stream()
                .map(relation -> Relation.literal(relation.identifier().toLowerCase(Locale.ROOT)))
                .distinct()
                .collect(Collectors.joining(", "));
        // What information_schema.tables is made of, at half its cost.
        query("select database_name, schema_name, table_name, 'table' from duckdb_tables() where lower(table_name) in ("
                        + names + ") union all select database_name, schema_name, view_name, 'view' from duckdb_views()"
                        + " where lower(view_name) in (" + names + ")")
                .rows()
                .forEach(row -> found.put(
                        path(String.valueOf(row.get(0)), String.valueOf(row.get(1)), String.valueOf(row.get(2))),
                        String.valueOf(row.get(3))));
        Map<Relation, String> types = new LinkedHashMap<>();
        for (Relation relation : relations) {
            String type = found.get(path(databaseOf(relation), schemaOf(relation), relation.identifier()));
            if (type != null) {
                types.put(relation, type);
            }
        }
        return types;
    }

    private static String path(String database, String schema, String name) {
        return String.join("\n", database, schema, name).toLowerCase(Locale.ROOT);
    }

    /** As {@link #columns} of a relation that is there: much faster, and an error where it is not. */
    public List<ColumnInfo> describe(Relation relation) {
        return describe(relation.sql());
    }

    /** The columns that a query, or a relation by its name, gives. */
    public List<ColumnInfo> describe(String sql) {
        return query("describe " + sql).rows().stream()
                .map(row -> new ColumnInfo(String.valueOf(row.get(0)), String.valueOf(row.get(1))))
                .toList();
    }

    @Override
    public List<ColumnInfo> columns(Relation relation) {
        return query(
                        "select column_name, data_type from duckdb_columns() where lower(database_name) = lower(?)"
                                + " and lower(schema_name) = lower(?) and lower(table_name) = lower(?)"
                                + " order by column_index",
                        List.of(databaseOf(relation), schemaOf(relation), relation.identifier()))
                .rows()
                .stream()
                .map(row -> new ColumnInfo(String.valueOf(row.get(0)), String.valueOf(row.get(1))))
                .toList();
    }

    @Override
    public List<Relation> relations(String database, String schema) {
        return query(
                        "select table_catalog, table_schema, table_name from information_schema.tables"
                                + " where lower(table_catalog) = lower(?) and lower(table_schema) = lower(?)"
                                + " order by table_name",
                        List.of(database, schema))
                .rows()
                .stream()
                .map(row -> new Relation(
                        String.valueOf(row.get(0)), String.valueOf(row.get(1)), String.valueOf(row.get(2))))
                .toList();
    }

    private String databaseOf(Relation relation) {
        String database = relation.database();
        return database == null ? (relation.schema() == null ? "temp" : target.database()) : database;
    }

    private static String schemaOf(Relation relation) {
        String schema = relation.schema();
        return schema == null ? "main" : schema;
    }

    @Override
    public void close() {
        try {
            if (inTransaction) {
                rollbackQuietly(new WarehouseException(doing, WarehouseException.Kind.RETRYABLE, null, null));
            }
            connection.close();
        } catch (SQLException e) {
            LOG.warn("{}: the connection does not close: {}", doing, e.getMessage());
        } finally {
            locks.forEach(ReentrantLock::unlock);
            locks.clear();
            file.leave();
        }
    }
}
