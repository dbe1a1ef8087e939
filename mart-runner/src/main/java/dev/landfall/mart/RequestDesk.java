package dev.landfall.mart;

import dev.landfall.event.RunRequested;
import dev.landfall.runner.Requests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.PartitionOffset;

/**
 * Keeps the requests for marts until they are done. Every replica reads all requests from the beginning; the one that
 * runs the waves does those that no status calls finished: so a request outlives the death of its runner.
 */
class RequestDesk {
    static final String LISTENER = "run-requests";

    private final Requests requests;
    private final Map<String, RunRequested> open = new LinkedHashMap<>();
    private Runnable wake = () -> {};

    RequestDesk(Requests requests) {
        this.requests = requests;
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
        for (RunRequested request : requests.read(messages)) {
            added |= add(request);
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
            open.keySet().removeAll(requests.finished());
        }
        return open.values().stream().findFirst();
    }

    synchronized void finished(RunRequested request) {
        open.remove(request.id());
    }
}
