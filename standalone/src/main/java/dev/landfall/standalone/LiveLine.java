package dev.landfall.standalone;

import dev.landfall.project.Node;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The last line of a terminal while nodes run: how many have ended, and which run for how long. Elsewhere there is none.
 */
final class LiveLine implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int WIDTH = 79;

    private final Console console;
    private final InstantSource clock;
    private final Map<String, Instant> running = new LinkedHashMap<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "live-line");
        thread.setDaemon(true);
        return thread;
    });
    private int ended;
    private int total;

    LiveLine(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
        if (console.colours()) {
            ScheduledFuture<?> unused =
                    ticks.scheduleWithFixedDelay(this::show, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    synchronized void started(Node node, int of) {
        running.put(node.uniqueId(), clock.instant());
        total = of;
    }

    synchronized void finished(Node node) {
        running.remove(node.uniqueId());
        ended++;
    }

    /** Writes it anew. */
    void show() {
        console.status(text());
    }

    private synchronized String text() {
        if (running.isEmpty()) {
            return "";
        }
        String nodes = running.entrySet().stream()
                .map(node -> node.getKey().substring(node.getKey().lastIndexOf('.') + 1) + " ("
                        + Duration.between(node.getValue(), clock.instant()).toSeconds() + "s)")
                .collect(Collectors.joining(", "));
        String text = ended + " of " + total + " done; running " + nodes;
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 3) + "...";
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        console.status("");
    }
}
