package dev.landfall.mart;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.event.Topics;
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
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.PartitionOffset;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Keeps the requests for marts until they are done. Every replica reads all requests from the beginning; the one that
 * runs the waves does those that no status calls finished: so a request outlives the death of its runner.
 */
class RequestDesk {
    static final String LISTENER = "run-requests";

    private static final Logger log = LoggerFactory.getLogger(RequestDesk.class);

    private final Topics topics;
    private final ConsumerFactory<String, byte[]> consumers;
    private final Map<String, RunRequested> open = new LinkedHashMap<>();
    private Runnable wake = () -> {};

    RequestDesk(Topics topics, ConsumerFactory<String, byte[]> consumers) {
        this.topics = topics;
        this.consumers = consumers;
    }

    /** Called when there is a request. */
    synchronized void onRequest(Runnable listener) {
        wake = listener;
    }

    @KafkaListener(
            id = LISTENER,
            idIsGroup = false,
            groupId = "${landfall.topics.prefix:landfall}-mart-runner-requests",
            batch = "true",
            topicPartitions =
                    @org.springframework.kafka.annotation.TopicPartition(
                            topic = "#{@topics.runRequests()}",
                            partitionOffsets = @PartitionOffset(partition = "0", initialOffset = "0")))
    void on(List<ConsumerRecord<String, byte[]>> messages) {
        boolean added = false;
        for (ConsumerRecord<String, byte[]> message : messages) {
            try {
                added |=
                        add(EventJson.read(RunRequested.class, message.value() == null ? null : text(message.value())));
            } catch (EventException e) {
                log.error("{} offset {}: {}; it is passed over", message.topic(), message.offset(), e.getMessage());
            }
        }
        if (added) {
            wake();
        }
    }

    private synchronized boolean add(RunRequested request) {
        return request.stream().isEmpty() && open.putIfAbsent(request.id(), request) == null;
    }

    private synchronized void wake() {
        wake.run();
    }

    /** The oldest request that is not finished. */
    synchronized Optional<RunRequested> next() {
        if (!open.isEmpty()) {
            open.keySet().removeAll(finishedElsewhere());
        }
        return open.values().stream().findFirst();
    }

    synchronized void finished(RunRequested request) {
        open.remove(request.id());
    }

    private Set<String> finishedElsewhere() {
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
