package dev.landfall.warehouse;

/**
 * What this process has had of a warehouse since it started, and how DuckDB stood when that was looked at last, within a
 * second or so of the end of some work.
 *
 * @param turns pieces of work that were begun
 * @param waitNanos how long they waited for the database, opening it included
 * @param timeouts how often it was not had in time
 * @param fileBytes the file and its write-ahead log now, 0 when there is none
 * @param memoryBytes what DuckDB's buffers held
 * @param memoryLimitBytes how much they may hold
 * @param spilledBytes what lay in temporary files
 */
public record WarehouseUse(
        long turns,
        long waitNanos,
        long timeouts,
        long fileBytes,
        long memoryBytes,
        long memoryLimitBytes,
        long spilledBytes) {}
