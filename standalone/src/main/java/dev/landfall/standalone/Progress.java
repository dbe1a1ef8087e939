package dev.landfall.standalone;

import dev.landfall.event.RequestStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Words for how far a request is: done of total, the rate so far, and how long the rest will take at that rate. */
final class Progress {
    private @Nullable Instant begun;
    private long doneAtBegin;

    String line(RequestStatus status, String unit, Instant now) {
        Instant start = begun;
        if (start == null) {
            start = status.done() == 0 ? status.startedAt() : now;
            begun = start;
            doneAtBegin = status.done();
        }
        long done = status.done();
        long total = status.total();
        if (status.state().equals("done")) {
            return "done: " + count(total, unit) + " in " + words(Duration.between(status.startedAt(), status.at()));
        }
        if (status.state().equals("failed")) {
            return done < total ? "failed after " + done + " of " + count(total, unit) : "failed";
        }
        if (total == 0) {
            return "runs";
        }
        String line = done + " of " + count(total, unit) + " (" + 100 * done / total + "%)";
        double seconds = Duration.between(start, now).toMillis() / 1000.0;
        if (done <= doneAtBegin || seconds <= 0) {
            return line;
        }
        double rate = (done - doneAtBegin) / seconds;
        Duration rest = Duration.ofMillis((long) ((total - done) / rate * 1000));
        return line + ", " + String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate) + " a second, " + words(rest)
                + " left";
    }

    private static String count(long number, String unit) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? unit : unit + "s");
    }

    /** {@code 0.4 s}, {@code 12 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
