package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** Collects a text. */
final class TextOutput implements Output {
    private final StringBuilder text = new StringBuilder();
    private final Budget budget = Budget.current();

    @Override
    public void text(String more) {
        budget.wrote(more.length());
        text.append(more);
    }

    @Override
    public void print(@Nullable Object value) {
        text(Representation.str(value));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
