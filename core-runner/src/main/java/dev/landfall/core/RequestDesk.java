package dev.landfall.core;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.PartitionOffset;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Hands requests to the lanes. Every replica reads all requests from the beginning, and a lane's owner does those that
 * no status calls finished: so a request outlives the death of its runner.
 */
class RequestDesk {
    static final String LISTENER = "run-requests";

    private static final Logger log = LoggerFactory.getLogger(RequestDesk.class);

    private final Topics topics;
    private final StreamLanes lanes;
    private final ConsumerFactory<String, byte[]> consumers;
    private final Map<String, RunRequested> open = new LinkedHashMap<>();
    private final Set<String> handedOver = new HashSet<>();

    RequestDesk(Topics topics, StreamLanes lanes, ConsumerFactory<String, byte[]> consumers) {
        this.topics = topics;
        this.lanes = lanes;
        this.consumers = consumers;
    }

    @KafkaListener(
            id = LISTENER,
            idIsGroup = false,
            groupId = "${landfall.topics.prefix:landfall}-core-runner-requests",
            batch = "true",
            topicPartitions =
                    @org.springframework.kafka.annotation.TopicPartition(
                            topic = "#{@topics.runRequests()}",
                            partitionOffsets = @PartitionOffset(partition = "0", initialOffset = "0")))
    void on(List<ConsumerRecord<String, byte[]>> messages) {
        for (ConsumerRecord<String, byte[]> message : messages) {
            try {
                add(EventJson.read(RunRequested.class, message.value() == null ? null : text(message.value())));
            } catch (EventException | IllegalArgumentException e) {
                log.error("{} offset {}: {}; it is passed over", message.topic(), message.offset(), e.getMessage());
            }
        }
        handOver();
    }

    private synchronized void add(RunRequested request) {
        if (!request.stream().isEmpty() && !request.cause().equals(RunRequested.LISTING)) {
            streamOf(request);
            open.putIfAbsent(request.id(), request);
        }
    }

    /** The stream's lane is here again: what was asked of it meanwhile is asked anew. */
    synchronized void assigned(StreamName stream) {
        open.values().stream()
                .filter(request -> streamOf(request).equals(stream))
                .forEach(request -> handedOver.remove(request.id()));
        handOver();
    }

    private synchronized void handOver() {
        if (open.keySet().stream().allMatch(handedOver::contains)) {
            return;
        }
        Set<String> finished = finished();
        open.keySet().removeAll(finished);
        for (RunRequested request : open.values()) {
            if (!handedOver.contains(request.id()) && lanes.request(streamOf(request), new OpenRequest(request))) {
                handedOver.add(request.id());
            }
        }
    }

    private static StreamName streamOf(RunRequested request) {
        return StreamName.parse(request.stream());
    }

    /** Requests that the status topic calls done or failed. */
    private Set<String> finished() {
        TopicPartition status = new TopicPartition(topics.status(), 0);
        Set<String> finished = new HashSet<>();
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        try (Consumer<String, byte[]> consumer =
                consumers.createConsumer((@Nullable String) null, "requests", null, properties)) {
            consumer.assign(List.of(status));
            consumer.seekToBeginning(List.of(status));
            long end = consumer.endOffsets(List.of(status)).getOrDefault(status, 0L);
            while (consumer.position(status) < end) {
                for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(200))) {
                    request(message)
                            .filter(each -> Set.of("done", "failed").contains(each.state()))
                            .ifPresent(each -> finished.add(each.id()));
                }
            }
        } catch (KafkaException e) {
            log.warn("cannot read {}: {}; requests may be done twice", topics.status(), e.getMessage());
        }
        return finished;
    }

    private static Optional<RequestStatus> request(ConsumerRecord<String, byte[]> message) {
        if (message.key() == null || !message.key().startsWith("request/") || message.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventJson.read(RequestStatus.class, text(message.value())));
        } catch (EventException notOurs) {
            return Optional.empty();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
