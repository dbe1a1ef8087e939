package dev.landfall.standalone;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.LaneStatus;
import dev.landfall.event.ModelStatus;
import dev.landfall.event.ServiceStatus;
import dev.landfall.event.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What running services tell of themselves: the newest word of each, by name. */
record StatusTopic(
        Map<String, ServiceStatus> services, Map<String, LaneStatus> streams, Map<String, ModelStatus> models) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Reads the topic to its end; nothing when there is no such topic yet. */
    static StatusTopic read(String bootstrapServers, Topics topics) {
        StatusTopic status = new StatusTopic(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "allow.auto.create.topics",
                "false",
                "default.api.timeout.ms",
                String.valueOf(PATIENCE.toMillis()));
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<PartitionInfo> known = consumer.listTopics().getOrDefault(topics.status(), List.of());
            List<TopicPartition> partitions = known.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(message -> status.add(message.key(), message.value()));
            }
            return status;
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    "the broker at " + bootstrapServers + " does not answer: " + e.getMessage(), e);
        }
    }

    private void add(String key, String value) {
        try {
            if (key.startsWith("service/")) {
                services.put(key.substring("service/".length()), EventJson.read(ServiceStatus.class, value));
            } else if (key.startsWith("stream/")) {
                streams.put(key.substring("stream/".length()), EventJson.read(LaneStatus.class, value));
            } else if (key.startsWith("model/")) {
                models.put(key.substring("model/".length()), EventJson.read(ModelStatus.class, value));
            }
        } catch (EventException e) {
            // Of a newer or older service: nothing that can be shown.
        }
    }

    /** {@code sensor up, core-runner down: no bucket 'landing'}. */
    String servicesInWords() {
        return services.values().stream()
                .map(service -> service.service() + " " + service.state()
                        + (service.problems().isEmpty()
                                ? ""
                                : ": " + String.join("; ", service.problems().values())))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
