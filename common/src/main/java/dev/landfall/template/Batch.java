package dev.landfall.template;

import java.time.OffsetDateTime;

/**
 * The span of time that one batch of a microbatch model is for.
 *
 * @param id the start without punctuation: {@code 20260131}
 * @param start in UTC, within the batch
 * @param end in UTC, after the batch
 */
public record Batch(String id, OffsetDateTime start, OffsetDateTime end) {

    /** The condition on a column that only rows of the batch fulfil. */
    public String condition(String column) {
        return column + " >= '" + text(start) + "' and " + column + " < '" + text(end) + "'";
    }

    /** As Python prints it. */
    private static String text(OffsetDateTime time) {
        return dev.landfall.jinja.Python.str(time);
    }
}
