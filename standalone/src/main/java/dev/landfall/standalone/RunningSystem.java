package dev.landfall.standalone;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.ServiceStatus;
import dev.landfall.event.Topics;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.StreamName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The services that commands talk to through Kafka: those of {@code landfall up} on the project's warehouse, else those
 * on the broker that the environment names.
 *
 * @param where the broker and who runs there, in words
 */
record RunningSystem(Map<String, Object> kafka, Topics topics, String where) {
    /** Services speak every ten seconds. */
    private static final Duration ALIVE = Duration.ofSeconds(30);

    private static final int PATIENCE_MS = 10_000;

    /** The system that is meant; empty when nothing names a broker. */
    static Optional<RunningSystem> find(Landfall landfall) throws InvalidProjectException {
        Surroundings surroundings = landfall.surroundings();
        Optional<String> servers = surroundings.variable(KafkaSettings.SERVERS);
        Optional<RunningInstance> up = Optional.empty();
        try {
            up = RunningInstance.of(landfall.project());
        } catch (InvalidProjectException e) {
            // What only talks to services needs no project of its own.
            if (servers.isEmpty()) {
                throw e;
            }
        }
        if (up.isPresent()) {
            String broker = up.get().bootstrapServers();
            return Optional.of(new RunningSystem(
                    Map.of("bootstrap.servers", broker, "client.id", "landfall"),
                    landfall.topics(),
                    broker + " (landfall up, process " + up.get().process() + ")"));
        }
        return servers.map(
                broker -> new RunningSystem(KafkaSettings.of(broker, surroundings), landfall.topics(), broker));
    }

    /** The services of this process. */
    static RunningSystem of(Pipeline pipeline) {
        return new RunningSystem(
                Map.of("bootstrap.servers", pipeline.bootstrapServers()),
                pipeline.topics(),
                pipeline.bootstrapServers());
    }

    /** @throws IllegalStateException when nothing names a broker; the message says how to name one */
    static RunningSystem get(Landfall landfall) throws InvalidProjectException {
        return find(landfall)
                .orElseThrow(() -> new IllegalStateException(
                        "this command asks running services, and there are none: start 'landfall up' on this project, or"
                                + " name the broker of the services in SPRING_KAFKA_BOOTSTRAP_SERVERS"));
    }

    StatusTopic status() {
        return StatusTopic.read(this);
    }

    /** Whether a service of this name has spoken lately. */
    boolean isUp(String service) {
        return isUp(status(), service);
    }

    static boolean isUp(StatusTopic status, String service) {
        Instant limit = Instant.now().minus(ALIVE);
        return status.services().values().stream()
                .anyMatch(each -> each.service().equals(service) && isUp(each, limit));
    }

    private static boolean isUp(ServiceStatus service, Instant limit) {
        return !service.state().equals("stopped") && service.at().isAfter(limit);
    }

    /**
     * A landing in its stream's topic.
     *
     * @param problem why the record is no landing; empty when it is one
     */
    record Landed(String key, long offset, Optional<PartitionLanded> landing, String problem) {}

    /** The newest record of each key of a stream's landed topic, in the order of the topic. */
    List<Landed> landed(StreamName stream) {
        String topic = topics.landed(stream.source(), stream.stream());
        Map<String, Landed> newest = new LinkedHashMap<>();
        read(topic, message -> {
            newest.remove(message.key());
            if (message.value() != null) {
                newest.put(message.key(), landed(message));
            }
        });
        return newest.values().stream()
                .sorted(Comparator.comparingLong(Landed::offset))
                .toList();
    }

    private static Landed landed(ConsumerRecord<String, String> message) {
        try {
            PartitionLanded landing = EventJson.read(PartitionLanded.class, message.value());
            return new Landed(message.key(), message.offset(), Optional.of(landing), "");
        } catch (EventException e) {
            return new Landed(message.key(), message.offset(), Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** The streams that have a landed topic. */
    List<StreamName> streams() {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            String prefix = topics.landed("", "").replaceAll("\\.$", "");
            List<StreamName> streams = new ArrayList<>();
            consumer.listTopics().keySet().stream()
                    .filter(topics.landedPattern().asMatchPredicate())
                    .sorted()
                    .forEach(topic -> {
                        String[] parts = topic.substring(prefix.length()).split("\\.", -1);
                        streams.add(new StreamName(parts[0], parts[1]));
                    });
            return streams;
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /** Reads a topic from the beginning to its present end; nothing when there is no such topic. */
    void read(String topic, Consumer<ConsumerRecord<String, String>> listener) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.listTopics().getOrDefault(topic, List.of()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(listener);
            }
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    KafkaConsumer<String, String> consumer() {
        Map<String, Object> settings = new LinkedHashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("allow.auto.create.topics", "false");
        settings.put("enable.auto.commit", "false");
        settings.put("default.api.timeout.ms", PATIENCE_MS);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    IllegalStateException unreachable(KafkaException e) {
        return new IllegalStateException("the broker at " + where + " does not answer: " + e.getMessage(), e);
    }
}
