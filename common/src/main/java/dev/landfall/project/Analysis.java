package dev.landfall.project;

/** A SQL file that is compiled and never run. */
public record Analysis(Definition definition, ModelConfig config, Dependencies dependencies) implements Node {
    @Override
    public String resourceType() {
        return "analysis";
    }
}
