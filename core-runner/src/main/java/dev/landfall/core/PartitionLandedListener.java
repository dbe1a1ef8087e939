package dev.landfall.core;

import dev.landfall.event.EventException;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.support.Acknowledgment;

/** Hands what lands to the lanes, and never waits for them: a long run costs no rebalance. */
class PartitionLandedListener implements ConsumerAwareRebalanceListener {
    static final String LISTENER = "partition-landed";

    private static final Logger log = LoggerFactory.getLogger(PartitionLandedListener.class);

    /** So many streams a log line names. */
    private static final int NAMES = 20;

    private final Topics topics;
    private final StreamLanes lanes;
    private final RequestDesk requests;
    private final DeadLetters deadLetters;
    private final KafkaListenerEndpointRegistry registry;
    private final int maxWaiting;

    PartitionLandedListener(
            Topics topics,
            StreamLanes lanes,
            RequestDesk requests,
            DeadLetters deadLetters,
            KafkaListenerEndpointRegistry registry,
            int maxWaiting) {
        this.topics = topics;
        this.lanes = lanes;
        this.requests = requests;
        this.deadLetters = deadLetters;
        this.registry = registry;
        this.maxWaiting = maxWaiting;
    }

    /** @param messages of one topic */
    @KafkaListener(id = LISTENER, idIsGroup = false, topicPattern = "#{@topics.landedPattern()}", batch = "true")
    void on(List<ConsumerRecord<String, byte[]>> messages, Acknowledgment acknowledgment) {
        StreamName stream = streamOf(messages.get(0).topic());
        List<Landing> landings = new ArrayList<>(messages.size());
        for (ConsumerRecord<String, byte[]> message : messages) {
            decode(message).ifPresent(landings::add);
        }
        lanes.landed(stream, landings, acknowledgment::acknowledge);
        if (lanes.waiting(stream) >= maxWaiting) {
            container().ifPresent(container -> container.pausePartition(partitionOf(stream)));
        }
    }

    /** Fetches a stream again that had too much waiting. */
    void resumeWhenDrained(StreamName stream) {
        TopicPartition partition = partitionOf(stream);
        container()
                .filter(container ->
                        lanes.waiting(stream) < maxWaiting / 2 + 1 && container.isPartitionPauseRequested(partition))
                .ifPresent(container -> container.resumePartition(partition));
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(consumer, partitions);
        for (TopicPartition partition : partitions) {
            StreamName stream = streamOf(partition.topic());
            OffsetAndMetadata offset = committed.get(partition);
            lanes.assigned(stream, offset == null ? 0 : offset.offset(), offset != null && !CommitMark.isOn(offset));
            requests.assigned(stream);
        }
        if (!partitions.isEmpty()) {
            log.info("took the lanes of {}", names(partitions));
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            lanes.revoked(streamOf(partition.topic()));
            // A pause outlives a rebalance: the stream would stand still when it comes back.
            container().ifPresent(container -> container.resumePartition(partition));
        }
        if (!partitions.isEmpty()) {
            log.info("gave away the lanes of {}", names(partitions));
        }
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        onPartitionsRevokedBeforeCommit(consumer, partitions);
    }

    private Optional<Landing> decode(ConsumerRecord<String, byte[]> message) {
        try {
            return LandedTopic.decode(message);
        } catch (EventException e) {
            deadLetters.undecodable(message, e);
            return Optional.empty();
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(
            Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            return consumer.committed(new HashSet<>(partitions));
        } catch (KafkaException e) {
            log.warn("cannot ask for the committed offsets: {}", e.getMessage());
            return Map.of();
        }
    }

    private StreamName streamOf(String topic) {
        String[] parts =
                topic.substring(topics.prefix().length() + ".landed.".length()).split("\\.", -1);
        return new StreamName(parts[0], parts[1]);
    }

    private TopicPartition partitionOf(StreamName stream) {
        return new TopicPartition(topics.landed(stream.source(), stream.stream()), 0);
    }

    private String names(Collection<TopicPartition> partitions) {
        int more = partitions.size() - NAMES;
        return partitions.stream()
                        .map(partition -> streamOf(partition.topic()).toString())
                        .sorted()
                        .limit(NAMES)
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private Optional<MessageListenerContainer> container() {
        return Optional.ofNullable(registry.getListenerContainer(LISTENER));
    }
}
