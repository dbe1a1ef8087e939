package dev.landfall.sensor;

import dev.landfall.event.EventJson;
import dev.landfall.event.PartitionLanded;
import dev.landfall.run.CrashPoint;
import dev.landfall.telemetry.Traces;
import dev.landfall.telemetry.Trail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes landings, all of a call in one transaction. The transaction also commits an offset as a member of the sensors'
 * consumer group: so the broker refuses it when the group has moved on, and a replica that has lost a stream without
 * knowing it cannot write to the stream's topic.
 *
 * <p>One transaction at a time for all streams of this replica: it takes some milliseconds.
 */
final class LandingPublisher implements AutoCloseable {
    private static final String SOURCE = "/sensor";

    /** Longer than a send may take; until then a killed replica's open transaction holds up those who read. */
    private static final int TRANSACTION_TIMEOUT_MS = 15_000;

    private static final int DELIVERY_TIMEOUT_MS = 10_000;
    private static final int REQUEST_TIMEOUT_MS = 5_000;
    /** A long listing writes hundreds of records at a time. */
    private static final int BATCH_BYTES = 256 << 10;

    static final int RECORD_BYTES_AT_MOST = 4 << 20;

    private final Map<String, Object> settings;
    private final Traces traces;
    private @Nullable KafkaProducer<String, byte[]> producer;

    /**
     * A publisher that connects when it is first needed.
     *
     * @param connection how the broker is reached: Spring's producer settings
     * @param instanceId a name that no other replica has, or null
     */
    LandingPublisher(Map<String, Object> connection, String topicPrefix, @Nullable String instanceId, Traces traces) {
        this.traces = traces;
        String instance = instanceId == null ? UUID.randomUUID().toString() : instanceId;
        settings = new HashMap<>(connection);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topicPrefix + ".sensor." + instance);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES_AT_MOST);
    }

    /**
     * Writes all of them or none.
     *
     * @param member this replica as a member of the sensors' group
     * @throws NotAnnouncedException when they were not written, or when that cannot be told
     */
    synchronized void publish(String topic, List<PartitionLanded> landings, ConsumerGroupMetadata member)
            throws NotAnnouncedException {
        KafkaProducer<String, byte[]> open = open();
        boolean begun = false;
        try {
            open.beginTransaction();
            begun = true;
            List<Future<RecordMetadata>> sent = new ArrayList<>(landings.size());
            for (PartitionLanded landed : landings) {
                sent.add(open.send(message(topic, landed)));
            }
            open.flush();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            CrashPoint.AFTER_SEND.reach();
            // After the records are in the log: once the group's next generation begins, no more come behind them.
            open.sendOffsetsToTransaction(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)), member);
        } catch (KafkaException | ExecutionException | IllegalStateException e) {
            abort(open, begun);
            throw NotAnnouncedException.none("cannot write to " + topic + ": " + rootOf(e), e);
        } catch (InterruptedException e) {
            abort(open, begun);
            Thread.currentThread().interrupt();
            throw NotAnnouncedException.none("interrupted", e);
        }
        commit(open, topic);
        CrashPoint.AFTER_ANNOUNCE.reach();
    }

    private void commit(KafkaProducer<String, byte[]> open, String topic) throws NotAnnouncedException {
        try {
            open.commitTransaction();
        } catch (KafkaException | IllegalStateException e) {
            discard(open);
            throw NotAnnouncedException.unknown("cannot tell what was written to " + topic + ": " + rootOf(e), e);
        }
    }

    /** A transaction that cannot be given up is ended by the next producer of the same name, or by its time-out. */
    private void abort(KafkaProducer<String, byte[]> open, boolean begun) {
        try {
            if (begun) {
                open.abortTransaction();
                return;
            }
        } catch (KafkaException | IllegalStateException e) {
            // Fenced, or the broker is away: this producer is of no more use.
        }
        discard(open);
    }

    private KafkaProducer<String, byte[]> open() throws NotAnnouncedException {
        KafkaProducer<String, byte[]> open = producer;
        if (open != null) {
            return open;
        }
        KafkaProducer<String, byte[]> made = null;
        try {
            made = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
            made.initTransactions();
            producer = made;
            return made;
        } catch (KafkaException e) {
            if (made != null) {
                made.close(Duration.ZERO);
            }
            throw NotAnnouncedException.none("no broker to write to: " + rootOf(e), e);
        }
    }

    private void discard(KafkaProducer<String, byte[]> open) {
        open.close(Duration.ZERO);
        producer = null;
    }

    private ProducerRecord<String, byte[]> message(String topic, PartitionLanded landed) {
        String key = landed.key();
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(topic, 0, key, EventJson.write(landed).getBytes(StandardCharsets.UTF_8));
        EventJson.headers(PartitionLanded.class, SOURCE, key, landed.detectedAt())
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        trail(landed)
                .headers()
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return message;
    }

    /** A landing begins a trace: from the look that saw it to its being written. */
    private Trail trail(PartitionLanded landed) {
        String stream = landed.source() + "." + landed.stream();
        String trace = traces.record(new Traces.Done(
                "land " + stream,
                List.of(),
                landed.detectedAt(),
                Instant.now(),
                Map.of(
                        "landfall.stream", stream,
                        "landfall.partition", landed.key(),
                        "landfall.manifest", landed.manifest(),
                        "landfall.files", String.valueOf(landed.files().size())),
                null));
        return new Trail(trace, landed.detectedAt());
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
            producer = null;
        }
    }
}
