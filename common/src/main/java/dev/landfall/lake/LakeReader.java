package dev.landfall.lake;

import java.util.List;

/** How DuckDB reads the lake: the paths under which it finds the files; safe for many threads. */
public interface LakeReader extends AutoCloseable {
    /** Files at hand for DuckDB; they stay until it is closed. */
    interface Lease extends AutoCloseable {
        /** The paths that DuckDB opens, in the order of the files; each ends with its file's key. */
        List<String> paths();

        @Override
        void close();
    }

    /**
     * Brings files to hand, for as long as a run reads them; a file that is not at hand is fetched first. Every path
     * ends with the file's key, so that Hive keys are still read from it.
     *
     * @throws LakeException when a file cannot be had; of the reason {@code CHANGED}, when the store no longer holds
     *     the version that was listed
     */
    Lease lease(String bucket, List<LakeFile> files);

    /**
     * The paths of {@link #lease}, without its end: what was fetched may be dropped as soon as it is the least recently
     * used.
     */
    default List<String> paths(String bucket, List<LakeFile> files) {
        try (Lease lease = lease(bucket, files)) {
            return lease.paths();
        }
    }

    @Override
    void close();
}
