package dev.landfall.project;

/** A query whose rows are kept with the times between which they were true (slowly changing dimension, type 2). */
public record Snapshot(Definition definition, ModelConfig config, Relation relation, Dependencies dependencies)
        implements Node {
    @Override
    public String resourceType() {
        return "snapshot";
    }
}
