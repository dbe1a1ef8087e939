package dev.landfall.mart;

import dev.landfall.event.ServiceStatus;
import dev.landfall.event.Topics;
import dev.landfall.runner.EventPublisher;
import dev.landfall.service.Engine;
import dev.landfall.service.HealthChecks;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells on the status topic that this service is there, and what it lacks. */
final class StatusReporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);
    private static final String SERVICE = "mart-runner";
    private static final long HEARTBEAT_SECONDS = 10;

    private final Topics topics;
    private final EventPublisher publisher;
    private final Engine engine;
    private final HealthChecks health;
    private final Instant startedAt = Instant.now();
    private final String instance = ManagementFactory.getRuntimeMXBean().getName();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "status");
        made.setDaemon(true);
        return made;
    });

    StatusReporter(Topics topics, EventPublisher publisher, Engine engine, HealthChecks health) {
        this.topics = topics;
        this.publisher = publisher;
        this.engine = engine;
        this.health = health;
    }

    void start() {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::beat, 1, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    /** Tells that this service stopped on purpose. */
    @Override
    public void close() {
        thread.shutdownNow();
        tell("stopped", Map.of());
    }

    private void beat() {
        try {
            Map<String, String> problems = health.problems();
            tell(problems.isEmpty() ? "up" : "down", problems);
        } catch (RuntimeException e) {
            log.debug("the status could not be told", e);
        }
    }

    private void tell(String state, Map<String, String> problems) {
        String checksum =
                engine.project().current().map(project -> project.checksum()).orElse("");
        ServiceStatus status =
                new ServiceStatus(SERVICE, instance, state, problems, checksum, startedAt, Instant.now());
        CompletableFuture<?> unused = publisher.send(topics.status(), "service/" + SERVICE + "/" + instance, status);
    }
}
