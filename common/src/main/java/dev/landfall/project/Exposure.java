package dev.landfall.project;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What uses the project's tables and is not built by it: a dashboard, an application.
 *
 * @param written the entry of the YAML file: {@code type}, {@code owner}, {@code label}, {@code maturity}, {@code url}
 */
public record Exposure(
        Definition definition, ModelConfig config, Dependencies dependencies, Map<String, @Nullable Object> written) {
    public String uniqueId() {
        return definition.uniqueId();
    }

    public String name() {
        return definition.name();
    }

    /** Unique ids of the nodes and sources that it uses. */
    public List<String> dependsOn() {
        return dependencies.nodes();
    }
}
