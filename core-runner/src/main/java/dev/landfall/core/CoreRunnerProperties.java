package dev.landfall.core;

import dev.landfall.run.RunSettings;
import dev.landfall.run.RunSettings.OnDroppedRows;
import dev.landfall.run.RunSettings.OnModelChange;
import dev.landfall.run.RunSettings.OnOlderLanding;
import dev.landfall.run.RunSettings.OnVanished;
import dev.landfall.runner.LakeProperties;
import dev.landfall.runner.TelemetryProperties;
import dev.landfall.runner.TopicProperties;
import dev.landfall.runner.WarehouseProperties;
import dev.landfall.template.ProjectOptions;
import dev.landfall.warehouse.WarehouseSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of core-runner, {@code landfall.*}.
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
record CoreRunnerProperties(
        @DefaultValue("models") Path projectDir,
        @Nullable Path profilesDir,
        @Nullable String target,
        @DefaultValue("{}") String vars,
        @DefaultValue("1s") Duration projectPoll,
        @DefaultValue("10s") Duration healthPeriod,
        @DefaultValue @Valid @NestedConfigurationProperty TopicProperties topics,
        @DefaultValue @NestedConfigurationProperty LakeProperties lake,
        @DefaultValue @NestedConfigurationProperty WarehouseProperties warehouse,
        @DefaultValue @Valid Core core,
        @DefaultValue @NestedConfigurationProperty TelemetryProperties telemetry) {

    /**
     * {@code landfall.core.*}.
     *
     * @param maxConcurrentRuns how many streams run at once
     * @param consumers threads that fetch; one does for some 300 streams
     * @param maxWaiting a stream with so many landings waiting is not fetched until they are run
     * @param maxBatchBytes files of one transaction
     * @param retryFirst how long a stream waits after a failure that may pass; doubled each time
     * @param retryLimit the longest wait
     * @param recheck how often a stream is compared with the ledger while a model could not take its landings
     * @param drain how long a shutdown waits for the runs that are under way
     * @param createEmpty whether a model gets an empty table from its stream's fields before anything has landed
     * @param onDroppedRows when a model's own filter drops rows of the landing that it runs for: apply them and say so once,
     *     fail the model, or leave them out and warn
     * @param onOlderLanding when an older landing comes for a model that cannot tell older rows from newer ones: rebuild its
     *     table from all files that the ledger knows, or refuse
     * @param onVanished when files vanish from the lake: ignore, so that their rows stay, or full-refresh
     * @param onModelChange when a model's SQL was edited, in its file or in a macro that it calls: warn, or
     *     full-refresh
     */
    record Core(
            @DefaultValue("2") @Min(1) int maxConcurrentRuns,
            @DefaultValue("1") @Min(1) int consumers,
            @DefaultValue("2000") @Min(1) int maxWaiting,
            @DefaultValue("256MB") DataSize maxBatchBytes,
            @DefaultValue("1s") Duration retryFirst,
            @DefaultValue("5m") Duration retryLimit,
            @DefaultValue("1m") Duration recheck,
            @DefaultValue("30s") Duration drain,
            @DefaultValue("apply") OnDroppedRows onDroppedRows,
            @DefaultValue("rebuild") OnOlderLanding onOlderLanding,
            @DefaultValue("ignore") OnVanished onVanished,
            @DefaultValue("warn") OnModelChange onModelChange,
            @DefaultValue("false") boolean createEmpty) {}

    ProjectOptions projectOptions() {
        return new ProjectOptions(projectDir, profilesDir, target, ProjectOptions.variables(vars), System.getenv());
    }

    WarehouseSettings warehouseSettings() {
        return warehouse.settings("core-runner", lake.settings());
    }

    RunSettings runSettings() {
        return new RunSettings(
                lake.settings().bucket(),
                core.maxBatchBytes.toBytes(),
                core.onDroppedRows,
                core.onOlderLanding,
                core.onVanished,
                core.onModelChange,
                core.createEmpty);
    }
}
