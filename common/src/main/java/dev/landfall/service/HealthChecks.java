package dev.landfall.service;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks regularly at what a service depends on, each part in a thread of its own, and remembers what is wrong: asking
 * costs nothing and waits for nothing. A problem is logged when it comes, changes or goes.
 */
public final class HealthChecks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HealthChecks.class);
    private static final String NOT_LOOKED_AT = "not looked at yet";

    private final Duration period;
    private final ScheduledExecutorService threads;
    private final Map<String, Check> checks;
    private final Map<String, String> problems = new ConcurrentHashMap<>();

    /** Fails when the part cannot be used; the exception's message says why. */
    @FunctionalInterface
    public interface Check {
        void run() throws Exception;
    }

    /** @param checks by the name of the part: kafka, lake, warehouse, project */
    public HealthChecks(Duration period, Map<String, Check> checks) {
        this.period = period;
        this.checks = new LinkedHashMap<>(checks);
        this.threads = Executors.newScheduledThreadPool(checks.size(), task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        });
        checks.keySet().forEach(name -> problems.put(name, NOT_LOOKED_AT));
    }

    public void start() {
        checks.forEach((name, check) -> {
            ScheduledFuture<?> unused = threads.scheduleWithFixedDelay(
                    () -> look(name, check), 0, period.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /** What is unusable now, and why, by the name of the part; empty when all is well. */
    public Map<String, String> problems() {
        return Collections.unmodifiableMap(new TreeMap<>(problems));
    }

    private void look(String name, Check check) {
        try {
            check.run();
            String past = problems.remove(name);
            if (past != null && !past.equals(NOT_LOOKED_AT)) {
                log.info("{} is well again", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            String problem = e.getMessage() == null ? e.toString() : e.getMessage();
            if (!problem.equals(problems.put(name, problem))) {
                log.warn("{}: {}", name, problem);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
