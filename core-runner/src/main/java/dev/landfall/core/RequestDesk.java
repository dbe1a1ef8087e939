package dev.landfall.core;

import dev.landfall.event.RunRequested;
import dev.landfall.project.StreamName;
import dev.landfall.runner.Requests;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.PartitionOffset;

/**
 * Hands requests to the lanes. Every replica reads all requests from the beginning, and a lane's owner does those that
 * no status calls finished: so a request outlives the death of its runner.
 */
class RequestDesk {
    static final String LISTENER = "run-requests";

    private static final Logger log = LoggerFactory.getLogger(RequestDesk.class);

    private final Requests requests;
    private final StreamLanes lanes;
    private final Map<String, RunRequested> open = new LinkedHashMap<>();
    private final Set<String> handedOver = new HashSet<>();

    RequestDesk(Requests requests, StreamLanes lanes) {
        this.requests = requests;
        this.lanes = lanes;
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
        requests.read(messages).forEach(this::add);
        handOver();
    }

    private synchronized void add(RunRequested request) {
        if (!request.stream().isEmpty() && !request.cause().equals(RunRequested.LISTING)) {
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

    private Set<String> finished() {
        try {
            return requests.finished();
        } catch (KafkaException e) {
            log.warn("{}; requests may be done twice", e.getMessage());
            return Set.of();
        }
    }
}
