package dev.landfall.mart;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.telemetry.Trail;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.support.Acknowledgment;

/** Wakes the waves when core models are there. An event that cannot be read wakes them too: truth is in the ledger. */
class ModelMaterializedListener implements ConsumerAwareRebalanceListener {
    static final String LISTENER = "model-materialized";

    private static final Logger log = LoggerFactory.getLogger(ModelMaterializedListener.class);

    private final Waves waves;
    private final MartRunner runner;
    private final Trails trails;

    ModelMaterializedListener(Waves waves, MartRunner runner, Trails trails) {
        this.waves = waves;
        this.runner = runner;
        this.trails = trails;
    }

    @KafkaListener(id = LISTENER, idIsGroup = false, topics = "#{@topics.materialized()}", batch = "true")
    void on(List<ConsumerRecord<String, byte[]>> messages, Acknowledgment acknowledgment) {
        messages.forEach(this::on);
        waves.commitAfterwards(acknowledgment::acknowledge);
    }

    private void on(ConsumerRecord<String, byte[]> message) {
        if (message.value() == null) {
            return;
        }
        try {
            ModelMaterialized event =
                    EventJson.read(ModelMaterialized.class, new String(message.value(), StandardCharsets.UTF_8));
            // A mart's own event tells nothing new: its children were built in the same wave.
            if (event.layer().equals("core")) {
                trails.put(event.model(), Trail.from(name -> header(message, name)));
                waves.materialized(event.model(), event.more());
            }
        } catch (EventException e) {
            log.error("{} offset {}: {}", message.topic(), message.offset(), e.getMessage());
            waves.materialized(String.valueOf(message.key()), false);
        }
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            runner.assigned();
            waves.assigned();
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            waves.revoked();
        }
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        onPartitionsRevokedBeforeCommit(consumer, partitions);
    }
}
