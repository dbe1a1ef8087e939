package dev.landfall.core;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Tells the offsets that a lane has committed from those that somebody has set: Kafka keeps a text with each offset,
 * and its tools leave it empty.
 */
final class CommitMark {
    private static final String TEXT = "landfall";

    private CommitMark() {}

    static OffsetAndMetadata on(long offset) {
        return new OffsetAndMetadata(offset, TEXT);
    }

    static boolean isOn(OffsetAndMetadata committed) {
        return TEXT.equals(committed.metadata());
    }
}
