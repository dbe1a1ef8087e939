package dev.landfall.lake;

import dev.landfall.lake.LakeException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Lets DuckDB read S3 by its own extension. That asks for no version of an object, so the store is asked for it once
 * more when the files were read, before what they gave is kept. Buckets that DuckDB was not opened for come through the
 * mirror.
 */
public final class HttpfsReader implements LakeReader {
    private static final int PARALLEL_LOOKS = 8;

    private final S3Lake lake;
    private final MirrorCache mirror;
    private final ExecutorService looks = Executors.newFixedThreadPool(PARALLEL_LOOKS, task -> {
        Thread thread = new Thread(task, "landfall-httpfs");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Set<String> buckets = Set.of();

    /** @param mirror for what lies in other buckets; closed with this */
    public HttpfsReader(S3Lake lake, MirrorCache mirror) {
        this.lake = lake;
        this.mirror = mirror;
    }

    /** Names the buckets that DuckDB may reach; none before. */
    public void open(Set<String> reachable) {
        buckets = Set.copyOf(reachable);
    }

    @Override
    public Lease lease(String bucket, List<LakeFile> files) {
        return buckets.contains(bucket) ? new InStore(bucket, files) : mirror.lease(bucket, files);
    }

    @Override
    public Optional<StoreAccess> access() {
        return Optional.of(lake.access(buckets));
    }

    @Override
    public void close() {
        looks.shutdownNow();
        mirror.close();
    }

    private final class InStore implements Lease {
        private final String bucket;
        private final List<LakeFile> files;

        InStore(String bucket, List<LakeFile> files) {
            this.bucket = bucket;
            this.files = List.copyOf(files);
        }

        @Override
        public List<String> paths() {
            return files.stream()
                    .map(file -> "s3://" + bucket + "/" + file.key())
                    .toList();
        }

        @Override
        public void requireUnchanged() {
            List<Future<?>> answers = new ArrayList<>();
            files.forEach(file -> answers.add(looks.submit(() -> lake.requireUnchanged(bucket, file))));
            try {
                for (Future<?> answer : answers) {
                    answer.get();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LakeException(Reason.UNREACHABLE, "interrupted while files were looked at", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof LakeException known) {
                    throw new LakeException(known.reason(), String.valueOf(known.getMessage()), known);
                }
                throw new IllegalStateException("a look at a file failed", e.getCause());
            } finally {
                answers.forEach(answer -> answer.cancel(true));
            }
        }

        @Override
        public void close() {}
    }
}
