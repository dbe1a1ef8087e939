package dev.landfall.runner;

import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.warehouse.WarehouseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code landfall.warehouse.*}.
 *
 * @param shared whether other processes on this host write to it, too
 * @param lockTimeout how long to wait for a turn
 * @param maxHold how long runs of this process may follow each other before others get their turn
 * @param memoryLimit DuckDB's memory_limit
 * @param tempDirectory where DuckDB spills
 * @param lockDown whether SQL is kept from every file but those that landed, from the network and from DuckDB's settings
 * @param readable directories that SQL may use all the same
 */
@ConfigurationPropertiesSource
public record WarehouseProperties(
        @DefaultValue("true") boolean shared,
        @DefaultValue("5m") Duration lockTimeout,
        @DefaultValue("2s") Duration maxHold,
        @Nullable String memoryLimit,
        @Nullable Path tempDirectory,
        @DefaultValue("true") boolean lockDown,
        @DefaultValue List<Path> readable) {
    /**
     * The warehouse as a runner opens it.
     *
     * @param service who holds it, for those who wait
     * @param lake what its SQL may read
     */
    public WarehouseSettings settings(String service, LakeSettings lake) {
        return new WarehouseSettings(
                shared,
                service,
                lockTimeout,
                maxHold,
                memoryLimit,
                tempDirectory,
                lockDown ? readableIn(lake) : null,
                false);
    }

    private List<String> readableIn(LakeSettings lake) {
        return Stream.concat(Stream.of(Lakes.readDirectory(lake)), readable.stream())
                .map(path -> path.toAbsolutePath().normalize().toString())
                .toList();
    }
}
