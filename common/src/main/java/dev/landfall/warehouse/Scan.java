package dev.landfall.warehouse;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A query's reading of files in object storage: {@code read_parquet('s3://landing/raw/…')}, or a bare
 * {@code from 's3://…'}.
 *
 * @param function the reader in lower case: {@code read_parquet}
 * @param uris the files and globs as written
 * @param options the reader's named options as SQL, by lower-case name
 */
public record Scan(String function, List<String> uris, Map<String, String> options) {

    /** Whether Hive keys and columns of many files can be told to the reader. */
    public boolean readsTables() {
        return function.startsWith("read_parquet")
                || function.equals("parquet_scan")
                || function.startsWith("read_csv")
                || function.startsWith("read_json")
                || function.startsWith("read_ndjson");
    }

    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /**
     * What stands in a scan's place.
     *
     * @param paths the exact files; never empty
     * @param options added to those that the user wrote, where he did not write them
     * @param instead a whole relation as SQL in place of the call, or empty
     */
    public record Replacement(List<String> paths, Map<String, String> options, String instead) {
        public static Replacement files(List<String> paths, Map<String, String> options) {
            if (paths.isEmpty()) {
                throw new IllegalArgumentException("a scan of no files");
            }
            return new Replacement(List.copyOf(paths), options, "");
        }

        /** A query in brackets: {@code (select …)}. */
        public static Replacement relation(String sql) {
            return new Replacement(List.of(), Map.of(), sql);
        }
    }
}
