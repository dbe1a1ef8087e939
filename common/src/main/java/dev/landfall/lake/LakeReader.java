package dev.landfall.lake;

import java.util.List;
import java.util.Optional;

/** How DuckDB reads the lake: the paths under which it finds the files; safe for many threads. */
public interface LakeReader extends AutoCloseable {
    /** Files at hand for DuckDB; they stay until it is closed. */
    interface Lease extends AutoCloseable {
        /** The paths that DuckDB opens, in the order of the files; each ends with its file's key. */
        List<String> paths();

        /**
         * To be asked once the files were read, and before what they gave is kept.
         *
         * @throws LakeException of the reason {@code CHANGED}, when what was read may not be what was listed
         */
        default void requireUnchanged() {}

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

    /** How DuckDB itself gets at the store, where it does; asked anew for each run, since credentials expire. */
    default Optional<StoreAccess> access() {
        return Optional.empty();
    }

    @Override
    void close();
}
