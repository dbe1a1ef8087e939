package dev.landfall.lake;

import java.util.List;

/** Lets DuckDB read a local lake's files where they lie. */
public final class DirectReader implements LakeReader {
    private final LocalLake lake;

    public DirectReader(LocalLake lake) {
        this.lake = lake;
    }

    @Override
    public Lease lease(String bucket, List<LakeFile> files) {
        Lease lease = new InPlace(bucket, List.copyOf(files));
        lease.requireUnchanged();
        return lease;
    }

    @Override
    public void close() {}

    private final class InPlace implements Lease {
        private final String bucket;
        private final List<LakeFile> files;

        InPlace(String bucket, List<LakeFile> files) {
            this.bucket = bucket;
            this.files = files;
        }

        @Override
        public List<String> paths() {
            return files.stream()
                    .map(file -> lake.path(bucket, file.key()).toString())
                    .toList();
        }

        @Override
        public void requireUnchanged() {
            files.forEach(file -> lake.requireUnchanged(bucket, file));
        }

        @Override
        public void close() {}
    }
}
