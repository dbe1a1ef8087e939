package dev.landfall.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the files of the project say about a node.
 *
 * @param uniqueId {@code model.shop.orders}
 * @param file relative to the project's root
 * @param line where it begins, 1 for a file of its own
 * @param fqn package, folders and name
 * @param rawSql the text before rendering; empty for a seed
 * @param checksum SHA-256 of the text
 * @param columns described columns by name, in the order of the file
 * @param patchFile the YAML file that describes it, relative to the project's root, or null
 */
public record Definition(
        String uniqueId,
        String name,
        String packageName,
        Path file,
        int line,
        List<String> fqn,
        String rawSql,
        String checksum,
        String description,
        Map<String, ColumnDoc> columns,
        @Nullable Path patchFile) {}
