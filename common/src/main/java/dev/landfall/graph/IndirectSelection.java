package dev.landfall.graph;

import java.util.Locale;

/** Which tests come along with the nodes that they read: dbt's {@code --indirect-selection}. */
public enum IndirectSelection {
    /** When one of their parents is selected. */
    EAGER,
    /** When all of their parents are. */
    CAUTIOUS,
    /** When all of their parents are selected, or stand above what is. */
    BUILDABLE,
    /** None. */
    EMPTY;

    /** @throws IllegalArgumentException when it is none of these */
    static IndirectSelection of(String text) {
        for (IndirectSelection each : values()) {
            if (each.toString().equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "unknown indirect_selection '" + text + "': it is eager, cautious, buildable or empty");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
