package dev.landfall.sensor;

import dev.landfall.lake.LakeSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of sensor-service, {@code landfall.*}.
 *
 * @param projectDir the dbt project; only its stream files are read
 * @param projectPoll how often stream files are looked at
 * @param healthPeriod how often Kafka, lake and project are looked at
 */
@Validated
@ConfigurationProperties("landfall")
record SensorProperties(
        @DefaultValue("models") Path projectDir,
        @DefaultValue("1s") Duration projectPoll,
        @DefaultValue("10s") Duration healthPeriod,
        @DefaultValue @Valid Topics topics,
        @DefaultValue Lake lake,
        @DefaultValue @Valid Sensor sensor,
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
     * {@code landfall.telemetry.*}; what OpenTelemetry itself configures is left to it.
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
     */
    record Lake(
            @Nullable String uri,
            @Nullable String bucket,
            @Nullable String endpoint,
            @Nullable String region,
            @Nullable Boolean pathStyle) {}

    /**
     * {@code landfall.sensor.*}.
     *
     * @param poll how often a stream is looked at while something happens; a stream file's own {@code poll} goes before
     * @param idlePoll how seldom at most, as nothing happens; a lake in a directory is always looked at every {@code
     *     poll}
     * @param quietPeriod how long a change must have rested before it is announced
     * @param maxWait after so long it is announced although its partition never rests
     * @param sweepCycle within which the older partitions are all looked at again
     * @param listing how the newest partitions are listed
     * @param threads that look at streams
     * @param instanceId a name that this replica has again after a restart, and no other has; then its streams wait for
     *     it, instead of moving to the others
     * @param webhookSecret what {@code POST /landing-events} must bear, as {@code Authorization: Bearer …} or as the
     *     query parameter {@code token}; null lets everybody
     * @param sqsQueue the URL of an SQS queue that the bucket's notifications go to; null for none
     */
    record Sensor(
            @DefaultValue("5s") Duration poll,
            @DefaultValue("30s") Duration idlePoll,
            @DefaultValue("2s") Duration quietPeriod,
            @DefaultValue("30s") Duration maxWait,
            @DefaultValue("60m") Duration sweepCycle,
            @DefaultValue("auto") Listing listing,
            @DefaultValue("8") @Min(1) int threads,
            @Nullable String instanceId,
            @Nullable String webhookSecret,
            @Nullable URI sqsQueue) {}

    /** How the newest partitions of a stream are found. */
    enum Listing {
        /** Behind a key where the order of keys is that of time, else folder by folder. */
        AUTO,
        /** Folder by folder: for servers in which each page of a listing walks through everything. */
        FOLDERS
    }

    LakeSettings lakeSettings() {
        return LakeSettings.of(lake.uri, lake.endpoint, lake.region, lake.pathStyle, lake.bucket, null, null, null);
    }
}
