package dev.landfall.project;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column as a YAML file describes it.
 *
 * @param dataType the declared type, or null
 * @param constraints as written, for contracts
 */
public record ColumnDoc(
        String name,
        String description,
        @Nullable String dataType,
        Map<String, @Nullable Object> meta,
        List<String> tags,
        List<Map<String, @Nullable Object>> constraints,
        boolean quote) {}
