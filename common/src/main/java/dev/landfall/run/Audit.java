package dev.landfall.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's table compared with what the lake's files make of it.
 *
 * @param files how many files it was rebuilt from
 * @param gone how many files that the table is made of the lake does not have any more: their rows may well differ
 * @param tableDigest hash over the rows in any order
 * @param differing keys (rows, where there is no key) that differ
 * @param ties how many of these differ only because two versions of a row have the same sequence: either is right
 * @param problem why it could not be rebuilt, null when it was
 */
public record Audit(
        String model,
        long files,
        long gone,
        long tableRows,
        long lakeRows,
        String tableDigest,
        String lakeDigest,
        long differing,
        long ties,
        List<Difference> sample,
        @Nullable String problem) {

    /** Whether every row is what the lake says, ties aside. */
    public boolean equal() {
        return problem == null && differing == ties;
    }

    /**
     * One key that differs.
     *
     * @param tableRow the table's row as JSON, null when it has none
     * @param lakeRow as the lake's files make it, null when they make none
     */
    public record Difference(
            String key, @Nullable String tableRow, @Nullable String lakeRow, boolean tie) {}
}
