package dev.landfall.project;

import dev.landfall.jinja.Location;
import dev.landfall.jinja.Template;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the files of the project say about a node.
 *
 * @param uniqueId {@code model.shop.orders}
 * @param file relative to the project's root
 * @param packagePath as {@code file}, but relative to its package's root
 * @param path relative to the model path (seed path, …) that it lies under
 * @param line where it begins, 1 for a file of its own
 * @param fqn package, folders and name
 * @param rawSql the text before rendering; empty for a seed
 * @param template the parsed text, or null where there is none: a seed, a generic test
 * @param checksum SHA-256 of the text
 * @param columns described columns by name, in the order of the file
 * @param patchFile the YAML file that describes it, relative to the project's root, or null
 * @param version null for all but versioned models
 */
public record Definition(
        String uniqueId,
        String name,
        String packageName,
        Path file,
        String packagePath,
        String path,
        int line,
        List<String> fqn,
        String rawSql,
        @Nullable Template template,
        String checksum,
        String description,
        Map<String, ColumnDoc> columns,
        @Nullable Path patchFile,
        @Nullable ModelVersion version) {

    /** Where it begins, for messages about all of it. */
    public Location place() {
        return new Location(file.toString(), line, 1);
    }
}
