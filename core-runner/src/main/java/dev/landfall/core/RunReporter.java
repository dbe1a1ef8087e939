package dev.landfall.core;

import dev.landfall.event.ColumnChanged;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.ModelTested;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.Topics;
import dev.landfall.project.StreamName;
import dev.landfall.run.DeadLettered;
import dev.landfall.run.RunResult;
import dev.landfall.runner.EventPublisher;
import dev.landfall.telemetry.RunWatch;
import dev.landfall.telemetry.Trail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Publishes and logs what became of runs. */
final class RunReporter {
    private static final Logger log = LoggerFactory.getLogger(RunReporter.class);

    /** To so many landings a span is linked at most. */
    private static final int MAX_CAUSES = 100;

    private final Topics topics;
    private final EventPublisher publisher;
    private final DeadLetters deadLetters;
    private final ModelBook book;
    private final RunWatch watch;
    private final Instant startedAt = Instant.now();
    /** The version of each model that was published last, so that a repeated event is published once. */
    private final Map<String, String> published = new ConcurrentHashMap<>();
    /** The failure of each model that was told last, so that a failure that goes on is told once. */
    private final Map<String, String> failing = new ConcurrentHashMap<>();

    RunReporter(Topics topics, EventPublisher publisher, DeadLetters deadLetters, ModelBook book, RunWatch watch) {
        this.topics = topics;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.book = book;
        this.watch = watch;
    }

    /** Starts the report of one run over these landings. */
    Report begin(StreamName stream, List<Landing> landings) {
        return new Report(stream, landings);
    }

    void changed(ColumnChanged event) {
        CompletableFuture<?> unused = publisher.send(topics.columnChanges(), event.stream(), event);
        log.warn("{}", event.inWords());
    }

    void tested(ModelTested event) {
        watch.metrics().tested(event);
        book.tested(event);
        CompletableFuture<?> unused = publisher.send(topics.tested(), event.model(), event);
        if (!event.problem().isEmpty()) {
            log.warn("{}: {}", event.model(), event.note());
        } else if (!event.note().isEmpty()) {
            log.info("{}: {}", event.model(), event.note());
        }
    }

    void request(OpenRequest request, String state, String message) {
        RequestStatus status = new RequestStatus(
                request.requested().id(),
                request.requested().stream(),
                state,
                (long) request.done(),
                (long) request.total(),
                message,
                request.startedAt(),
                Instant.now());
        CompletableFuture<?> unused = publisher.send(topics.status(), "request/" + status.id(), status);
        if (!state.equals("running")) {
            log.info(
                    "request {} ({} of {}) is {}: {} of {} partitions {}",
                    status.id(),
                    request.requested().cause(),
                    status.stream(),
                    state,
                    status.done(),
                    status.total(),
                    message);
        }
    }

    /** One run's report: each result is sent as soon as it is there. */
    final class Report {
        private final StreamName stream;
        private final List<Landing> landings;
        private final List<CompletableFuture<?>> sends = new ArrayList<>();

        private Report(StreamName stream, List<Landing> landings) {
            this.stream = stream;
            this.landings = landings;
        }

        void add(RunResult result) {
            List<Landing> causes = causes(result);
            Trail trail = watch.ran(result, causes.stream().map(Landing::trail).toList());
            if (result instanceof RunResult.Succeeded succeeded) {
                add(succeeded, trail);
                if (!succeeded.repeated()) {
                    reached(causes, succeeded.event().finishedAt());
                }
            } else if (result instanceof RunResult.Failed failed) {
                add(failed.event(), trail);
            } else if (result instanceof RunResult.Skipped skipped) {
                log.info("{}: {} was not run: {}", stream, skipped.model(), skipped.reason());
            }
            result.deadLettered().forEach(this::leftOut);
        }

        /** Returns when the broker has everything; fails when it does not take it. */
        void end() {
            try {
                CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
            } catch (CompletionException e) {
                published.clear();
                throw new KafkaException("what was run could not be published: " + e.getCause(), e);
            }
        }

        /** The landings that the result tells of, the newest ones where there are many. */
        private List<Landing> causes(RunResult result) {
            Set<String> manifests = result instanceof RunResult.Succeeded succeeded
                    ? Set.copyOf(succeeded.event().landings())
                    : Set.of();
            return landings.stream()
                    .filter(landing -> manifests.isEmpty()
                            || manifests.contains(landing.landed().manifest()))
                    .sorted(Comparator.comparingLong(Landing::offset).reversed())
                    .limit(MAX_CAUSES)
                    .toList();
        }

        /** What landed before this runner started says nothing of its speed. */
        private void reached(List<Landing> causes, Instant committed) {
            causes.stream()
                    .map(landing -> landing.landed().detectedAt())
                    .filter(seen -> seen.isAfter(startedAt))
                    .forEach(seen -> watch.metrics().landed(stream.source(), stream.stream(), seen, committed));
        }

        private void add(RunResult.Succeeded succeeded, Trail trail) {
            ModelMaterialized event = succeeded.event();
            succeeded.warnings().forEach(warning -> log.warn("{}", warning));
            failing.remove(event.model());
            book.succeeded(event);
            boolean told = event.version().equals(published.put(event.model(), event.version()));
            if (!told) {
                sends.add(publisher.send(topics.materialized(), event.model(), event, trail.headers()));
            }
            if (!succeeded.repeated()) {
                line(log.atInfo(), event.model(), event.runId())
                        .log(
                                "{} {}: {}, +{} -{} = {} rows, {} of {} files, {} ms{}",
                                stream,
                                event.model(),
                                event.fullRefresh() ? "full refresh" : partitions(),
                                event.rowsInserted(),
                                event.rowsDeleted(),
                                event.rowsTotal(),
                                event.filesRead(),
                                event.filesTotal(),
                                Duration.between(event.startedAt(), event.finishedAt())
                                        .toMillis(),
                                event.more() ? ", more to come" : "");
            }
        }

        private void add(ModelFailed event, Trail trail) {
            book.failed(event);
            if (!event.error().equals(failing.put(event.model(), event.error()))) {
                sends.add(publisher.send(topics.failed(), event.model(), event, trail.headers()));
                line(log.atError(), event.model(), event.runId())
                        .log(
                                "{} {} failed{}: {}",
                                stream,
                                event.model(),
                                event.retryable() ? " and is tried again" : "",
                                event.error());
            }
        }

        private void leftOut(DeadLettered dead) {
            watch.metrics().deadLettered(stream.source(), stream.stream());
            Optional<Landing> landing = landings.stream()
                    .filter(each -> each.landed().files().contains(dead.file()))
                    .findFirst();
            if (landing.isPresent()) {
                deadLetters.leftOut(stream, landing.get(), dead);
            } else {
                log.error("{} leaves out {}: {}", dead.model(), dead.file().key(), dead.reason());
            }
        }

        /** What structured logs tell apart, beside the stream, which every line of a run bears. */
        private LoggingEventBuilder line(LoggingEventBuilder builder, String model, String runId) {
            return builder.addKeyValue("partition", partitions())
                    .addKeyValue("model", model)
                    .addKeyValue("runId", runId);
        }

        private String partitions() {
            List<String> paths = landings.stream()
                    .map(landing -> Partitions.path(landing.landed()))
                    .distinct()
                    .toList();
            return switch (paths.size()) {
                case 0 -> "no partition";
                case 1 -> paths.get(0);
                default -> paths.size() + " partitions from " + paths.get(0) + " to " + paths.get(paths.size() - 1);
            };
        }
    }
}
