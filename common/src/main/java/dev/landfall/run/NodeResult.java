package dev.landfall.run;

import dev.landfall.project.Node;
import dev.landfall.template.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one node in a one-shot command.
 *
 * @param message one line: dbt's for success, the whole error otherwise
 * @param rows rows written, null where that means nothing
 * @param failures failing rows of a test, null for anything else
 * @param compiledSql the SQL after rendering, null when it was not rendered
 * @param warnings what is odd and no mistake
 * @param batches what was built of a microbatch model, empty for anything else
 * @param failedBatches what was not
 */
public record NodeResult(
        Node node,
        Status status,
        String message,
        Instant startedAt,
        Instant finishedAt,
        Duration compileTime,
        String thread,
        @Nullable Long rows,
        @Nullable Long failures,
        @Nullable String compiledSql,
        List<String> warnings,
        List<Batch> batches,
        List<Batch> failedBatches) {

    /** dbt's statuses. */
    public enum Status {
        SUCCESS("success"),
        ERROR("error"),
        SKIPPED("skipped"),
        PASS("pass"),
        FAIL("fail"),
        WARN("warn"),
        PARTIAL_SUCCESS("partial success"),
        NO_OP("no-op");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /** As dbt writes it in run_results.json. */
        public String word() {
            return word;
        }

        /** Whether the command ends with exit code 1 because of it. */
        public boolean bad() {
            return this == ERROR || this == FAIL || this == PARTIAL_SUCCESS;
        }
    }

    public Duration duration() {
        return Duration.between(startedAt, finishedAt);
    }
}
