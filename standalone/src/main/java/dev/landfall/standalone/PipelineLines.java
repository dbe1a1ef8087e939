package dev.landfall.standalone;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One line for each landing, run and build, as {@code up} and {@code demo} show them. */
final class PipelineLines implements EventFeed.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofMillis(250);

    private final Console console;
    private final Instant since;
    private final Map<String, String> versions = new HashMap<>();
    private int builds;

    /** @param since what ended before that is no news: the runners tell of each model's last run when they start */
    PipelineLines(Console console, Instant since) {
        this.console = console;
        this.since = since;
    }

    @Override
    public void landed(PartitionLanded landing) {
        long bytes = landing.files().stream().mapToLong(LakeFile::size).sum();
        line(
                "landed",
                landing.source() + "." + landing.stream(),
                partition(landing) + "  " + count(landing.files().size(), "file") + ", " + size(bytes)
                        + (landing.gone().isEmpty() ? "" : ", " + landing.gone().size() + " gone"));
    }

    @Override
    public void materialized(ModelMaterialized model) {
        if (!model.finishedAt().isBefore(since)) {
            show(model);
        }
        told(model);
    }

    private void show(ModelMaterialized model) {
        String rows = model.layer().equals("mart") || model.fullRefresh()
                ? count(model.rowsTotal(), "row")
                : "+" + model.rowsInserted() + (model.rowsDeleted() > 0 ? " -" + model.rowsDeleted() : "") + " = "
                        + count(model.rowsTotal(), "row");
        line(
                model.layer(),
                name(model.model()),
                rows + "  "
                        + console.dim(
                                "in " + ProgressLine.seconds(Duration.between(model.startedAt(), model.finishedAt()))));
    }

    /** Waits until these versions were told, so that what is printed next stands after them; not for long. */
    synchronized void awaitVersions(Map<String, String> wanted) {
        Instant end = Instant.now().plus(PATIENCE);
        try {
            while (!versions.entrySet().containsAll(wanted.entrySet())) {
                long left = until(end);
                if (left <= 0) {
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns after the next run or build, and after a moment at the latest. */
    synchronized void awaitNews() {
        int heard = builds;
        Instant end = Instant.now().plus(MOMENT);
        try {
            for (long left = MOMENT.toMillis(); heard == builds && left > 0; left = until(end)) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long until(Instant end) {
        return Duration.between(Instant.now(), end).toMillis();
    }

    private synchronized void told(ModelMaterialized model) {
        builds++;
        versions.put(model.model(), model.version());
        notifyAll();
    }

    @Override
    public void failed(ModelFailed failure) {
        line(
                console.red("failed"),
                name(failure.model()),
                failure.error().strip() + (failure.retryable() ? " (it tries again)" : ""));
    }

    @Override
    public void deadLettered(String key, String reason) {
        line(console.yellow("aside"), key, reason.strip());
    }

    private void line(String what, String subject, String details) {
        console.progress(pad(what, 7) + " " + pad(subject, 32) + " " + details);
    }

    /** A model's name without kind and package: {@code model.shop.orders} is {@code orders}. */
    static String name(String uniqueId) {
        return uniqueId.substring(uniqueId.lastIndexOf('.') + 1);
    }

    /** {@code 2026-01-31} for year, month and day, {@code key=value, …} for other keys. */
    static String partition(PartitionLanded landing) {
        List<String> keys = List.copyOf(landing.partition().keySet());
        if (keys.equals(List.of("year", "month", "day"))) {
            return String.join("-", landing.partition().values());
        }
        return keys.isEmpty()
                ? "(not partitioned)"
                : landing.partition().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    static String count(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        for (String unit : List.of("kB", "MB", "GB")) {
            value /= 1000;
            if (value < 1000) {
                return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
            }
        }
        return String.format(Locale.ROOT, "%.1f TB", value / 1000);
    }

    private static String pad(String text, int width) {
        int visible = text.replaceAll("\u001b\\[\\d+m", "").length();
        return text + " ".repeat(Math.max(0, width - visible));
    }
}
