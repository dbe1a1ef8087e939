package dev.landfall.standalone;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads along what the services tell each other, from the moment it was started, and passes it on in order of time. */
final class EventFeed implements AutoCloseable {
    /** Hears of events, on the feed's own thread. */
    interface Listener {
        void landed(PartitionLanded landing);

        void materialized(ModelMaterialized model);

        void failed(ModelFailed failure);

        /** What could not be applied and was set aside: a file, or a record that is no event. */
        void deadLettered(String key, String reason);
    }

    /** Where spring-kafka says why a record went to the dead letter topic. */
    private static final String REASON = "kafka_dlt-exception-message";

    private final Topics topics;
    private final Listener listener;
    private final Instant since;
    private final KafkaConsumer<String, String> consumer;
    private final Thread thread;
    private volatile boolean closed;

    private EventFeed(String bootstrapServers, Topics topics, Listener listener) {
        this.topics = topics;
        this.listener = listener;
        this.since = Instant.now();
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "group.id", topics.prefix() + "-feed-" + UUID.randomUUID(),
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed",
                        "metadata.max.age.ms", "500",
                        "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
                new StringDeserializer(),
                new StringDeserializer());
        this.thread = new Thread(this::read, "event-feed");
    }

    static EventFeed start(String bootstrapServers, Topics topics, Listener listener) {
        EventFeed feed = new EventFeed(bootstrapServers, topics, listener);
        feed.thread.setDaemon(true);
        feed.thread.start();
        return feed;
    }

    private void read() {
        try (consumer) {
            consumer.subscribe(pattern(), new FromTheStart());
            while (!closed) {
                List<ConsumerRecord<String, String>> records = new ArrayList<>();
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
                records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
                records.forEach(this::pass);
            }
        } catch (WakeupException e) {
            // Closed.
        }
    }

    private Pattern pattern() {
        String others = String.join(
                "|",
                Pattern.quote(topics.materialized()),
                Pattern.quote(topics.failed()),
                Pattern.quote(topics.deadLetters()));
        return Pattern.compile(topics.landedPattern().pattern() + "|" + others);
    }

    private void pass(ConsumerRecord<String, String> message) {
        try {
            if (message.topic().equals(topics.materialized())) {
                listener.materialized(EventJson.read(ModelMaterialized.class, message.value()));
            } else if (message.topic().equals(topics.failed())) {
                listener.failed(EventJson.read(ModelFailed.class, message.value()));
            } else if (message.topic().equals(topics.deadLetters())) {
                listener.deadLettered(String.valueOf(message.key()), reason(message));
            } else {
                listener.landed(EventJson.read(PartitionLanded.class, message.value()));
            }
        } catch (EventException e) {
            // Not for the feed to mend: the service that reads it sets it aside, and that is told.
        }
    }

    private static String reason(ConsumerRecord<String, String> message) {
        Header header = message.headers().lastHeader(REASON);
        return header == null ? "no reason was given" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** New topics are read from their beginning, others from the time at which the feed was started. */
    private final class FromTheStart implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
            Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp start = starts.get(partition);
                if (start == null) {
                    consumer.seekToEnd(List.of(partition));
                } else {
                    consumer.seek(partition, start.offset());
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
    }
}
