package dev.landfall.runner;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * The requests of operators as Kafka holds them. Every replica reads all of them from the beginning, and asks the status
 * topic which are finished: so a request outlives the death of its runner.
 */
public final class Requests {
    private static final Logger log = LoggerFactory.getLogger(Requests.class);

    private final Topics topics;
    private final ConsumerFactory<String, byte[]> consumers;

    public Requests(Topics topics, ConsumerFactory<String, byte[]> consumers) {
        this.topics = topics;
        this.consumers = consumers;
    }

    /** Those that can be read; of the others the log tells. */
    public List<RunRequested> read(List<ConsumerRecord<String, byte[]>> messages) {
        List<RunRequested> requests = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> message : messages) {
            try {
                RunRequested request = EventJson.read(RunRequested.class, text(message.value()));
                if (!request.stream().isEmpty()) {
                    StreamName.parse(request.stream());
                }
                requests.add(request);
            } catch (EventException | IllegalArgumentException e) {
                log.error("{} offset {}: {}; it is passed over", message.topic(), message.offset(), e.getMessage());
            }
        }
        return requests;
    }

    /**
     * The ids of those that are done or failed.
     *
     * @throws KafkaException when the status topic cannot be read
     */
    public Set<String> finished() {
        Set<String> finished = new HashSet<>();
        WholeTopic.read(
                consumers,
                topics.status(),
                "requests",
                0,
                message -> status(message)
                        .filter(each -> Set.of("done", "failed").contains(each.state()))
                        .ifPresent(each -> finished.add(each.id())));
        return finished;
    }

    private static Optional<RequestStatus> status(ConsumerRecord<String, byte[]> message) {
        if (message.key() == null || !message.key().startsWith("request/") || message.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventJson.read(RequestStatus.class, text(message.value())));
        } catch (EventException notOurs) {
            return Optional.empty();
        }
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
