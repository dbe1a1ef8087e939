package dev.landfall.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line asks the services for work. Key, the request's id. They take it up lazily and tell its progress as
 * {@link RequestStatus}.
 *
 * @param id unique
 * @param cause one of the constants below
 * @param stream {@code source.stream}; empty when {@code models} are marts
 * @param models unique ids; empty means every model of the stream
 * @param partitions only these, as in their paths ({@code year=2026/month=01/day=15}); empty means all
 * @param files only these keys, for {@code retry} and {@code drop}; empty means all
 * @param force also when a full refresh would lose rows of files that the lake no longer has
 * @param sample for {@code audit}: so many differing rows are told; null for ten
 */
public record RunRequested(
        String id,
        String cause,
        String stream,
        List<String> models,
        List<String> partitions,
        List<String> files,
        Boolean fullRefresh,
        Boolean force,
        Instant requestedAt,
        @Nullable Long sample) {
    /** Applies landings again, also those that the ledger knows. */
    public static final String REPLAY = "replay";

    /** Applies of the landings what the ledger does not know. */
    public static final String BACKFILL = "backfill";

    /** Builds models anew beside the old tables. */
    public static final String FULL_REFRESH = "full-refresh";

    /** Takes files from the dead letters and applies them again. */
    public static final String RETRY = "retry";

    /** Takes files from the dead letters; no model reads them until a newer version comes. */
    public static final String DROP = "drop";

    /** Compares tables with what the lake makes of them. */
    public static final String AUDIT = "audit";

    /** Asks the sensor to list a stream from end to end. */
    public static final String LISTING = "listing";

    public RunRequested(
            String id,
            String cause,
            String stream,
            List<String> models,
            List<String> partitions,
            List<String> files,
            Boolean fullRefresh,
            Boolean force,
            Instant requestedAt) {
        this(id, cause, stream, models, partitions, files, fullRefresh, force, requestedAt, null);
    }
}
