package dev.landfall.warehouse;

import dev.landfall.lake.KeyOrder;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Partition;
import java.util.Comparator;

/**
 * A file of a landing.
 *
 * @param manifest the manifest of the landing that told of it
 */
public record LandedFile(String bucket, LakeFile file, Partition partition, String manifest) {
    /** Oldest partition first, then by key. */
    public static final Comparator<LandedFile> OLDEST_FIRST =
            Comparator.comparing(LandedFile::partition).thenComparing(LandedFile::key, KeyOrder.UTF_8);

    public String key() {
        return file.key();
    }

    public String uri() {
        return "s3://" + bucket + "/" + file.key();
    }
}
