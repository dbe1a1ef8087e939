package dev.landfall.event;

import java.time.Instant;
import java.util.List;

/**
 * Which files the models of a stream leave out at present; key {@code dead/<stream>} on the status topic, written when
 * that changes.
 *
 * @param total how many there are; of many only the first 1,000 are listed
 */
public record DeadLetterStatus(String stream, Long total, List<LeftOut> files, Instant at) {

    /**
     * A version of a file that a model cannot take.
     *
     * @param model unique id
     * @param partition as in its path
     * @param reason what was wrong with it
     */
    public record LeftOut(
            String model, String bucket, String key, String etag, String partition, String reason, Instant since) {}
}
