package dev.landfall.event;

import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Partition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A landing: one partition with the exact list of its files as the sensor saw it.
 *
 * @param prefix the stream's prefix in the bucket, ending with a slash: {@code raw/shopify/orders/}
 * @param partition Hive keys and values in the order of the path; empty for an unpartitioned stream
 * @param chunk 1, or which part this is of a partition of more than 1,000 files; each is a landing of its own
 * @param files all files of the chunk, sorted by key; empty when it was emptied
 * @param gone keys that the chunk's previous manifest had and this one has not
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
        Integer chunk,
        List<LakeFile> files,
        List<String> gone,
        Instant detectedAt,
        String manifest,
        String projectChecksum) {

    /** A hash over keys and etags, 32 hex digits: tells one list of files from any other. */
    public static String manifest(List<LakeFile> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (LakeFile file : files) {
                digest.update((file.key() + '\0' + file.etag() + '\0').getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key of its record: the partition's path, {@code year=2026/month=01/day=15}, then {@code #2} and so on. */
    public String key() {
        String path = new Partition(partition).path();
        return chunk == 1 ? path : path + "#" + chunk;
    }
}
