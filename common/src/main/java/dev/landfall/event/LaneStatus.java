package dev.landfall.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What core-runner does with a stream at present; key {@code stream/<stream>} on the status topic.
 *
 * @param stream {@code source.stream}
 * @param state {@code idle}, {@code waiting} for its turn, {@code running}, {@code catching-up}, {@code failing} (it
 *     tries again at {@code nextTry})
 * @param lastPartition the partition that landed last, as in its path
 * @param lastLandedAt when the sensor saw it
 * @param seenOffset the offset of the newest landing that came, -1 for none
 * @param appliedOffset everything up to this offset is applied or dead-lettered, -1 for nothing
 * @param waiting landings that wait for the next run
 * @param requests requests of the command line that wait or run
 * @param failures runs that failed in a row
 * @param error why the last run failed, in one message
 */
public record LaneStatus(
        String stream,
        String state,
        @Nullable String lastPartition,
        @Nullable Instant lastLandedAt,
        Long seenOffset,
        Long appliedOffset,
        Long waiting,
        Long requests,
        Long failures,
        @Nullable String error,
        @Nullable Instant nextTry,
        Instant at) {}
