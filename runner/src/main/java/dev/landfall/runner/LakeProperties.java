package dev.landfall.runner;

import dev.landfall.lake.LakeSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.unit.DataSize;

/**
 * {@code landfall.lake.*}, as {@link LakeSettings} has it.
 *
 * @param uri s3:// or s3://bucket; file:/directory for a directory whose sub-folders are the buckets
 * @param bucket the bucket of streams that name none, else that of the uri, else landing
 * @param endpoint the address of a server other than AWS
 * @param region else what the AWS SDK finds, else us-east-1
 * @param pathStyle whether the bucket is part of the path; true where there is an endpoint
 * @param read mirror: files in S3 are fetched into a directory first; httpfs: DuckDB reads them there, by its
 *     extension of that name; auto is mirror
 * @param mirrorDir where files fetched from S3 are kept
 * @param mirrorMaxBytes how much of them is kept at most, 10 GB where nothing is said
 */
@ConfigurationPropertiesSource
public record LakeProperties(
        @Nullable String uri,
        @Nullable String bucket,
        @Nullable String endpoint,
        @Nullable String region,
        @Nullable Boolean pathStyle,
        @Nullable String read,
        @Nullable Path mirrorDir,
        @Nullable DataSize mirrorMaxBytes) {
    public LakeSettings settings() {
        return LakeSettings.of(
                uri,
                endpoint,
                region,
                pathStyle,
                bucket,
                read,
                mirrorDir,
                mirrorMaxBytes == null ? null : mirrorMaxBytes.toBytes());
    }
}
