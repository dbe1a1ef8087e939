package dev.landfall.sensor;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.event.Topics;
import dev.landfall.lake.Layout;
import dev.landfall.project.StreamName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.PartitionOffset;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Lists streams from end to end when the command line asks for it. A sensor lists everything at its start, so requests
 * that it finds then are answered by that; nothing has to be remembered.
 */
class ListingDesk implements AutoCloseable {
    static final String LISTENER = "run-requests";

    private static final Logger log = LoggerFactory.getLogger(ListingDesk.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    /** Who asked longer ago does not wait for the answer any more. */
    private static final Duration MEMORY = Duration.ofDays(1);

    private final Topics topics;
    private final Sensors sensors;
    private final KafkaTemplate<String, byte[]> kafka;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "listings");
        made.setDaemon(true);
        return made;
    });

    /** @param before the watch that was there already when it was asked; its listing does not count */
    private record Open(
            RunRequested request, Instant since, @Nullable StreamWatch before, String told) {}

    ListingDesk(Topics topics, Sensors sensors, KafkaTemplate<String, byte[]> kafka) {
        this.topics = topics;
        this.sensors = sensors;
        this.kafka = kafka;
    }

    void start() {
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    @KafkaListener(
            id = LISTENER,
            idIsGroup = false,
            groupId = "${landfall.topics.prefix:landfall}.sensor-requests",
            batch = "true",
            topicPartitions =
                    @org.springframework.kafka.annotation.TopicPartition(
                            topic = "#{@topics.runRequests()}",
                            partitionOffsets = @PartitionOffset(partition = "0", initialOffset = "0")))
    void on(List<ConsumerRecord<String, String>> messages) {
        for (ConsumerRecord<String, String> message : messages) {
            try {
                add(EventJson.read(RunRequested.class, message.value()));
            } catch (EventException | IllegalArgumentException e) {
                log.error("{} offset {}: {}; it is passed over", message.topic(), message.offset(), e.getMessage());
            }
        }
    }

    private synchronized void add(RunRequested request) {
        boolean isRecent = request.requestedAt().plus(MEMORY).isAfter(Instant.now());
        if (request.cause().equals(RunRequested.LISTING) && isRecent && !open.containsKey(request.id())) {
            Optional<StreamWatch> begun = sensors.watch(request.stream());
            if (begun.isPresent()) {
                sensors.listAnew(StreamName.parse(request.stream()));
            }
            open.put(request.id(), new Open(request, Instant.now(), begun.orElse(null), ""));
        }
    }

    private synchronized void look() {
        for (Open each : new ArrayList<>(open.values())) {
            sensors.watch(each.request().stream())
                    .filter(watch -> watch != each.before())
                    .ifPresent(watch -> look(each, watch));
        }
    }

    private void look(Open each, StreamWatch watch) {
        String id = each.request().id();
        String problem = watch.problem();
        if (watch.isSettled()) {
            open.remove(id);
            long files = watch.census().of(Layout.Kind.LANDING);
            tell(each, "done", files, files + (files == 1 ? " file is there" : " files are there"));
        } else if (!String.valueOf(problem).equals(each.told())) {
            open.put(id, new Open(each.request(), each.since(), each.before(), String.valueOf(problem)));
            tell(each, problem == null ? "running" : "waiting", 0, problem == null ? "" : problem);
        }
    }

    private void tell(Open each, String state, long files, String message) {
        try {
            String key = "request/" + each.request().id();
            RequestStatus status = new RequestStatus(
                    each.request().id(),
                    each.request().stream(),
                    state,
                    files,
                    files,
                    message,
                    each.since(),
                    Instant.now());
            ProducerRecord<String, byte[]> told = new ProducerRecord<>(
                    topics.status(), key, EventJson.write(status).getBytes(StandardCharsets.UTF_8));
            EventJson.headers(RequestStatus.class, "/sensor", key, Instant.now())
                    .forEach((name, value) -> told.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            CompletableFuture<?> unused = kafka.send(told);
        } catch (RuntimeException e) {
            log.warn(
                    "request {}: its state could not be told: {}",
                    each.request().id(),
                    e.getMessage());
        }
    }
}
