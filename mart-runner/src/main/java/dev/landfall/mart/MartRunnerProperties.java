package dev.landfall.mart;

import dev.landfall.run.RunSettings;
import dev.landfall.runner.LakeProperties;
import dev.landfall.runner.TelemetryProperties;
import dev.landfall.runner.TopicProperties;
import dev.landfall.runner.WarehouseProperties;
import dev.landfall.template.ProjectOptions;
import dev.landfall.warehouse.WarehouseSettings;
import jakarta.validation.Valid;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of mart-runner, {@code landfall.*}.
 *
 * @param projectDir the dbt project
 * @param profilesDir where profiles.yml lies, when it is not in the project
 * @param target the target in profiles.yml, when it is not the profile's own choice
 * @param vars over the project's variables, as one YAML or JSON text: {@code {start: 2026-01-01}}
 * @param projectPoll how often the project's files are looked at; a request of the command line looks at once
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
        @DefaultValue @Valid @NestedConfigurationProperty TopicProperties topics,
        @DefaultValue @NestedConfigurationProperty LakeProperties lake,
        @DefaultValue @NestedConfigurationProperty WarehouseProperties warehouse,
        @DefaultValue Mart mart,
        @DefaultValue @NestedConfigurationProperty TelemetryProperties telemetry) {

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

    WarehouseSettings warehouseSettings() {
        return warehouse.settings("mart-runner", lake.settings());
    }

    RunSettings runSettings() {
        return RunSettings.DEFAULT.withBucket(lake.settings().bucket());
    }
}
