package dev.landfall.project;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * People who own models together: private models are for their own group alone.
 *
 * @param file relative to the project's root
 * @param path relative to the folder that the file lies under
 * @param written the entry of the YAML file: {@code owner}, {@code description}, {@code config}
 */
public record Group(String name, String packageName, Path file, String path, Map<String, @Nullable Object> written) {
    public String uniqueId() {
        return "group." + packageName + "." + name;
    }
}
