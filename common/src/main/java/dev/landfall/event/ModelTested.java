package dev.landfall.event;

import java.time.Instant;
import java.util.List;

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
     * @param status dbt's word: pass, warn, fail or error
     * @param failures rows that fail; 0 when the test could not be run
     * @param message dbt's message, or the error
     */
    public record Verdict(String test, String status, Long failures, String message) {}

    /** Says in a few words which tests did not pass; empty when all did. */
    public String problem() {
        List<String> bad = tests.stream()
                .filter(each -> !each.status().equals("pass"))
                .map(each -> each.test() + " ("
                        + (each.status().equals("error") ? "error" : each.failures() + " rows, " + each.status()) + ")")
                .toList();
        return bad.isEmpty() ? "" : bad.size() + " of " + tests.size() + " tests: " + String.join(", ", bad);
    }
}
