package dev.landfall.standalone.demo;

import java.util.List;

/**
 * One table held against what it must be.
 *
 * @param table the table's name
 * @param rows how many rows it must have
 * @param found how many rows it has
 * @param differences the first differences, each a line that a person can read; empty when the tables are equal
 */
public record TableCheck(String table, long rows, long found, List<String> differences) {
    public TableCheck {
        differences = List.copyOf(differences);
    }

    public boolean equal() {
        return differences.isEmpty();
    }
}
