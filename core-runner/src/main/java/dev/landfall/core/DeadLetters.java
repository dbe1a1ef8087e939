package dev.landfall.core;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamName;
import dev.landfall.run.DeadLettered;
import dev.landfall.runner.WholeTopic;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd;

/**
 * Tells what could not be applied on the dead letter topic: the whole value, since compaction may take the record, and
 * Spring's headers, which say where it stood and what was wrong.
 */
final class DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
    private static final String MODEL_HEADER = "landfall-model";
    private static final String FILE_HEADER = "landfall-file";
    private static final String ETAG_HEADER = "landfall-etag";

    private final Topics topics;
    private final ConsumerFactory<String, byte[]> consumers;
    private final DeadLetterPublishingRecoverer recoverer;
    private final Set<Letter> sent = new HashSet<>();
    private long nextToRead;

    DeadLetters(Topics topics, KafkaTemplate<String, byte[]> kafka, ConsumerFactory<String, byte[]> consumers) {
        this.topics = topics;
        this.consumers = consumers;
        this.recoverer = new DeadLetterPublishingRecoverer(
                kafka, (message, reason) -> new TopicPartition(topics.deadLetters(), -1));
        recoverer.excludeHeader(HeadersToAdd.EX_STACKTRACE);
    }

    /** What tells one letter about a file from others. */
    private record Letter(String model, String file, String etag) {
        static Letter of(DeadLettered dead) {
            return new Letter(dead.model(), dead.file().key(), dead.file().etag());
        }

        static Letter of(ConsumerRecord<String, byte[]> message) {
            return new Letter(
                    header(message, MODEL_HEADER), header(message, FILE_HEADER), header(message, ETAG_HEADER));
        }

        private static String header(ConsumerRecord<String, byte[]> message, String name) {
            Header header = message.headers().lastHeader(name);
            return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
        }
    }

    /** A record that is no landing. Returns when the broker has it. */
    void undecodable(ConsumerRecord<String, byte[]> message, EventException reason) {
        recoverer.accept(message, reason);
        log.error(
                "{} offset {} key {}: {}; it is on {}, the stream goes on. Write the record anew, or delete its key",
                message.topic(),
                message.offset(),
                message.key(),
                reason.getMessage(),
                topics.deadLetters());
    }

    /** A file that a model cannot take. Returns when the broker has it. */
    void leftOut(StreamName stream, Landing landing, DeadLettered dead) {
        ConsumerRecord<String, byte[]> message = new ConsumerRecord<>(
                topics.landed(stream.source(), stream.stream()),
                0,
                landing.offset(),
                landing.key(),
                bytes(EventJson.write(landing.landed())));
        message.headers()
                .add(
                        EventJson.TYPE_HEADER,
                        bytes(EventJson.typeOf(landing.landed().getClass())))
                .add(MODEL_HEADER, bytes(dead.model()))
                .add(FILE_HEADER, bytes(dead.file().key()))
                .add(ETAG_HEADER, bytes(dead.file().etag()));
        recoverer.accept(message, new UnusableFileException(dead.reason()));
        log.error(
                "{} leaves out {} of {}: {}; see landfall dead-letters list",
                dead.model(),
                dead.file().key(),
                dead.partition(),
                dead.reason());
    }

    /**
     * Sends the letters that are missing: a runner may die when the ledger has a file as left out and nobody knows yet.
     *
     * @param leftOut what the ledger has so
     * @param landings those of the stream; a file that is in none of them any more needs no letter
     */
    synchronized void sendMissing(StreamName stream, List<DeadLettered> leftOut, List<Landing> landings) {
        if (leftOut.isEmpty()) {
            return;
        }
        nextToRead = WholeTopic.read(
                consumers, topics.deadLetters(), "letters", nextToRead, message -> sent.add(Letter.of(message)));
        leftOut.stream()
                .filter(dead -> !sent.contains(Letter.of(dead)))
                .forEach(dead -> landings.stream()
                        .filter(landing -> landing.landed().files().stream()
                                .anyMatch(file -> file.key().equals(dead.file().key())
                                        && file.etag().equals(dead.file().etag())))
                        .reduce((older, newer) -> newer)
                        .ifPresent(landing -> leftOut(stream, landing, dead)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Stands in the dead letter's headers. */
    private static final class UnusableFileException extends RuntimeException {
        UnusableFileException(String reason) {
            super(reason);
        }
    }
}
