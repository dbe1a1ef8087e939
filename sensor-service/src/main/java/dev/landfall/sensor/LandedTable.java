package dev.landfall.sensor;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.KeyOrder;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Partition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a stream's topic says has landed: the newest record of each key, and where each file stands in it. */
final class LandedTable {
    private final Map<Partition, List<Chunk>> chunks = new HashMap<>();
    /** Most looks are for one file, and comparing keys, which begin alike, costs far more than hashing them. */
    private final Map<String, Chunk> chunksByFile = new HashMap<>();

    private final NavigableSet<String> keys = new TreeSet<>(KeyOrder.UTF_8);
    private final NavigableMap<String, Integer> folders = new TreeMap<>(KeyOrder.UTF_8);
    private int foldersVersion;

    /** One record: the files of a partition, or of a part of a big one. */
    static final class Chunk {
        private final Partition partition;
        private final int number;
        private SortedMap<String, LakeFile> files = new TreeMap<>(KeyOrder.UTF_8);

        private Chunk(Partition partition, int number) {
            this.partition = partition;
            this.number = number;
        }

        Partition partition() {
            return partition;
        }

        int number() {
            return number;
        }

        /** Sorted by key. */
        SortedMap<String, LakeFile> files() {
            return Collections.unmodifiableSortedMap(files);
        }
    }

    /** Takes a record in; it replaces the one of the same key. */
    void apply(PartitionLanded landed) {
        Chunk chunk = chunk(new Partition(landed.partition()), landed.chunk());
        chunk.files.keySet().forEach(key -> remove(key, chunk));
        SortedMap<String, LakeFile> files = new TreeMap<>(KeyOrder.UTF_8);
        for (LakeFile file : landed.files()) {
            files.put(file.key(), file);
            add(file.key(), chunk);
        }
        chunk.files = files;
    }

    @Nullable
    LakeFile file(String key) {
        Chunk chunk = chunksByFile.get(key);
        return chunk == null ? null : chunk.files.get(key);
    }

    @Nullable
    Chunk chunkOf(String key) {
        return chunksByFile.get(key);
    }

    /** In the order of their numbers, which are those of their places: 1, 2, and so on. */
    List<Chunk> chunks(Partition partition) {
        return Collections.unmodifiableList(chunks.getOrDefault(partition, List.of()));
    }

    /** The keys of all files, in the order of a listing. */
    NavigableSet<String> keys() {
        return Collections.unmodifiableNavigableSet(keys);
    }

    int files() {
        return chunksByFile.size();
    }

    int partitions() {
        return chunks.size();
    }

    /** The folders that hold files, each ending with a slash, and how many they hold. */
    NavigableMap<String, Integer> folders() {
        return Collections.unmodifiableNavigableMap(folders);
    }

    /** Another number whenever a folder came or went. */
    int foldersVersion() {
        return foldersVersion;
    }

    private void add(String key, Chunk chunk) {
        if (chunksByFile.put(key, chunk) == null) {
            keys.add(key);
            if (folders.merge(folder(key), 1, Integer::sum) == 1) {
                foldersVersion++;
            }
        }
    }

    private void remove(String key, Chunk chunk) {
        if (chunksByFile.remove(key, chunk)) {
            keys.remove(key);
            if (folders.computeIfPresent(folder(key), (folder, count) -> count == 1 ? null : count - 1) == null) {
                foldersVersion++;
            }
        }
    }

    private static String folder(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    private Chunk chunk(Partition partition, int number) {
        List<Chunk> known = chunks.computeIfAbsent(partition, first -> new ArrayList<>(1));
        while (known.size() < number) {
            known.add(new Chunk(partition, known.size() + 1));
        }
        return known.get(number - 1);
    }
}
