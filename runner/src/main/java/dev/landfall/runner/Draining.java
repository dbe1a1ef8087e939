package dev.landfall.runner;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/** At shutdown lets the work that is under way end, while the listeners can still commit their offsets. */
public final class Draining implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Draining.class);

    private final Work work;
    private final Duration limit;
    private final Runnable cancel;
    private volatile boolean running;

    /** What is to be let end. */
    @FunctionalInterface
    public interface Work {
        /** Takes nothing new, waits for what runs, and cancels it at the limit; false when it had to. */
        boolean drain(Duration limit, Runnable cancel);
    }

    /** @param cancel ends what runs */
    public Draining(Work work, Duration limit, Runnable cancel) {
        this.work = work;
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
        if (!work.drain(limit, cancel)) {
            log.warn(
                    "what runs did not end within {} s; it is cancelled, and done again by the next runner",
                    limit.toSeconds());
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
