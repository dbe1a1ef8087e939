package dev.landfall.core;

import dev.landfall.event.DeadLetterStatus;
import dev.landfall.event.ServiceStatus;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamName;
import dev.landfall.run.DeadLettered;
import dev.landfall.run.StreamRunner;
import dev.landfall.runner.EventPublisher;
import dev.landfall.service.Engine;
import dev.landfall.service.HealthChecks;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the status topic current; what cannot be told now is told later. */
final class StatusReporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);
    private static final String SERVICE = "core-runner";
    private static final int DEAD_LETTERS = 1_000;
    private static final Duration LANES = Duration.ofSeconds(1);
    private static final Duration MODELS = Duration.ofSeconds(5);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final Topics topics;
    private final EventPublisher publisher;
    private final Engine engine;
    private final ModelBook book;
    private final HealthChecks health;
    private final Instant startedAt = Instant.now();
    private final String instance = ManagementFactory.getRuntimeMXBean().getName();
    private final Set<StreamName> changedLanes = ConcurrentHashMap.newKeySet();
    private final Map<StreamName, List<DeadLetterStatus.LeftOut>> deadLetters = new HashMap<>();
    private final Set<StreamName> changedModels = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "status");
        made.setDaemon(true);
        return made;
    });

    StatusReporter(Topics topics, EventPublisher publisher, Engine engine, ModelBook book, HealthChecks health) {
        this.topics = topics;
        this.publisher = publisher;
        this.engine = engine;
        this.book = book;
        this.health = health;
    }

    void changed(StreamName stream) {
        changedLanes.add(stream);
        changedModels.add(stream);
    }

    void start(StreamLanes lanes) {
        every(LANES, () -> tellLanes(lanes));
        every(MODELS, this::tellModels);
        every(HEARTBEAT, () -> tellService(health.problems().isEmpty() ? "up" : "down"));
    }

    /** Tells that this service stopped on purpose. */
    @Override
    public void close() {
        thread.shutdownNow();
        tellService("stopped");
    }

    private void every(Duration period, Runnable work) {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        log.debug("the status could not be told", e);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void tellLanes(StreamLanes lanes) {
        for (StreamName stream : take(changedLanes)) {
            lanes.status(stream).ifPresent(status -> tell("stream/" + stream, status));
        }
    }

    private void tellModels() {
        if (!health.problems().isEmpty()) {
            return;
        }
        for (StreamName stream : take(changedModels)) {
            List<StreamRunner.CoreState> states = engine.streams().explain(stream);
            states.forEach(core -> tell("model/" + core.model(), book.status(stream.toString(), core)));
            if (states.stream().anyMatch(core -> core.filesDead() > 0) || !isToldThatNoneAreLeftOut(stream)) {
                tellDeadLetters(stream);
            }
        }
    }

    private synchronized boolean isToldThatNoneAreLeftOut(StreamName stream) {
        return List.of().equals(deadLetters.get(stream));
    }

    /** Tells which files a stream's models leave out, when that is not told yet. */
    synchronized void tellDeadLetters(StreamName stream) {
        List<DeadLettered> dead = engine.streams().deadLetters(stream);
        List<DeadLetterStatus.LeftOut> files = dead.stream()
                .limit(DEAD_LETTERS)
                .map(each -> new DeadLetterStatus.LeftOut(
                        each.model(),
                        each.bucket(),
                        each.file().key(),
                        each.file().etag(),
                        each.partition(),
                        each.reason(),
                        each.at()))
                .toList();
        List<DeadLetterStatus.LeftOut> before = deadLetters.put(stream, files);
        // Also once when there are none: what an earlier runner told may not be true any more.
        if (!files.equals(before)) {
            tell("dead/" + stream, new DeadLetterStatus(stream.toString(), (long) dead.size(), files, Instant.now()));
        }
    }

    private void tellService(String state) {
        Map<String, String> problems = state.equals("stopped") ? Map.of() : health.problems();
        String checksum =
                engine.project().current().map(project -> project.checksum()).orElse("");
        tell(
                "service/" + SERVICE + "/" + instance,
                new ServiceStatus(SERVICE, instance, state, problems, checksum, startedAt, Instant.now()));
    }

    private void tell(String key, Record status) {
        CompletableFuture<?> unused = publisher.send(topics.status(), key, status);
    }

    private static Set<StreamName> take(Set<StreamName> streams) {
        Set<StreamName> taken = new HashSet<>(streams);
        streams.removeAll(taken);
        return taken;
    }
}
