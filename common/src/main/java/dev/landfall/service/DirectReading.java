package dev.landfall.service;

import dev.landfall.lake.HttpfsReader;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Project;
import dev.landfall.warehouse.WarehouseSettings;
import java.util.Set;

/** Opens a warehouse for the lake's reader: where DuckDB reads the store itself, for the buckets of the project. */
public final class DirectReading {
    private DirectReading() {}

    /**
     * The settings to open the warehouse with.
     *
     * @param bucket the one of streams that name none
     */
    public static WarehouseSettings open(
            LakeReader reader, Project project, String bucket, WarehouseSettings settings) {
        if (!(reader instanceof HttpfsReader httpfs)) {
            return settings;
        }
        Set<String> buckets = project.buckets(bucket);
        httpfs.open(buckets);
        return settings.withHttpfs(buckets);
    }
}
