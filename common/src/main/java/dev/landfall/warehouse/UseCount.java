package dev.landfall.warehouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps count of how a database is used. */
final class UseCount {
    private static final Logger LOG = LoggerFactory.getLogger(UseCount.class);
    private static final long LOOK_EVERY_NANOS = 1_000_000_000;
    private static final String LOOK = "select coalesce(sum(memory_usage_bytes), 0)::bigint,"
            + " parse_formatted_bytes(current_setting('memory_limit'))::bigint,"
            + " coalesce(sum(temporary_storage_bytes), 0)::bigint from duckdb_memory()";

    private final @Nullable Path file;
    private final LongAdder turns = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private volatile long[] memory = {0, 0, 0};
    private long looked = System.nanoTime() - LOOK_EVERY_NANOS;

    UseCount(@Nullable Path file) {
        this.file = file;
    }

    void began(long waitNanos) {
        turns.increment();
        waits.add(waitNanos);
    }

    void timedOut() {
        timeouts.increment();
    }

    /** Looks at DuckDB's memory, unless it did so just now. What cannot be seen is left as it was. */
    synchronized void look(Connection connection) {
        if (System.nanoTime() - looked < LOOK_EVERY_NANOS) {
            return;
        }
        looked = System.nanoTime();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LOOK)) {
            if (rows.next()) {
                memory = new long[] {rows.getLong(1), rows.getLong(2), rows.getLong(3)};
            }
        } catch (SQLException e) {
            LOG.debug("cannot look at DuckDB's memory", e);
        }
    }

    WarehouseUse now() {
        long[] seen = memory;
        return new WarehouseUse(turns.sum(), waits.sum(), timeouts.sum(), fileBytes(), seen[0], seen[1], seen[2]);
    }

    /** Asks for sizes only: to open the file here would drop DuckDB's lock on it. */
    private long fileBytes() {
        return file == null ? 0 : size(file) + size(Path.of(file + ".wal"));
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException absent) {
            return 0;
        }
    }
}
