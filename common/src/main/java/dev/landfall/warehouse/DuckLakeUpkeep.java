package dev.landfall.warehouse;

import dev.landfall.project.Relation;
import dev.landfall.project.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a DuckLake needs from time to time, since it forgets nothing by itself: old snapshots are let go, small files
 * merged, deleted rows written out of the rest, and files that nothing names any more removed. One process does it: the
 * one that builds the marts. Of another warehouse nothing is done. Not for use by several threads.
 */
public final class DuckLakeUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(DuckLakeUpkeep.class);

    private final Duration period;
    private final Duration keepSnapshots;
    private final Duration keepFiles;
    private Instant last = Instant.MIN;

    /**
     * Is due at once, and then every period.
     *
     * @param period zero for never
     * @param keepSnapshots how far back the tables can be read as they were
     * @param keepFiles how long a file that nothing names stays for readers that have begun
     */
    public DuckLakeUpkeep(Duration period, Duration keepSnapshots, Duration keepFiles) {
        this.period = period;
        this.keepSnapshots = keepSnapshots;
        this.keepFiles = keepFiles;
    }

    /** Does it when it is due; a failure, such as a conflict with a run, is told and waits for the next time. */
    public void ifDue(Warehouse warehouse) {
        Instant now = Instant.now();
        if (period.isZero() || now.isBefore(last.plus(period))) {
            return;
        }
        last = now;
        Target target = warehouse.target();
        if (!target.isDuckLake(null)) {
            return;
        }
        try {
            warehouse.with("upkeep", session -> {
                statements(target.database()).forEach(session::execute);
                return true;
            });
            LOG.info(
                    "upkeep of {} took {} ms",
                    target.database(),
                    Duration.between(now, Instant.now()).toMillis());
        } catch (WarehouseException e) {
            LOG.warn("upkeep of {} is tried again in {}: {}", target.database(), period, e.getMessage());
        }
    }

    private List<String> statements(String database) {
        String lake = Relation.literal(database);
        return List.of(
                "call ducklake_flush_inlined_data(" + lake + ")",
                "call ducklake_expire_snapshots(" + lake + ", older_than => " + ago(keepSnapshots) + ")",
                "call ducklake_merge_adjacent_files(" + lake + ")",
                "call ducklake_rewrite_data_files(" + lake + ")",
                "call ducklake_cleanup_old_files(" + lake + ", older_than => " + ago(keepFiles) + ")");
    }

    private static String ago(Duration time) {
        return "now() - to_seconds(" + time.toSeconds() + ")";
    }
}
