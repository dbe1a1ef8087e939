package dev.landfall.testing;

import dev.landfall.broker.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker for one test class, and raw records in and out of it. Tests of one class share it: let them use topics of
 * their own.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final KafkaFixture kafka = KafkaFixture.embedded();
 * }</pre>
 */
public final class KafkaFixture implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final @Nullable Supplier<String> elsewhere;
    private final Map<String, String> settings;
    private @Nullable Path directory;
    private @Nullable EmbeddedKafka broker;
    private int port;
    private @Nullable Admin admin;
    private @Nullable KafkaProducer<String, String> producer;

    private KafkaFixture(@Nullable Supplier<String> elsewhere, Map<String, String> settings) {
        this.elsewhere = elsewhere;
        this.settings = settings;
    }

    /** A real broker in this JVM, on a temporary directory. */
    public static KafkaFixture embedded() {
        return new KafkaFixture(null, Map.of());
    }

    /** As {@link #embedded()}; it sends its clients, this fixture among them, through the proxy. */
    public static KafkaFixture behind(FaultyProxy proxy) {
        return new KafkaFixture(null, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + proxy.port()));
    }

    /** A broker that somebody else runs, say a container; asked for when the test class starts. */
    public static KafkaFixture at(Supplier<String> bootstrapServers) {
        return new KafkaFixture(bootstrapServers, Map.of());
    }

    /** For use without JUnit: start, and {@link #close()} at the end. */
    public KafkaFixture start() {
        if (elsewhere == null && broker == null) {
            if (directory == null) {
                directory = temporaryDirectory();
            }
            broker = startOn(directory.resolve("kafka"));
            port = broker.port();
        }
        return this;
    }

    /** A client that tried to reach a stopped broker may have got its port as its own, for a moment. */
    private EmbeddedKafka startOn(Path data) {
        Instant limit = Instant.now().plus(LIMIT);
        while (true) {
            try {
                return EmbeddedKafka.start(data, port, settings);
            } catch (IllegalStateException e) {
                if (port == 0 || Instant.now().isAfter(limit)) {
                    throw e;
                }
                sleep();
            }
        }
    }

    /** Stops the broker as at an outage; {@link #start()} brings it back on the same port with the same data. */
    public void stop() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    public int port() {
        return port;
    }

    public String bootstrapServers() {
        return elsewhere != null ? elsewhere.get() : "127.0.0.1:" + port;
    }

    /** One partition, compacted; fine when it is there already. */
    public void createTopic(String name) {
        NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty());
        topic.configs(Map.of("cleanup.policy", "compact"));
        try {
            get(admin().createTopics(List.of(topic)).all());
        } catch (TopicExistsException fine) {
            return;
        }
    }

    public Set<String> topics() {
        return get(admin().listTopics().names());
    }

    /** Sends one record and waits until the broker has it; returns its offset. */
    public long send(String topic, @Nullable String key, @Nullable String value) {
        return send(topic, key, value, Map.of());
    }

    public long send(String topic, @Nullable String key, @Nullable String value, Map<String, String> headers) {
        ProducerRecord<String, String> message = new ProducerRecord<>(topic, key, value);
        headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        try {
            return producer()
                    .send(message)
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .offset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot send to " + topic, e);
        }
    }

    /** Every committed record of a topic, from the beginning to its present end; none when there is no such topic. */
    public List<ConsumerRecord<String, String>> read(String topic) {
        if (!topics().contains(topic)) {
            return List.of();
        }
        try (KafkaConsumer<String, String> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            Instant limit = Instant.now().plus(LIMIT);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                if (Instant.now().isAfter(limit)) {
                    throw new AssertionError("could not read " + topic + " to its end within " + LIMIT);
                }
                consumer.poll(Duration.ofMillis(50)).forEach(records::add);
            }
            return records;
        }
    }

    /** Reads a topic until its records are as wanted, and returns them; fails with what there was after two minutes. */
    public List<ConsumerRecord<String, String>> await(
            String topic, Predicate<List<ConsumerRecord<String, String>>> wanted) {
        return await(topic, LIMIT, wanted);
    }

    public List<ConsumerRecord<String, String>> await(
            String topic, Duration limit, Predicate<List<ConsumerRecord<String, String>>> wanted) {
        Instant end = Instant.now().plus(limit);
        while (true) {
            List<ConsumerRecord<String, String>> records = read(topic);
            if (wanted.test(records)) {
                return records;
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not what was awaited on " + topic + " within " + limit + ": "
                        + records.stream().map(ConsumerRecord::value).toList());
            }
            sleep();
        }
    }

    /** Reads a topic until it has at least so many records. */
    public List<ConsumerRecord<String, String>> awaitCount(String topic, int count) {
        return await(topic, records -> records.size() >= count);
    }

    /** The group's committed offset on partition 0, or -1 when it has none. */
    public long committed(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                get(admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        OffsetAndMetadata offset = offsets.get(new TopicPartition(topic, 0));
        return offset == null ? -1 : offset.offset();
    }

    public Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
        }
        return admin;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
        stop();
        if (directory != null) {
            delete(directory);
            directory = null;
        }
    }

    private KafkaProducer<String, String> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrapServers(), "linger.ms", 0),
                    new StringSerializer(),
                    new StringSerializer());
        }
        return producer;
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker did not answer within " + LIMIT, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("landfall-kafka-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            Collection<Path> deepestFirst =
                    paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
