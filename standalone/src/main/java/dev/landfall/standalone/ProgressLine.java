package dev.landfall.standalone;

import java.time.Duration;
import java.util.Locale;

/** dbt's lines of progress: {@code 1 of 11 OK created sql table model main.fct_sales ........ [OK in 0.12s]}. */
final class ProgressLine {
    private static final int WIDTH = 78;

    private ProgressLine() {}

    static String of(int number, int total, String what, String outcome) {
        String text = number + " of " + total + " " + what + " ";
        String dots = ".".repeat(Math.max(3, WIDTH - text.length()));
        return text + dots + " [" + outcome + "]";
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2fs", duration.toNanos() / 1e9);
    }

    /** As dbt closes a run: {@code 0 hours 1 minutes and 2.50 seconds (62.50s)}. */
    static String clock(Duration duration) {
        return String.format(
                Locale.ROOT,
                "%d hours %d minutes and %.2f seconds (%s)",
                duration.toHours(),
                duration.toMinutesPart(),
                duration.toSecondsPart() + duration.toNanosPart() / 1e9,
                seconds(duration));
    }
}
