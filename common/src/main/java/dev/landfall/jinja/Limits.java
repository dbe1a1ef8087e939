package dev.landfall.jinja;

import java.time.Duration;

/**
 * How far one rendering may go. Templates are user input, so each of these ends as a {@link LimitExceededException},
 * never as a hanging thread or a full heap.
 *
 * @param steps statements, loop passes and calls
 * @param recursion macros inside macros
 * @param parseDepth brackets and blocks inside each other, and operators in one chain
 * @param outputChars characters written, in all
 * @param valueSize characters of one text, elements of one list, bits of one number
 * @param deadline time spent in the template itself; time inside functions of the host does not count
 */
public record Limits(long steps, int recursion, int parseDepth, long outputChars, long valueSize, Duration deadline) {

    public static final Limits DEFAULT =
            new Limits(50_000_000, 200, 200, 100_000_000, 20_000_000, Duration.ofSeconds(30));
}
