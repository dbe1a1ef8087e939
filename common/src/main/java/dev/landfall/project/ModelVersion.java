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

    /** Below 0 for an older version than the latest, above 0 for one that is not out yet. */
    public int comparedToLatest() {
        return compare(number, latest);
    }

    /** As numbers where both are, else as texts. */
    public static int compare(Object a, Object b) {
        try {
            return Double.compare(Double.parseDouble(a.toString()), Double.parseDouble(b.toString()));
        } catch (NumberFormatException e) {
            return a.toString().compareTo(b.toString());
        }
    }

    public static String suffix(Object number) {
        return "v" + number;
    }
}
