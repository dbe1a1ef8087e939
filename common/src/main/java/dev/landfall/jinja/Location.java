package dev.landfall.jinja;

/**
 * A place in a template.
 *
 * @param file as given to {@link Template#parse}
 * @param line 1-based
 * @param column 1-based, in characters
 */
public record Location(String file, int line, int column) {

    /** {@code models/orders.sql:7:14} */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
