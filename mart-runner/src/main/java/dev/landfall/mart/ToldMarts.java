package dev.landfall.mart;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.Topics;
import dev.landfall.runner.WholeTopic;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * What Kafka's readers know of the marts: less than the ledger, when a runner died between a commit and its event. For
 * one thread at a time.
 */
final class ToldMarts {
    private final Topics topics;
    private final ConsumerFactory<String, byte[]> consumers;
    private final Map<String, String> versions = new HashMap<>();
    private long next;

    ToldMarts(Topics topics, ConsumerFactory<String, byte[]> consumers) {
        this.topics = topics;
        this.consumers = consumers;
    }

    /**
     * The version of each model that was told last, by unique id. The topic is read once: later calls read what came
     * since.
     *
     * @throws KafkaException when the topic cannot be read
     */
    Map<String, String> versions() {
        Map<String, byte[]> newest = new HashMap<>();
        next = WholeTopic.read(
                consumers, topics.materialized(), "told", next, message -> newest.put(message.key(), message.value()));
        newest.forEach((model, event) -> version(event).ifPresent(version -> versions.put(model, version)));
        return Map.copyOf(versions);
    }

    private static Optional<String> version(byte @Nullable [] event) {
        if (event == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventJson.read(ModelMaterialized.class, new String(event, StandardCharsets.UTF_8))
                    .version());
        } catch (EventException toldByTheListener) {
            return Optional.empty();
        }
    }
}
