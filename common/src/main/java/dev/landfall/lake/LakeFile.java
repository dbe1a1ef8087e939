package dev.landfall.lake;

import java.time.Instant;

/**
 * One version of one object.
 *
 * @param key the object's key within its bucket, never starting with a slash
 * @param size its length in bytes
 * @param etag what tells this version from any other of the same key; where a store has none, the lake makes one from
 *     size and time
 * @param lastModified the store's own time of the write
 */
public record LakeFile(String key, long size, String etag, Instant lastModified) {
    public LakeFile {
        if (key.isEmpty() || key.startsWith("/")) {
            throw new IllegalArgumentException("not an object key: '" + key + "'");
        }
        if (size < 0) {
            throw new IllegalArgumentException("size of " + key + " is negative: " + size);
        }
    }
}
