package dev.landfall.project;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A query that must find no row: a file of its own (singular) or a test macro with arguments (generic).
 *
 * @param relation where failing rows are stored when the test says so
 * @param generic what a generic test calls, or null for a singular test
 */
public record DataTest(
        Definition definition,
        ModelConfig config,
        Relation relation,
        Dependencies dependencies,
        @Nullable Generic generic)
        implements Node {

    /**
     * The call behind a generic test.
     *
     * @param test the test's name: {@code unique}
     * @param namespace the package it was asked of ({@code dbt_utils}), or null
     * @param arguments all of its arguments, model and column among them, not yet rendered
     * @param attachedNode unique id of the model, seed, snapshot or source that it checks
     * @param column the column that it checks, or null
     * @param fileKey where it stands in its file: {@code models.orders}
     */
    public record Generic(
            String test,
            @Nullable String namespace,
            Map<String, @Nullable Object> arguments,
            String attachedNode,
            @Nullable String column,
            String fileKey) {}

    @Override
    public String resourceType() {
        return "test";
    }

    /** {@code error} or {@code warn}, in lower case. */
    public String severity() {
        return config.text("severity").orElse("error").toLowerCase(Locale.ROOT);
    }

    /** A comparison with the number of failures: {@code != 0}, {@code >10}. */
    public String warnIf() {
        return config.text("warn_if").orElse("!= 0");
    }

    /** As {@link #warnIf()}, for an error. */
    public String errorIf() {
        return config.text("error_if").orElse("!= 0");
    }

    /** The aggregate that counts failures: {@code count(*)}. */
    public String failCalc() {
        return config.text("fail_calc").orElse("count(*)");
    }

    /** At most so many failing rows are looked for. */
    public Optional<Integer> limit() {
        return config.integer("limit");
    }

    public boolean storesFailures() {
        return config.text("store_failures_as").isPresent()
                ? !config.text("store_failures_as").get().equals("ephemeral")
                : config.flag("store_failures").orElse(false);
    }
}
