package dev.landfall.lake;

import java.util.List;

/** How DuckDB reads the lake: the paths under which it finds the files. */
public interface LakeReader extends AutoCloseable {
    /**
     * The paths that DuckDB opens for these files, in their order; a file that is not at hand is fetched first. Every
     * path ends with the file's key, so that Hive keys are still read from it.
     */
    List<String> paths(String bucket, List<LakeFile> files);

    @Override
    void close();
}
