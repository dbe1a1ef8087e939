package dev.landfall.service;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    /** A look that takes longer is a problem of its own: a store that is reached and says nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Duration period;
    private final ScheduledExecutorService threads;
    private final Map<String, Check> checks;
    private final Duration patience;
    private final Map<String, Problem> problems = new ConcurrentHashMap<>();
    private final Map<String, Instant> underway = new ConcurrentHashMap<>();

    private record Problem(String text, Instant since) {
        @Override
        public String toString() {
            return text + " (since " + since.truncatedTo(ChronoUnit.SECONDS) + ")";
        }
    }

    /** Fails when the part cannot be used; the exception's message says why. */
    @FunctionalInterface
    public interface Check {
        void run() throws Exception;
    }

    /** @param checks by the name of the part: kafka, lake, warehouse, project */
    public HealthChecks(Duration period, Map<String, Check> checks) {
        this(period, PATIENCE, checks);
    }

    HealthChecks(Duration period, Duration patience, Map<String, Check> checks) {
        this.period = period;
        this.patience = patience;
        this.checks = new LinkedHashMap<>(checks);
        this.threads = Executors.newScheduledThreadPool(checks.size(), task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        });
        checks.keySet().forEach(name -> problems.put(name, new Problem(NOT_LOOKED_AT, Instant.now())));
    }

    public void start() {
        checks.forEach((name, check) -> {
            ScheduledFuture<?> unused = threads.scheduleWithFixedDelay(
                    () -> look(name, check), 0, period.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /** What is unusable now, why and since when, by the name of the part; empty when all is well. */
    public Map<String, String> problems() {
        Map<String, String> now = new TreeMap<>();
        problems.forEach((name, problem) -> now.put(name, problem.toString()));
        Instant limit = Instant.now().minus(patience);
        underway.forEach((name, start) -> {
            if (start.isBefore(limit)) {
                now.putIfAbsent(name, new Problem("gives no answer; is it overloaded, or cut off?", start).toString());
            }
        });
        return Collections.unmodifiableMap(now);
    }

    private void look(String name, Check check) {
        underway.put(name, Instant.now());
        try {
            check.run();
            Problem past = problems.remove(name);
            if (past != null && !past.text().equals(NOT_LOOKED_AT)) {
                log.info("{} is well again", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            tell(name, e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            underway.remove(name);
        }
    }

    private void tell(String name, String text) {
        Problem past = problems.get(name);
        if (past != null && past.text().equals(text)) {
            return;
        }
        Instant since = past == null || past.text().equals(NOT_LOOKED_AT) ? Instant.now() : past.since();
        problems.put(name, new Problem(text, since));
        log.warn("{}: {}", name, text);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
