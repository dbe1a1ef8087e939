package dev.landfall.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a model stands; key {@code model/<unique id>} on the status topic.
 *
 * @param model unique id
 * @param layer core or mart
 * @param stream {@code source.stream} for a core model, empty for a mart
 * @param state fresh, stale (to be built next), waiting (a parent is missing), failing, missing (never built)
 * @param reason why it is in this state, in words; empty when it is fresh
 * @param lastRunAt when its last successful run ended
 * @param seconds how long that run took
 * @param rows rows of the relation after it
 * @param filesApplied files of the stream that the model has applied; null for a mart
 * @param filesDead files that it has left out; null for a mart
 * @param note what the user should know about this model; may be empty
 */
public record ModelStatus(
        String model,
        String layer,
        String stream,
        String state,
        String reason,
        @Nullable Instant lastRunAt,
        @Nullable Double seconds,
        @Nullable Long rows,
        @Nullable Long filesApplied,
        @Nullable Long filesDead,
        String note,
        Instant at) {}
