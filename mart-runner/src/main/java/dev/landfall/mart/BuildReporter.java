package dev.landfall.mart;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.ModelStatus;
import dev.landfall.event.ModelTested;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.event.Topics;
import dev.landfall.run.EagerMarts.Staleness;
import dev.landfall.run.EagerMarts.State;
import dev.landfall.run.RunResult;
import dev.landfall.runner.EventPublisher;
import dev.landfall.telemetry.RunWatch;
import dev.landfall.telemetry.Trail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Publishes and logs what became of builds, and how the marts stand after a wave. */
final class BuildReporter {
    private static final Logger log = LoggerFactory.getLogger(BuildReporter.class);

    private final Topics topics;
    private final EventPublisher publisher;
    private final RunWatch watch;
    private final Trails trails;
    private final Instant startedAt = Instant.now();
    /** The version of each mart that was published last, so that a repeated event is published once. */
    private final Map<String, String> published = new ConcurrentHashMap<>();
    /** The failure of each mart that was told last, so that a failure that goes on is told once. */
    private final Map<String, String> failing = new ConcurrentHashMap<>();

    private final Map<String, String> skipped = new ConcurrentHashMap<>();
    private final Map<String, ModelMaterialized> runs = new ConcurrentHashMap<>();
    private final Map<String, String> testNotes = new ConcurrentHashMap<>();
    private final Map<String, ModelStatus> told = new HashMap<>();
    private volatile long stale;

    BuildReporter(Topics topics, EventPublisher publisher, RunWatch watch, Trails trails) {
        this.topics = topics;
        this.publisher = publisher;
        this.watch = watch;
        this.trails = trails;
    }

    /** Learns of a mart's last run, that of another runner it may be. */
    void remember(ModelMaterialized event) {
        runs.put(event.model(), event);
    }

    /** Starts the report of a wave. */
    Report begin() {
        return new Report();
    }

    /** How many marts are not fresh. */
    long stale() {
        return stale;
    }

    /** Tells of each mart whose standing changed. */
    void standing(List<Staleness> marts) {
        stale = marts.stream().filter(mart -> mart.state() != State.FRESH).count();
        for (Staleness mart : marts) {
            ModelStatus status = status(mart);
            ModelStatus before = told.put(mart.model(), status);
            if (before == null || !sameBut(before, status)) {
                CompletableFuture<?> unused = publisher.send(topics.status(), "model/" + mart.model(), status);
            }
        }
    }

    void tested(ModelTested event) {
        watch.metrics().tested(event);
        testNotes.put(event.model(), event.note());
        CompletableFuture<?> unused = publisher.send(topics.tested(), event.model(), event);
        if (!event.problem().isEmpty()) {
            log.warn("{}: {}", event.model(), event.note());
        } else if (!event.note().isEmpty()) {
            log.info("{}: {}", event.model(), event.note());
        }
    }

    void request(RunRequested request, String state, int done, String message, Instant start) {
        RequestStatus status = new RequestStatus(
                request.id(),
                request.stream(),
                state,
                (long) done,
                (long) request.models().size(),
                message,
                start,
                Instant.now());
        CompletableFuture<?> unused = publisher.send(topics.status(), "request/" + request.id(), status);
        log.atLevel(state.equals("running") ? Level.DEBUG : Level.INFO)
                .log("request {} ({} of {}) is {} {}", request.id(), request.cause(), request.models(), state, message);
    }

    private ModelStatus status(Staleness mart) {
        ModelMaterialized last = runs.get(mart.model());
        String error = mart.state() == State.FRESH ? null : failing.get(mart.model());
        return new ModelStatus(
                mart.model(),
                "mart",
                "",
                error != null ? "failing" : mart.state().name().toLowerCase(Locale.ROOT),
                error != null ? error : mart.reason(),
                last == null ? null : last.finishedAt(),
                last == null ? null : millis(last) / 1000.0,
                last == null ? null : last.rowsTotal(),
                null,
                null,
                testNotes.getOrDefault(mart.model(), ""),
                Instant.now());
    }

    /** Whether nothing changed but the time. */
    private static boolean sameBut(ModelStatus before, ModelStatus now) {
        return before.state().equals(now.state())
                && before.reason().equals(now.reason())
                && before.note().equals(now.note())
                && Objects.equals(before.lastRunAt(), now.lastRunAt());
    }

    private static long millis(ModelMaterialized run) {
        return Duration.between(run.startedAt(), run.finishedAt()).toMillis();
    }

    /** One wave's report: each result is sent as soon as it is there. */
    final class Report {
        private final List<CompletableFuture<?>> sends = new ArrayList<>();
        private boolean fine = true;

        private Report() {}

        void add(RunResult result) {
            if (result instanceof RunResult.Succeeded succeeded) {
                add(succeeded);
            } else if (result instanceof RunResult.Failed failed) {
                fine &= !failed.retryable();
                add(failed.event(), watch.ran(result, List.of()));
            } else if (result instanceof RunResult.Skipped skip
                    && !skip.reason().equals(skipped.put(skip.model(), skip.reason()))) {
                log.info("{} waits: {}", skip.model(), skip.reason());
            }
        }

        /** Returns when the broker has everything; false when something failed that may pass. */
        boolean end() {
            try {
                CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
                return fine;
            } catch (CompletionException e) {
                published.clear();
                throw new KafkaException("what was built could not be published: " + e.getCause(), e);
            }
        }

        private void add(RunResult.Succeeded succeeded) {
            ModelMaterialized event = succeeded.event();
            Trail trail = watch.ran(succeeded, trails.of(event.parentVersions().keySet()));
            if (!succeeded.repeated()) {
                trails.put(event.model(), trail);
                reached(event, trail.landedAt());
            }
            succeeded.warnings().forEach(warning -> log.warn("{}", warning));
            failing.remove(event.model());
            skipped.remove(event.model());
            runs.put(event.model(), event);
            if (!event.version().equals(published.put(event.model(), event.version()))) {
                sends.add(publisher.send(topics.materialized(), event.model(), event, trail.headers()));
            }
            if (!succeeded.repeated()) {
                line(log.atInfo(), event.model(), event.runId())
                        .log(
                                "{}{}: {} rows, {} ms",
                                event.model(),
                                event.fullRefresh() ? " (full refresh)" : "",
                                event.rowsTotal(),
                                millis(event));
            }
        }

        /** What landed before this runner started says nothing of its speed. */
        private void reached(ModelMaterialized event, @Nullable Instant seen) {
            if (seen != null && seen.isAfter(startedAt)) {
                watch.metrics().reached(event.model(), seen, event.finishedAt());
            }
        }

        private void add(ModelFailed event, Trail trail) {
            if (!event.error().equals(failing.put(event.model(), event.error()))) {
                sends.add(publisher.send(topics.failed(), event.model(), event, trail.headers()));
                line(log.atError(), event.model(), event.runId())
                        .log(
                                "{} failed{}: {}",
                                event.model(),
                                event.retryable() ? " and is tried again" : "",
                                event.error());
            }
        }

        /** What structured logs tell apart. */
        private static LoggingEventBuilder line(LoggingEventBuilder builder, String model, String runId) {
            return builder.addKeyValue("model", model).addKeyValue("runId", runId);
        }
    }
}
