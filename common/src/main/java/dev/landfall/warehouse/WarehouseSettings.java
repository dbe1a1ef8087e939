package dev.landfall.warehouse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a process holds the warehouse.
 *
 * @param shared false: the database stays open, and its lock held, until {@link Warehouse#close}; true: processes of one
 *     host take turns, the database is open only while somebody works
 * @param owner who holds it, for other processes' time-out messages: {@code core-runner}
 * @param lockTimeout how long to wait for a turn
 * @param maxHold how long threads of this process may join a turn that is under way before others get theirs
 * @param memoryLimit DuckDB's {@code memory_limit}, or null for what profiles.yml or DuckDB says
 * @param tempDirectory where DuckDB spills, or null for its default beside the file
 * @param lockDown the directories (or prefixes in a store) whose files SQL may use, the warehouse's own apart: nothing
 *     else on disk, no network, no extensions, no settings; null for no lock
 * @param httpfs whether DuckDB reads the lake itself, by its extension of that name, which must be installed
 */
public record WarehouseSettings(
        boolean shared,
        String owner,
        Duration lockTimeout,
        Duration maxHold,
        @Nullable String memoryLimit,
        @Nullable Path tempDirectory,
        @Nullable List<String> lockDown,
        boolean httpfs) {

    /** Without a lock. */
    public WarehouseSettings(
            boolean shared,
            String owner,
            Duration lockTimeout,
            Duration maxHold,
            @Nullable String memoryLimit,
            @Nullable Path tempDirectory) {
        this(shared, owner, lockTimeout, maxHold, memoryLimit, tempDirectory, null, false);
    }

    /** One process keeps the file open. */
    public static WarehouseSettings exclusive(String owner) {
        return new WarehouseSettings(false, owner, Duration.ofSeconds(30), Duration.ofSeconds(2), null, null);
    }

    /** Processes of one host take turns. */
    public static WarehouseSettings shared(String owner) {
        return new WarehouseSettings(true, owner, Duration.ofMinutes(5), Duration.ofSeconds(2), null, null);
    }

    public WarehouseSettings withLockTimeout(Duration timeout) {
        return new WarehouseSettings(shared, owner, timeout, maxHold, memoryLimit, tempDirectory, lockDown, httpfs);
    }

    public WarehouseSettings withMemoryLimit(@Nullable String limit) {
        return new WarehouseSettings(shared, owner, lockTimeout, maxHold, limit, tempDirectory, lockDown, httpfs);
    }

    /** SQL may use files below these, and of others only the warehouse's. */
    public WarehouseSettings withLockDown(@Nullable List<String> directories) {
        return new WarehouseSettings(
                shared, owner, lockTimeout, maxHold, memoryLimit, tempDirectory, directories, httpfs);
    }

    /** DuckDB reads these buckets itself. */
    public WarehouseSettings withHttpfs(Collection<String> buckets) {
        List<String> allowed = lockDown == null
                ? null
                : Stream.concat(lockDown.stream(), buckets.stream().map(bucket -> "s3://" + bucket + "/"))
                        .toList();
        return new WarehouseSettings(shared, owner, lockTimeout, maxHold, memoryLimit, tempDirectory, allowed, true);
    }
}
