package dev.landfall.project;

/**
 * Which of a model's versions a node is.
 *
 * @param number as written: {@code 2}, {@code 1.5}, {@code "beta"}
 * @param latest the version that a {@code ref()} without one means
 */
public record ModelVersion(Object number, Object latest) {

    /** {@code v2}: the last part of the node's unique id and path. */
    public String suffix() {
        return suffix(number);
    }

    public boolean isLatest() {
        return suffix().equals(suffix(latest));
    }

    public static String suffix(Object number) {
        return "v" + number;
    }
}
