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
    private final Runnable cancel;
    private volatile boolean running;

    /** @param cancel ends what runs */
    WaveDraining(Waves waves, Duration limit, Runnable cancel) {
        this.waves = waves;
        this.limit = limit;
        this.cancel = cancel;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (!waves.drain(limit, cancel)) {
            log.warn("the wave did not end within {} s; it is cancelled, and comes again", limit.toSeconds());
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
