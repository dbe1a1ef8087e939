package dev.landfall.mart;

import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.run.RunSettings;
import dev.landfall.template.ProjectOptions;
import dev.landfall.warehouse.WarehouseSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of mart-runner, {@code landfall.*}.
 *
 * @param projectDir the dbt project
 * @param profilesDir where profiles.yml lies, when it is not in the project
 * @param target the target in profiles.yml, when it is not the profile's own choice
 * @param vars over the project's variables, as one YAML or JSON text: {@code {start: 2026-01-01}}
 * @param projectPoll how often the project's files are looked at
 * @param healthPeriod how often Kafka, lake and warehouse are looked at
 */
@Validated
@ConfigurationProperties("landfall")
record MartRunnerProperties(
        @DefaultValue("models") Path projectDir,
        @Nullable Path profilesDir,
        @Nullable String target,
        @DefaultValue("{}") String vars,
        @DefaultValue("1s") Duration projectPoll,
        @DefaultValue("10s") Duration healthPeriod,
        @DefaultValue @Valid Topics topics,
        @DefaultValue Lake lake,
        @DefaultValue Warehouse warehouse,
        @DefaultValue Mart mart,
        @DefaultValue Telemetry telemetry) {

    /**
     * {@code landfall.topics.*}.
     *
     * @param prefix what the names of all topics begin with
     * @param replication copies of each topic that is made here; 0 for what the broker says
     */
    record Topics(
            @DefaultValue("landfall") String prefix,
            @DefaultValue("0") @Min(0) short replication) {}

    /**
     * {@code landfall.telemetry.*}; what OpenTelemetry and OpenLineage themselves configure is left to them.
     *
     * @param traceFile where spans are appended, one JSON object a line
     */
    record Telemetry(@Nullable Path traceFile) {}

    /**
     * {@code landfall.lake.*}, as {@link LakeSettings} has it.
     *
     * @param uri s3:// or s3://bucket; file:/directory for a directory whose sub-folders are the buckets
     * @param bucket the bucket of streams that name none, else that of the uri, else landing
     * @param endpoint the address of a server other than AWS
     * @param region else what the AWS SDK finds, else us-east-1
     * @param pathStyle whether the bucket is part of the path; true where there is an endpoint
     * @param read auto or mirror, the same today: files in S3 are fetched into a directory first
     * @param mirrorDir where files fetched from S3 are kept
     * @param mirrorMaxBytes how much of them is kept at most, 10 GB where nothing is said
     */
    record Lake(
            @Nullable String uri,
            @Nullable String bucket,
            @Nullable String endpoint,
            @Nullable String region,
            @Nullable Boolean pathStyle,
            @Nullable String read,
            @Nullable Path mirrorDir,
            @Nullable DataSize mirrorMaxBytes) {}

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
    record Warehouse(
            @DefaultValue("true") boolean shared,
            @DefaultValue("5m") Duration lockTimeout,
            @DefaultValue("2s") Duration maxHold,
            @Nullable String memoryLimit,
            @Nullable Path tempDirectory,
            @DefaultValue("true") boolean lockDown,
            @DefaultValue List<Path> readable) {}

    /**
     * {@code landfall.mart.*}.
     *
     * @param linger how long a wave gathers after the last event
     * @param maxLinger how long it gathers at most
     * @param maxStaleness how long it waits at most while core-runner says that more is to come
     * @param recheck how often the marts are compared with their parents without being told to
     * @param retryFirst how long to wait after a failure that may pass; doubled each time
     * @param retryLimit the longest wait
     * @param drain how long a shutdown waits for the wave that is under way
     * @param upkeep how often a DuckLake is cleaned up: old snapshots let go, small files merged; 0s for never
     * @param keepSnapshots how far back a DuckLake's tables can be read as they were
     */
    record Mart(
            @DefaultValue("200ms") Duration linger,
            @DefaultValue("2s") Duration maxLinger,
            @DefaultValue("30s") Duration maxStaleness,
            @DefaultValue("1m") Duration recheck,
            @DefaultValue("1s") Duration retryFirst,
            @DefaultValue("5m") Duration retryLimit,
            @DefaultValue("30s") Duration drain,
            @DefaultValue("1h") Duration upkeep,
            @DefaultValue("7d") Duration keepSnapshots) {}

    ProjectOptions projectOptions() {
        return new ProjectOptions(projectDir, profilesDir, target, ProjectOptions.variables(vars), System.getenv());
    }

    LakeSettings lakeSettings() {
        return LakeSettings.of(
                lake.uri,
                lake.endpoint,
                lake.region,
                lake.pathStyle,
                lake.bucket,
                lake.read,
                lake.mirrorDir,
                lake.mirrorMaxBytes == null ? null : lake.mirrorMaxBytes.toBytes());
    }

    private List<String> readable() {
        return Stream.concat(Stream.of(Lakes.readDirectory(lakeSettings())), warehouse.readable.stream())
                .map(path -> path.toAbsolutePath().normalize().toString())
                .toList();
    }

    WarehouseSettings warehouseSettings() {
        return new WarehouseSettings(
                warehouse.shared,
                "mart-runner",
                warehouse.lockTimeout,
                warehouse.maxHold,
                warehouse.memoryLimit,
                warehouse.tempDirectory,
                warehouse.lockDown ? readable() : null);
    }

    RunSettings runSettings() {
        return RunSettings.DEFAULT.withBucket(lakeSettings().bucket());
    }
}
