package dev.landfall.sensor;

import dev.landfall.lake.KeyOrder;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeException;
import dev.landfall.lake.LakeException.Reason;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakePage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One bucket in memory, whose listings are counted and can be made to fail, and whose clock can be wrong. */
final class MemoryLake implements Lake {
    private final NavigableMap<String, LakeFile> files = new TreeMap<>(KeyOrder.UTF_8);
    private final InstantSource clock;
    private final int pageSize;
    private int version;

    int pages;
    int folderCalls;
    /** What happens while a page is on its way. */
    Runnable onPage = () -> {};
    /** Fails so many listings. */
    int failures;
    /** Fails the listing of one page in so many; 0 for never. */
    int failsEvery;
    /** Keys that one listing leaves out, as stores in trouble do. */
    final List<String> hiddenOnce = new ArrayList<>();

    MemoryLake(InstantSource clock, int pageSize) {
        this.clock = clock;
        this.pageSize = pageSize;
    }

    LakeFile put(String key, long size) {
        return put(key, size, clock.instant());
    }

    /** @param lastModified by the store's own clock */
    LakeFile put(String key, long size, Instant lastModified) {
        LakeFile file = new LakeFile(key, size, "e" + ++version, lastModified);
        files.put(key, file);
        return file;
    }

    void delete(String key) {
        files.remove(key);
    }

    NavigableMap<String, LakeFile> files() {
        return files;
    }

    @Override
    public LakePage list(String bucket, String prefix, @Nullable String startAfter, @Nullable String token) {
        pages++;
        onPage.run();
        if (failures > 0) {
            failures--;
            throw new LakeException(Reason.UNREACHABLE, "the store does not answer");
        }
        if (failsEvery > 0 && pages % failsEvery == 0) {
            throw new LakeException(Reason.UNREACHABLE, "slow down");
        }
        String after = token != null ? token : startAfter != null ? startAfter : "";
        List<LakeFile> page = new ArrayList<>();
        for (LakeFile file : files.tailMap(after, false).values()) {
            if (!file.key().startsWith(prefix)) {
                if (KeyOrder.UTF_8.compare(file.key(), prefix) > 0) {
                    break;
                }
                continue;
            }
            if (hiddenOnce.remove(file.key())) {
                continue;
            }
            if (page.size() == pageSize) {
                return new LakePage(page, page.get(pageSize - 1).key());
            }
            page.add(file);
        }
        return new LakePage(page, null);
    }

    @Override
    public List<String> folders(String bucket, String prefix) {
        folderCalls++;
        return files.tailMap(prefix, false).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .filter(key -> key.indexOf('/', prefix.length()) > 0)
                .map(key -> key.substring(0, key.indexOf('/', prefix.length()) + 1))
                .distinct()
                .toList();
    }

    @Override
    public InputStream open(String bucket, LakeFile file) {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public Optional<LakeFile> stat(String bucket, String key) {
        return Optional.ofNullable(files.get(key));
    }

    @Override
    public void check(String bucket) {}

    @Override
    public void close() {}
}
