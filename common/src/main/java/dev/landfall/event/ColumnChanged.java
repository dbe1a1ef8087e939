package dev.landfall.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a stream have other columns than before.
 *
 * @param stream {@code source.stream}
 * @param change added, retyped or vanished
 * @param type DuckDB's type of the column; when it vanished, the one that it had
 * @param before the type that it had; null for a column that is new
 * @param partition where it was seen first, as its path
 * @param file key of a file that shows it
 * @param models names of the stream's models that may want a new column, or have one of this name
 */
public record ColumnChanged(
        String stream,
        String column,
        String change,
        String type,
        @Nullable String before,
        String partition,
        String file,
        List<String> models,
        Instant at,
        String projectChecksum) {

    /** One line for the log. */
    public String inWords() {
        String where = " in " + file;
        return switch (change) {
            case "added" ->
                stream + " has a new column " + column + " (" + type + ")" + where
                        + (models.isEmpty() ? "" : "; it may be for " + String.join(", ", models));
            case "retyped" ->
                stream + "'s column " + column + " is " + type + where + " and was " + before
                        + (models.isEmpty() ? "" : "; look at " + String.join(", ", models));
            default ->
                stream + "'s column " + column + " (" + type + ") is missing" + where
                        + (models.isEmpty() ? "" : "; look at " + String.join(", ", models));
        };
    }
}
