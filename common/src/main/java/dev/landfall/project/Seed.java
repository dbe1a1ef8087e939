package dev.landfall.project;

import java.nio.file.Path;

/**
 * A CSV file that becomes a table.
 *
 * @param csv the file itself, absolute
 */
public record Seed(Definition definition, ModelConfig config, Relation relation, Path csv) implements Node {
    @Override
    public String resourceType() {
        return "seed";
    }

    @Override
    public Dependencies dependencies() {
        return Dependencies.NONE;
    }
}
