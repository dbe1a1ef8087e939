package dev.landfall.event;

import java.time.Instant;
import java.util.List;

/**
 * A model could not be materialized.
 *
 * @param stream {@code source.stream} for a core model, empty for a mart
 * @param partitions the partitions of the landings that were to be applied
 * @param error one clear message: model, file, line, partition and the next step
 * @param retryable whether the runner tries again by itself
 */
public record ModelFailed(
        String model,
        String layer,
        String stream,
        String runId,
        List<String> partitions,
        String error,
        Boolean retryable,
        Instant startedAt,
        Instant failedAt,
        String projectChecksum) {}
