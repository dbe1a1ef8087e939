package dev.landfall.sensor;

import dev.landfall.event.EventJson;
import dev.landfall.event.ServiceStatus;
import dev.landfall.event.Topics;
import dev.landfall.service.HealthChecks;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Tells on the status topic that this service is there, and what it lacks. */
final class StatusReporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);
    private static final String SERVICE = "sensor";
    private static final long HEARTBEAT_SECONDS = 10;

    private final Topics topics;
    private final KafkaTemplate<String, byte[]> kafka;
    private final Sensors sensors;
    private final HealthChecks health;
    private final Instant startedAt = Instant.now();
    private final String instance = ManagementFactory.getRuntimeMXBean().getName();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "status");
        made.setDaemon(true);
        return made;
    });

    StatusReporter(Topics topics, KafkaTemplate<String, byte[]> kafka, Sensors sensors, HealthChecks health) {
        this.topics = topics;
        this.kafka = kafka;
        this.sensors = sensors;
        this.health = health;
    }

    void start() {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::beat, 1, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    /** Tells that this service stopped on purpose. */
    @Override
    public void close() {
        thread.shutdownNow();
        if (health.problems().isEmpty()) {
            tell("stopped", Map.of());
        }
    }

    private void beat() {
        Map<String, String> problems = health.problems();
        if (!problems.containsKey("kafka")) {
            tell(problems.isEmpty() ? "up" : "down", problems);
        }
    }

    private void tell(String state, Map<String, String> problems) {
        try {
            String key = "service/" + SERVICE + "/" + instance;
            ServiceStatus status =
                    new ServiceStatus(SERVICE, instance, state, problems, sensors.checksum(), startedAt, Instant.now());
            ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                    topics.status(), key, EventJson.write(status).getBytes(StandardCharsets.UTF_8));
            EventJson.headers(ServiceStatus.class, "/sensor", key, Instant.now())
                    .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            CompletableFuture<?> unused = kafka.send(message);
        } catch (RuntimeException e) {
            log.debug("the status could not be told", e);
        }
    }
}
