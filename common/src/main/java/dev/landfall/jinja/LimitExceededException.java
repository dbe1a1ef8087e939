package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** A template went beyond one of its {@link Limits}. */
public final class LimitExceededException extends JinjaException {

    public LimitExceededException(String problem) {
        super(problem);
    }

    LimitExceededException(String problem, @Nullable Location location) {
        super(problem, location);
    }
}
