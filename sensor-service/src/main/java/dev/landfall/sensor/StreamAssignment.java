package dev.landfall.sensor;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares the streams among the replicas: each is a member of one consumer group, and who is assigned a stream's topic
 * watches the stream. A watch begins when the topic has been read to its end, transactions that were open at the
 * assignment included; it ends when the topic is taken away.
 *
 * <p>One thread for all streams.
 */
final class StreamAssignment {
    private static final Logger log = LoggerFactory.getLogger(StreamAssignment.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final long RETRY_MS = 1_000;

    private final Topics topics;
    private final LandedTopics landedTopics;
    private final ConsumerMaker consumers;
    private final Watches watches;
    private final ConcurrentLinkedQueue<StreamName> toBeginAnew = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, Owned> owned = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "landfall-sensor");

    private volatile List<StreamConfig> wanted = List.of();
    private List<StreamConfig> subscribed = List.of();
    private Map<String, StreamConfig> byTopic = Map.of();
    private volatile @Nullable ConsumerGroupMetadata member;
    private volatile @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean isStopped;
    private String problem = "";

    /** Makes a consumer that belongs to the sensors' group. */
    interface ConsumerMaker {
        Consumer<String, byte[]> make();
    }

    /** Begins to watch a stream of which this replica knows all that was announced. */
    interface Watches {
        LakeSensor sensor(StreamConfig stream);

        StreamWatch begin(StreamConfig stream, LakeSensor sensor, Announcer announcer);
    }

    /** A stream that is this replica's. */
    private static final class Owned {
        final StreamConfig stream;
        final LakeSensor sensor;
        /** The topic's end when it was assigned, -1 while that is not known. */
        long end = -1;

        @Nullable
        StreamWatch watch;

        Owned(StreamConfig stream, LakeSensor sensor) {
            this.stream = stream;
            this.sensor = sensor;
        }
    }

    StreamAssignment(Topics topics, LandedTopics landedTopics, ConsumerMaker consumers, Watches watches) {
        this.topics = topics;
        this.landedTopics = landedTopics;
        this.consumers = consumers;
        this.watches = watches;
    }

    void start() {
        thread.start();
    }

    /** The streams that are to be watched, by this replica or another. */
    void want(List<StreamConfig> streams) {
        wanted = streams;
    }

    /** Forgets what is known of a stream, and reads its topic again. */
    void beginAnew(StreamName stream) {
        toBeginAnew.add(stream);
    }

    /** The streams that this replica watches. */
    Map<StreamConfig, StreamWatch> watched() {
        Map<StreamConfig, StreamWatch> begun = new HashMap<>();
        owned.values().forEach(stream -> {
            if (stream.watch != null) {
                begun.put(stream.stream, stream.watch);
            }
        });
        return begun;
    }

    void stop() {
        isStopped = true;
        Consumer<String, byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(Duration.ofSeconds(20).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isStopped) {
            try (Consumer<String, byte[]> made = consumers.make()) {
                consumer = made;
                serve(made);
            } catch (WakeupException stopped) {
                log.debug("woken to stop");
            } catch (InterruptException e) {
                isStopped = true;
            } catch (RuntimeException e) {
                tell("cannot take part in the sensors' group: " + e, e instanceof KafkaException ? null : e);
                pause();
            } finally {
                consumer = null;
                member = null;
                subscribed = List.of();
                dropAll();
            }
        }
    }

    private void serve(Consumer<String, byte[]> open) {
        while (!isStopped) {
            boolean isSubscribed = subscribe(open);
            beginAnew(open);
            if (!isSubscribed) {
                pause();
                continue;
            }
            for (ConsumerRecord<String, byte[]> message : open.poll(POLL)) {
                restore(message);
            }
            member = open.groupMetadata();
            askForEnds();
            beginWatches(open);
        }
    }

    /** Whether there is anything to poll for. */
    private boolean subscribe(Consumer<String, byte[]> open) {
        List<StreamConfig> now = wanted;
        if (now.equals(subscribed)) {
            return !now.isEmpty();
        }
        Map<String, StreamConfig> topicsNow = new HashMap<>();
        now.forEach(stream -> topicsNow.put(topic(stream.name()), stream));
        try {
            landedTopics.ensure(topicsNow.keySet());
        } catch (KafkaException | IllegalStateException e) {
            tell(String.valueOf(e.getMessage()), null);
            return !subscribed.isEmpty();
        }
        tell("", null);
        Map<String, StreamConfig> before = byTopic;
        byTopic = topicsNow;
        subscribed = now;
        if (now.isEmpty()) {
            open.unsubscribe();
            dropAll();
            return false;
        }
        if (!before.keySet().equals(topicsNow.keySet()) || owned.isEmpty()) {
            open.subscribe(topicsNow.keySet(), new Rebalances(open));
        }
        topicsNow.forEach((topic, stream) -> {
            StreamConfig known = before.get(topic);
            if (known != null && !known.equals(stream)) {
                beginAnew(stream.name());
            }
        });
        return true;
    }

    private void beginAnew(Consumer<String, byte[]> open) {
        Set<StreamName> streams = new TreeSet<>();
        for (StreamName each = toBeginAnew.poll(); each != null; each = toBeginAnew.poll()) {
            streams.add(each);
        }
        for (StreamName stream : streams) {
            TopicPartition partition = new TopicPartition(topic(stream), 0);
            if (owned.containsKey(partition)) {
                drop(partition);
                open.resume(List.of(partition));
                take(open, partition);
            }
        }
    }

    private void take(Consumer<String, byte[]> open, TopicPartition partition) {
        StreamConfig stream = byTopic.get(partition.topic());
        if (stream != null) {
            owned.put(partition, new Owned(stream, watches.sensor(stream)));
            open.seekToBeginning(List.of(partition));
        }
    }

    private void restore(ConsumerRecord<String, byte[]> message) {
        Owned stream = owned.get(new TopicPartition(message.topic(), message.partition()));
        if (stream == null || stream.watch != null) {
            return;
        }
        try {
            String json = message.value() == null ? null : new String(message.value(), StandardCharsets.UTF_8);
            stream.sensor.announced(EventJson.read(PartitionLanded.class, json));
        } catch (EventException | IllegalArgumentException e) {
            log.error(
                    "stream {}: topic {} offset {} is left out: {}; only the sensor may write there",
                    stream.stream.name(),
                    message.topic(),
                    message.offset(),
                    e.getMessage());
        }
    }

    /**
     * Where the topics end, records of open transactions included: somebody who had a stream before may have written
     * them, and they count as soon as they are committed.
     */
    private void askForEnds() {
        Map<TopicPartition, Owned> asked = new HashMap<>();
        owned.forEach((partition, stream) -> {
            if (stream.end < 0) {
                asked.put(partition, stream);
            }
        });
        if (!asked.isEmpty()) {
            try {
                landedTopics.ends(asked.keySet()).forEach((partition, end) -> {
                    Owned stream = asked.get(partition);
                    if (stream != null) {
                        stream.end = end;
                    }
                });
            } catch (KafkaException e) {
                tell(String.valueOf(e.getMessage()), null);
            }
        }
    }

    private void beginWatches(Consumer<String, byte[]> open) {
        owned.forEach((partition, stream) -> {
            if (stream.watch == null && stream.end >= 0 && position(open, partition) >= stream.end) {
                // What comes from now on is what this replica writes itself.
                open.pause(List.of(partition));
                StreamWatch watch =
                        watches.begin(stream.stream, stream.sensor, landings -> announce(partition, stream, landings));
                stream.watch = watch;
                watch.start();
            }
        });
    }

    private void announce(TopicPartition partition, Owned stream, List<PartitionLanded> landings)
            throws NotAnnouncedException {
        ConsumerGroupMetadata group = member;
        StreamWatch watch = stream.watch;
        if (group == null || watch == null || watch.isStopped() || owned.get(partition) != stream) {
            throw NotAnnouncedException.none("stream " + stream.stream.name() + " is not this replica's now", null);
        }
        landedTopics.publish(partition.topic(), landings, group);
    }

    private static long position(Consumer<String, byte[]> open, TopicPartition partition) {
        try {
            return open.position(partition, Duration.ofMillis(100));
        } catch (TimeoutException notKnownYet) {
            return -1;
        }
    }

    private void drop(TopicPartition partition) {
        Owned gone = owned.remove(partition);
        if (gone != null && gone.watch != null) {
            gone.watch.stop();
        }
    }

    private void dropAll() {
        new HashSet<>(owned.keySet()).forEach(this::drop);
    }

    private String topic(StreamName stream) {
        return topics.landed(stream.source(), stream.stream());
    }

    private void tell(String what, @Nullable Exception bug) {
        if (!what.equals(problem)) {
            if (what.isEmpty()) {
                log.info("Kafka is well again");
            } else {
                log.error("{}", what, bug);
            }
            problem = what;
        }
    }

    private void pause() {
        try {
            Thread.sleep(isStopped ? 0 : wanted.isEmpty() ? POLL.toMillis() : RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            isStopped = true;
        }
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        private final Consumer<String, byte[]> open;

        Rebalances(Consumer<String, byte[]> open) {
            this.open = open;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            member = open.groupMetadata();
            partitions.forEach(partition -> take(open, partition));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(StreamAssignment.this::drop);
        }
    }
}
