package dev.landfall.run;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places in the services' work where a test may kill the process: {@code -Dlandfall.crash-at=AFTER_COMMIT}, or {@code
 * AFTER_COMMIT:3} for the third time that the place is reached.
 */
public enum CrashPoint {
    /** Files are fetched, nothing is written. */
    BEFORE_TRANSACTION,
    /** The new rows are in a temporary table. */
    AFTER_STAGING,
    /** Old rows are deleted, new ones not yet inserted. */
    AFTER_DELETE,
    /** The rows are written, the ledger is not. */
    BEFORE_LEDGER,
    /** Everything is written, nothing is committed. */
    BEFORE_COMMIT,
    /** Committed, and not yet told to anybody. */
    AFTER_COMMIT,
    /** A part of a shadow table is committed. */
    AFTER_SHADOW_BATCH,
    /** The shadow table is complete, the old one still serves. */
    BEFORE_SWAP,
    /** The event is published, the offset is not committed. */
    AFTER_PUBLISH,
    /** The sensor's records are in the topic, its transaction is open. */
    AFTER_SEND,
    /** The sensor's transaction is committed, and not yet noted in its table. */
    AFTER_ANNOUNCE;

    private static final AtomicInteger TIMES = new AtomicInteger();

    /** Ends the process at once, without shutdown hooks, when this is the place to do so. */
    public void reach() {
        String wanted = System.getProperty("landfall.crash-at", "");
        if (wanted.isEmpty()) {
            return;
        }
        String[] parts = wanted.split(":", 2);
        int time = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
        if (parts[0].equals(name()) && TIMES.incrementAndGet() == time) {
            Runtime.getRuntime().halt(137);
        }
    }
}
