package dev.landfall.lake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lets DuckDB read a local lake's files where they lie. */
public final class DirectReader implements LakeReader {
    private final LocalLake lake;

    public DirectReader(LocalLake lake) {
        this.lake = lake;
    }

    @Override
    public Lease lease(String bucket, List<LakeFile> files) {
        List<String> paths = new ArrayList<>(files.size());
        for (LakeFile file : files) {
            Path path = lake.path(bucket, file.key());
            lake.requireUnchanged(bucket, file);
            paths.add(path.toString());
        }
        return new InPlace(List.copyOf(paths));
    }

    @Override
    public void close() {}

    private record InPlace(List<String> paths) implements Lease {
        @Override
        public void close() {}
    }
}
