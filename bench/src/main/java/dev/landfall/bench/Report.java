package dev.landfall.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, as Markdown: a table of pairs, and one of single figures. */
final class Report {
    private static final String PAIRS_HEAD = """
            | what | baseline | wall | CPU | Landfall wall | CPU | wall ratio | CPU ratio | checkpoints | limit | pairs |
            |---|---|--:|--:|--:|--:|--:|--:|--:|---|--:|
            """;
    private static final String FIGURES_HEAD = """
            | what | figure | limit |
            |---|--:|---|
            """;

    private final PrintStream out;
    private final List<String> pairs = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private boolean missed;

    Report(PrintStream out) {
        this.out = out;
    }

    /** How much a subject may cost: so many times the baseline, and a little time more. */
    record Limit(double times, Duration more) {
        static Limit times(double times) {
            return new Limit(times, Duration.ZERO);
        }

        boolean holds(Comparison comparison) {
            return comparison.subject().wall().toNanos()
                    <= comparison.baseline().wall().toNanos() * times + more.toNanos();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f ×", times) + (more.isZero() ? "" : " + " + more.toMillis() + " ms");
        }
    }

    /** A row of the table of pairs. */
    void add(String what, String baseline, Comparison comparison, Limit limit) {
        boolean holds = limit.holds(comparison);
        missed |= !holds;
        Cost one = comparison.baseline();
        Cost other = comparison.subject();
        String row = String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %.2f | %.2f | %s / %s | %s: %s | %d |",
                what,
                baseline,
                ms(one.wall()),
                ms(one.cpu()),
                ms(other.wall()),
                ms(other.cpu()),
                comparison.wallRatio(),
                comparison.cpuRatio(),
                ms(one.checkpoint()),
                ms(other.checkpoint()),
                limit,
                holds ? "met" : "**missed**",
                comparison.pairs());
        pairs.add(row);
        out.println(row);
    }

    /** A figure of its own; an empty limit when there is none. */
    void add(String what, String figure, String limit, boolean met) {
        missed |= !met;
        String row = "| " + what + " | " + figure + " | "
                + (limit.isEmpty() ? "" : limit + ": " + (met ? "met" : "**missed**")) + " |";
        figures.add(row);
        out.println(row);
    }

    boolean missed() {
        return missed;
    }

    /** Everything, with date and machine. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(LocalDate.now(ZoneOffset.UTC))
                .append(", ")
                .append(machine())
                .append(".\n");
        table(text, PAIRS_HEAD, pairs);
        table(text, FIGURES_HEAD, figures);
        return text.toString();
    }

    private static void table(StringBuilder text, String head, List<String> rows) {
        if (!rows.isEmpty()) {
            text.append('\n').append(head).append(String.join("\n", rows)).append('\n');
        }
    }

    private static String machine() {
        String processor = "";
        try {
            processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("");
        } catch (IOException notLinux) {
            processor = System.getProperty("os.arch");
        }
        return Runtime.getRuntime().availableProcessors() + " cores (" + processor + "), "
                + System.getProperty("os.name") + ", Java " + System.getProperty("java.version");
    }

    private static String ms(Duration duration) {
        double ms = duration.toNanos() / 1e6;
        return String.format(Locale.ROOT, ms < 10 ? "%.1f ms" : "%,.0f ms", ms);
    }
}
