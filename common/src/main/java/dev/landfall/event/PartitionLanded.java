package dev.landfall.event;

import dev.landfall.lake.LakeFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A landing: one partition with the exact list of its files as the sensor saw it.
 *
 * @param prefix the stream's prefix in the bucket, ending with a slash: {@code raw/shopify/orders/}
 * @param partition Hive keys and values in the order of the path; empty for an unpartitioned stream
 * @param files all files of the partition, sorted by key; empty when the partition was emptied
 * @param gone keys that the partition's previous manifest had and this one has not
 * @param detectedAt when the sensor saw it
 * @param manifest a hash over the keys and etags of {@code files}
 * @param projectChecksum the checksum of the project that the sensor runs on
 */
public record PartitionLanded(
        String source,
        String stream,
        String bucket,
        String prefix,
        Map<String, String> partition,
        List<LakeFile> files,
        List<String> gone,
        Instant detectedAt,
        String manifest,
        String projectChecksum) {}
