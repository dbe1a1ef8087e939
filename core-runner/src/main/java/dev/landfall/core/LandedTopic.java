package dev.landfall.core;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamName;
import dev.landfall.telemetry.Trail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerFactory;

/** Reads the landed topic of a stream as the table that it is: the newest landing of each key. */
final class LandedTopic implements AutoCloseable {
    private static final Duration LIMIT_WITHOUT_PROGRESS = Duration.ofSeconds(30);

    private final Topics topics;
    private final ConsumerFactory<String, byte[]> consumers;
    private final Deque<Consumer<String, byte[]>> idle = new ConcurrentLinkedDeque<>();

    LandedTopic(Topics topics, ConsumerFactory<String, byte[]> consumers) {
        this.topics = topics;
        this.consumers = consumers;
    }

    /**
     * What the topic held.
     *
     * @param landings in the order of the topic
     * @param end the offset of the next record
     */
    record Snapshot(List<Landing> landings, long end) {}

    /** A record's landing; empty for one that was taken back (a null value). */
    static Optional<Landing> decode(ConsumerRecord<String, byte[]> message) throws EventException {
        if (message.value() == null) {
            return Optional.empty();
        }
        if (message.key() == null) {
            throw new EventException("the record has no key");
        }
        PartitionLanded landed =
                EventJson.read(PartitionLanded.class, text(message.value()), header(message, EventJson.TYPE_HEADER));
        if (!message.topic().endsWith("." + landed.source() + "." + landed.stream())) {
            throw new EventException("the record is of stream " + landed.source() + "." + landed.stream()
                    + ", which is not the topic's");
        }
        String trace = Trail.from(name -> header(message, name)).trace();
        return Optional.of(new Landing(message.key(), message.offset(), landed, new Trail(trace, landed.detectedAt())));
    }

    /** Reads from the beginning to the present end; what is no landing is left out, the listener tells of it. */
    Snapshot read(StreamName stream) {
        TopicPartition partition = new TopicPartition(topics.landed(stream.source(), stream.stream()), 0);
        Consumer<String, byte[]> consumer = borrow();
        boolean well = false;
        try {
            Snapshot snapshot = read(consumer, partition);
            consumer.assign(List.of());
            well = true;
            return snapshot;
        } finally {
            if (well) {
                idle.push(consumer);
            } else {
                consumer.close();
            }
        }
    }

    private static Snapshot read(Consumer<String, byte[]> consumer, TopicPartition partition) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        Map<String, Landing> newest = new HashMap<>();
        long position = consumer.position(partition);
        long lastProgress = System.nanoTime();
        while (position < end) {
            for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(200))) {
                take(message, newest);
            }
            long before = position;
            position = consumer.position(partition);
            if (position > before) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > LIMIT_WITHOUT_PROGRESS.toNanos()) {
                throw new TimeoutException("no record of " + partition.topic() + " came for "
                        + LIMIT_WITHOUT_PROGRESS.toSeconds() + " s, at offset " + position + " of " + end);
            }
        }
        return new Snapshot(
                newest.values().stream()
                        .sorted(Comparator.comparingLong(Landing::offset))
                        .toList(),
                position);
    }

    private static void take(ConsumerRecord<String, byte[]> message, Map<String, Landing> newest) {
        try {
            Optional<Landing> landing = decode(message);
            if (landing.isPresent()) {
                newest.put(message.key(), landing.get());
            } else {
                newest.remove(message.key());
            }
        } catch (EventException toldByTheListener) {
            return;
        }
    }

    private Consumer<String, byte[]> borrow() {
        Consumer<String, byte[]> consumer = idle.poll();
        return consumer != null ? consumer : open();
    }

    private Consumer<String, byte[]> open() {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        // It goes from topic to topic and knows their ends: neither what it fetches ahead nor the metadata of a new
        // topic may hold it up.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "5");
        properties.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, "5");
        return consumers.createConsumer((@Nullable String) null, "catch-up", null, properties);
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        for (Consumer<String, byte[]> consumer = idle.poll(); consumer != null; consumer = idle.poll()) {
            consumer.close();
        }
    }
}
