package dev.landfall.mart;

import dev.landfall.runner.KafkaPreparation;
import dev.landfall.service.Engine;
import dev.landfall.service.HealthChecks;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Loads the project and makes the topics before anything is consumed, and then keeps an eye on the project: when it
 * changes, a wave looks at everything.
 */
final class Preparation implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Preparation.class);
    /** Before the listeners, and stopped after them. */
    private static final int PHASE = 0;

    private final Engine engine;
    private final KafkaPreparation kafka;
    private final HealthChecks health;
    private final StatusReporter status;
    private final Waves waves;
    private final RequestDesk requests;
    private final Duration projectPoll;
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
            StatusReporter status,
            Waves waves,
            RequestDesk requests,
            Duration projectPoll) {
        this.engine = engine;
        this.kafka = kafka;
        this.health = health;
        this.status = status;
        this.waves = waves;
        this.requests = requests;
        this.projectPoll = projectPoll;
    }

    @Override
    public void start() {
        running = true;
        engine.project().onChange(project -> waves.beginNow());
        engine.project().refresh();
        requests.onRequest(waves::beginNow);
        try {
            kafka.check();
        } catch (RuntimeException toldByHealth) {
            log.debug("no broker yet", toldByHealth);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        health.start();
        status.start();
        waves.start();
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                engine.project()::refresh, projectPoll.toMillis(), projectPoll.toMillis(), TimeUnit.MILLISECONDS);
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
