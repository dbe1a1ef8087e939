package dev.landfall.core;

import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.runner.KafkaPreparation;
import dev.landfall.service.Engine;
import dev.landfall.service.HealthChecks;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Loads the project and makes the topics before anything is consumed, and then keeps an eye on the project: when models
 * of a stream change, its lane catches up.
 */
final class Preparation implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Preparation.class);
    /** Before the listeners, and stopped after them. */
    private static final int PHASE = 0;

    private final Engine engine;
    private final KafkaPreparation kafka;
    private final HealthChecks health;
    private final StreamLanes lanes;
    private final StatusReporter status;
    private final LaneMetrics metrics;
    private final PartitionLandedListener listener;
    private final Duration projectPoll;
    private final Map<StreamName, List<String>> models = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "project");
        made.setDaemon(true);
        return made;
    });
    private volatile boolean running;

    Preparation(
            Engine engine,
            KafkaPreparation kafka,
            HealthChecks health,
            StreamLanes lanes,
            StatusReporter status,
            LaneMetrics metrics,
            PartitionLandedListener listener,
            Duration projectPoll) {
        this.engine = engine;
        this.kafka = kafka;
        this.health = health;
        this.lanes = lanes;
        this.status = status;
        this.metrics = metrics;
        this.listener = listener;
        this.projectPoll = projectPoll;
    }

    @Override
    public void start() {
        running = true;
        engine.project().onChange(this::changed);
        engine.project().refresh();
        try {
            kafka.check();
        } catch (RuntimeException toldByHealth) {
            log.debug("no broker yet", toldByHealth);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lanes.onChange(stream -> {
            listener.resumeWhenDrained(stream);
            status.changed(stream);
            metrics.show(stream);
        });
        health.start();
        status.start(lanes);
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                engine.project()::refresh, projectPoll.toMillis(), projectPoll.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A model that is new or changed may lack landings; one that failed may be mended. */
    private void changed(Project project) {
        Map<StreamName, List<String>> before = new HashMap<>(models);
        models.clear();
        project.streams().forEach(stream -> models.put(stream.name(), versions(project, stream.name())));
        lanes.catchUp(stream -> !versions(project, stream).equals(before.get(stream)));
    }

    private static List<String> versions(Project project, StreamName stream) {
        return project.modelsOf(stream).stream().map(Preparation::version).toList();
    }

    private static String version(Model model) {
        return model.uniqueId() + " " + model.checksum() + " " + model.config().values();
    }

    @Override
    public void stop() {
        thread.shutdownNow();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
