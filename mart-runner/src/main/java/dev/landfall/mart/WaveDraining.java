package dev.landfall.mart;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/** At shutdown lets the wave that is under way end, while the listener can still commit its offsets. */
final class WaveDraining implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(WaveDraining.class);

    private final Waves waves;
    private final Duration limit;
    private volatile boolean running;

    WaveDraining(Waves waves, Duration limit) {
        this.waves = waves;
        this.limit = limit;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (!waves.drain(limit)) {
            log.warn(
                    "a run did not end within {} s; it is rolled back, and its landings come again", limit.toSeconds());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return AbstractMessageListenerContainer.DEFAULT_PHASE + 1;
    }
}
