package dev.landfall.mart;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.Topics;
import dev.landfall.runner.WholeTopic;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerFactory;

/** What Kafka's readers know of the marts: less than the ledger, when a runner died between a commit and its event. */
final class ToldMarts {
    private final Topics topics;
    private final ConsumerFactory<String, byte[]> consumers;

    ToldMarts(Topics topics, ConsumerFactory<String, byte[]> consumers) {
        this.topics = topics;
        this.consumers = consumers;
    }

    /**
     * The version of each mart that was told last, by unique id.
     *
     * @throws KafkaException when the topic cannot be read
     */
    Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        WholeTopic.read(consumers, topics.materialized(), "told", message -> {
            String version = version(message);
            if (version != null) {
                versions.put(message.key(), version);
            }
        });
        return versions;
    }

    private static @Nullable String version(ConsumerRecord<String, byte[]> message) {
        if (message.value() == null) {
            return null;
        }
        try {
            return EventJson.read(ModelMaterialized.class, new String(message.value(), StandardCharsets.UTF_8))
                    .version();
        } catch (EventException toldByTheListener) {
            return null;
        }
    }
}
