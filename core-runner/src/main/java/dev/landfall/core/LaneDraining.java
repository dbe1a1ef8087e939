package dev.landfall.core;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/** At shutdown lets the runs that are under way end, while the listeners can still commit their offsets. */
final class LaneDraining implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(LaneDraining.class);

    private final StreamLanes lanes;
    private final Duration limit;
    private final Runnable cancel;
    private volatile boolean running;

    /** @param cancel ends what runs */
    LaneDraining(StreamLanes lanes, Duration limit, Runnable cancel) {
        this.lanes = lanes;
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
        if (!lanes.drain(limit, cancel)) {
            log.warn("a run did not end within {} s; it is cancelled, and its landings come again", limit.toSeconds());
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
