package dev.landfall.run;

/**
 * What became of one table that something else had built.
 *
 * @param model unique id
 * @param adopted whether it is Landfall's now
 * @param files so many count as applied; 0 for a mart
 * @param newer so many are newer than the table, and left to the first run
 * @param reason why it was left alone; empty when it is adopted
 */
public record Adoption(String model, boolean adopted, long files, long newer, String reason) {
    static Adoption no(String model, String reason) {
        return new Adoption(model, false, 0, 0, reason);
    }
}
