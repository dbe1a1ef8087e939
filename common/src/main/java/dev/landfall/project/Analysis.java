package dev.landfall.project;

/**
 * A SQL file that is compiled and never run.
 *
 * @param relation what it would be called; nothing bears that name
 */
public record Analysis(Definition definition, ModelConfig config, Relation relation, Dependencies dependencies)
        implements Node {
    @Override
    public String resourceType() {
        return "analysis";
    }
}
