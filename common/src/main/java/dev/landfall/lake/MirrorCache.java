package dev.landfall.lake;

import dev.landfall.lake.LakeException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Files of the lake on local disk, fetched when they are first asked for. A file lies under a hash of what it is a copy
 * of (bucket, key and etag) and below that under its own key, so that a copy is never wrong, only missing.
 *
 * <p>Many processes may share a directory. A download appears whole or not at all; what a crash leaves behind is
 * cleared away. When the copies exceed the size that is allowed, the least recently used ones that no run reads go.
 */
public final class MirrorCache implements LakeReader {
    private static final int PARALLEL_DOWNLOADS = 8;
    private static final int TRIES = 3;

    private final Lake lake;
    private final MirrorDirectory directory;
    private final ThreadPoolExecutor downloads = downloads();
    private final Map<Path, CompletableFuture<Void>> underway = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder fetched = new LongAdder();

    /**
     * What this process has had of the mirror since it started.
     *
     * @param hits files that were there already
     * @param misses files that had to be fetched
     * @param fetchedBytes bytes of those that were
     */
    public record Use(long hits, long misses, long fetchedBytes) {}

    /** @param directory made when it does not exist */
    public MirrorCache(Lake lake, Path directory, long maxBytes) {
        this.lake = lake;
        this.directory = new MirrorDirectory(directory, maxBytes);
    }

    @Override
    public Lease lease(String bucket, List<LakeFile> files) {
        Map<Path, LakeFile> copies = new LinkedHashMap<>();
        for (LakeFile file : files) {
            copies.put(directory.copy(bucket, file), file);
        }
        MirrorDirectory.Pins pins = directory.pin(copies.keySet());
        try {
            Map<Path, LakeFile> missing = directory.missing(copies);
            hits.add(copies.size() - missing.size());
            misses.add(missing.size());
            fetch(bucket, missing);
            return new Copies(copies.keySet().stream().map(Path::toString).toList(), pins);
        } catch (RuntimeException | Error failure) {
            pins.close();
            throw failure;
        }
    }

    public Use use() {
        return new Use(hits.sum(), misses.sum(), fetched.sum());
    }

    /** How much lies on disk, copies of other processes included, as counted within the last minute or so. */
    public long bytes() {
        return directory.bytes();
    }

    @Override
    public void close() {
        downloads.shutdownNow();
    }

    private void fetch(String bucket, Map<Path, LakeFile> missing) {
        if (missing.isEmpty()) {
            return;
        }
        directory.makeRoom(missing.values().stream().mapToLong(LakeFile::size).sum());
        List<CompletableFuture<Void>> waits = new ArrayList<>();
        missing.forEach((copy, file) -> waits.add(download(bucket, file, copy)));
        waits.forEach(MirrorCache::await);
    }

    /** One download of a copy at a time in this process; should another process fetch it too, the later one wins. */
    private CompletableFuture<Void> download(String bucket, LakeFile file, Path copy) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> first = underway.putIfAbsent(copy, mine);
        if (first != null) {
            return first;
        }
        downloads.execute(() -> {
            try {
                downloadWithRetries(bucket, file, copy);
                mine.complete(null);
            } catch (Throwable failure) {
                mine.completeExceptionally(failure);
            } finally {
                underway.remove(copy, mine);
            }
        });
        return mine;
    }

    private void downloadWithRetries(String bucket, LakeFile file, Path copy) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                directory.store(copy, file, () -> lake.open(bucket, file));
                fetched.add(file.size());
                return;
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw new LakeException(
                            Reason.UNREACHABLE, "cannot fetch " + bucket + "/" + file.key() + ": " + e.getMessage(), e);
                }
                Thread.sleep(200L * attempt);
            }
        }
    }

    private static void await(CompletableFuture<Void> download) {
        try {
            download.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException(Reason.UNREACHABLE, "interrupted while files were fetched", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LakeException known) {
                // Made anew, so that the stack of who asked is in it.
                throw new LakeException(known.reason(), String.valueOf(known.getMessage()), known);
            }
            throw new IllegalStateException("a download failed", e.getCause());
        }
    }

    private static ThreadPoolExecutor downloads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                PARALLEL_DOWNLOADS, PARALLEL_DOWNLOADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "landfall-mirror");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private record Copies(List<String> paths, MirrorDirectory.Pins pins) implements Lease {
        @Override
        public void close() {
            pins.close();
        }
    }
}
