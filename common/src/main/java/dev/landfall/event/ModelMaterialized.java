package dev.landfall.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A model was materialized and is committed. It only wakes its readers; truth is in the ledger.
 *
 * @param model the model's unique id, {@code model.<package>.<name>}
 * @param relation the relation as SQL, quoted
 * @param layer which runner built it: core or mart
 * @param stream {@code source.stream} of the landings, empty for a mart
 * @param landings the manifests of the landings applied
 * @param more whether the lane has further work waiting
 * @param rowsTotal rows of the relation after the run
 * @param filesRead files read of {@code filesTotal} known to the stream
 * @param version the run id that now is the relation's version
 * @param parentVersions the versions of the parents that the relation was built from, by unique id; empty for core
 */
public record ModelMaterialized(
        String model,
        String relation,
        String layer,
        String stream,
        String runId,
        List<String> landings,
        Boolean more,
        Boolean fullRefresh,
        Long rowsInserted,
        Long rowsDeleted,
        Long rowsTotal,
        Long filesRead,
        Long filesTotal,
        Long bytesRead,
        Instant startedAt,
        Instant finishedAt,
        String version,
        Map<String, String> parentVersions,
        String projectChecksum) {}
