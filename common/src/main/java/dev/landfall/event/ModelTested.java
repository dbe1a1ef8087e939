package dev.landfall.event;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data tests of a model ran after it was built; what they found changes nothing.
 *
 * @param model the model's unique id
 * @param layer core or mart
 * @param version the version of the relation that was tested, or a newer one
 */
public record ModelTested(
        String model,
        String layer,
        String version,
        List<Verdict> tests,
        Instant startedAt,
        Instant finishedAt,
        String projectChecksum) {

    /**
     * What one test found.
     *
     * @param test the test's name
     * @param status dbt's word: pass, warn, fail or error; skipped while a model that the test reads is not built yet
     * @param failures rows that fail; 0 when the test was not or could not be run
     * @param message dbt's message, the error, or what the test waits for
     */
    public record Verdict(String test, String status, Long failures, String message) {
        public static Verdict waiting(String test, String reason) {
            return new Verdict(test, "skipped", 0L, reason);
        }

        public boolean waits() {
            return status.equals("skipped");
        }
    }

    /** Says in a few words which tests did not pass; empty when all did, those aside that wait. */
    public String problem() {
        List<String> bad = tests.stream()
                .filter(each -> !each.status().equals("pass") && !each.waits())
                .map(each -> each.test() + " ("
                        + (each.status().equals("error") ? "error" : each.failures() + " rows, " + each.status()) + ")")
                .toList();
        return bad.isEmpty() ? "" : bad.size() + " of " + tests.size() + " tests: " + String.join(", ", bad);
    }

    /** The problem, and which tests wait for what; empty when all passed. */
    public String note() {
        Stream<String> waits = tests.stream().filter(Verdict::waits).map(each -> each.test() + " " + each.message());
        return Stream.concat(Stream.of(problem()), waits)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }
}
