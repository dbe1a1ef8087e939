package dev.landfall.standalone;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/** Asks the services for work and follows it to its end. */
final class Requests {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);
    private static final long SEND_SECONDS = 15;
    /** A list of a hundred thousand partitions is some megabytes, and packs well. */
    private static final int LARGEST = 32 << 20;

    private final RunningSystem system;
    private final Console console;

    Requests(RunningSystem system, Console console) {
        this.system = system;
        this.console = console;
    }

    /** A request, and how the lines about it call it and what it counts. */
    record Asked(RunRequested request, String name, String unit) {
        /** Who does it. */
        String service() {
            return request.cause().equals(RunRequested.LISTING)
                    ? "sensor"
                    : request.stream().isEmpty() ? "mart-runner" : "core-runner";
        }
    }

    /** Sends them, and does not wait. */
    void send(List<Asked> asked) {
        for (Asked each : asked) {
            send(each.request());
            console.progress(
                    each.name() + "  is asked for (request " + each.request().id() + ")");
        }
    }

    /**
     * Sends them and waits until all are done, telling how far they are.
     *
     * @return the last word on each, in the same order
     */
    List<RequestStatus> run(List<Asked> asked) {
        try (KafkaConsumer<String, String> consumer = system.consumer()) {
            TopicPartition status = new TopicPartition(system.topics().status(), 0);
            if (!consumer.listTopics().containsKey(status.topic())) {
                throw new IllegalStateException("no service has ever run on the broker at " + system.where()
                        + ": there is no topic " + status.topic() + "; start the services, or set"
                        + " LANDFALL_TOPICS_PREFIX to theirs");
            }
            consumer.assign(List.of(status));
            consumer.seekToEnd(List.of(status));
            consumer.position(status);
            warnOfThoseAway(asked);
            Map<String, Followed> open = new LinkedHashMap<>();
            for (Asked each : asked) {
                open.put(each.request().id(), new Followed(each));
                send(each.request());
            }
            while (open.values().stream().anyMatch(each -> each.end == null)) {
                for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofMillis(500))) {
                    take(message, open);
                }
            }
            return open.values().stream().map(Followed::ended).toList();
        } catch (KafkaException e) {
            throw system.unreachable(e);
        }
    }

    private void warnOfThoseAway(List<Asked> asked) {
        StatusTopic status = system.status();
        asked.stream()
                .map(Asked::service)
                .distinct()
                .filter(service -> !RunningSystem.isUp(status, service))
                .forEach(service -> console.warning("no " + service + " is up at " + system.where()
                        + "; what is asked for is done when one starts, whether or not this command waits for it"));
    }

    private static void take(ConsumerRecord<String, String> message, Map<String, Followed> open) {
        if (message.key() == null || !message.key().startsWith("request/")) {
            return;
        }
        Followed followed = open.get(message.key().substring("request/".length()));
        if (followed != null) {
            try {
                followed.take(EventJson.read(RequestStatus.class, message.value()));
            } catch (EventException ofAnotherVersion) {
                return;
            }
        }
    }

    private void send(RunRequested request) {
        Map<String, Object> settings = new LinkedHashMap<>(system.kafka());
        settings.put("acks", "all");
        settings.put("compression.type", "gzip");
        settings.put("max.request.size", LARGEST);
        settings.put("max.block.ms", TimeUnit.SECONDS.toMillis(SEND_SECONDS));
        ProducerRecord<String, String> message =
                new ProducerRecord<>(system.topics().runRequests(), request.id(), EventJson.write(request));
        EventJson.headers(RunRequested.class, "/landfall", request.id(), request.requestedAt())
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(message).get(SEND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new IllegalStateException(
                    "the broker at " + system.where() + " does not take the request: " + cause.getMessage(), e);
        }
    }

    /** What is known of one request. */
    private final class Followed {
        private final Asked asked;
        private final Progress progress = new Progress();
        private Instant lastLine = Instant.MIN;
        private String lastProblem = "";
        private @org.jspecify.annotations.Nullable RequestStatus end;

        Followed(Asked asked) {
            this.asked = asked;
        }

        RequestStatus ended() {
            return java.util.Objects.requireNonNull(end);
        }

        void take(RequestStatus status) {
            if (end != null) {
                return;
            }
            boolean ended = status.state().equals("done") || status.state().equals("failed");
            String line = asked.name() + "  " + progress.line(status, asked.unit(), Instant.now());
            if (ended) {
                end = status;
                console.progress(line);
            } else if (status.state().equals("waiting") && !status.message().isEmpty()) {
                if (!status.message().equals(lastProblem)) {
                    lastProblem = status.message();
                    console.warning(asked.name() + " is tried again: " + status.message());
                }
            } else if (lastLine.plus(BETWEEN_LINES).isBefore(Instant.now())) {
                lastLine = Instant.now();
                console.progress(line);
            }
        }
    }
}
