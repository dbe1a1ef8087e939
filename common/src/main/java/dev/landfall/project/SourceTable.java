package dev.landfall.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table that the project reads and does not build.
 *
 * @param uniqueId {@code source.shop.shopify.orders}
 * @param relation its name in the warehouse
 * @param externalLocation what stands in SQL instead of that name, ready to use
 *     ({@code read_parquet('s3://…')} or {@code 's3://…'}), or null
 * @param file the YAML file, relative to the project's root
 */
public record SourceTable(
        String uniqueId,
        String packageName,
        String source,
        String name,
        Relation relation,
        @Nullable String externalLocation,
        Path file,
        int line,
        List<String> fqn,
        String sourceDescription,
        String description,
        String loader,
        ModelConfig config,
        Map<String, @Nullable Object> sourceMeta,
        Map<String, ColumnDoc> columns) {

    /** What stands for the table in SQL. */
    public String sql() {
        return externalLocation == null ? relation.sql() : externalLocation;
    }

    public List<String> tags() {
        return config.tags();
    }
}
