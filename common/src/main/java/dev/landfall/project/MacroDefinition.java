package dev.landfall.project;

import dev.landfall.jinja.Macro;
import java.nio.file.Path;

/**
 * A macro, test or materialization of a package.
 *
 * @param uniqueId {@code macro.shop.cents_to_dollars}
 * @param packageName {@code dbt} for those that come with the engine
 * @param file relative to the project's root
 */
public record MacroDefinition(String uniqueId, String packageName, Path file, Macro macro, String description) {
    public String name() {
        return macro.name();
    }
}
