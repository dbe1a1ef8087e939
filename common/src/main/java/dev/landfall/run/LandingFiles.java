package dev.landfall.run;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Partition;
import dev.landfall.warehouse.LandedFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of some landings, the newest manifest of each partition.
 *
 * @param files oldest partition first
 * @param gone keys that landings told to have vanished, and that no newer one brings back
 */
record LandingFiles(List<LandedFile> files, Set<String> gone) {

    static LandingFiles of(Collection<PartitionLanded> landings) {
        Map<String, PartitionLanded> newest = new LinkedHashMap<>();
        for (PartitionLanded landing : landings) {
            newest.merge(
                    landing.key(),
                    landing,
                    (known, other) -> other.detectedAt().isBefore(known.detectedAt()) ? known : other);
        }
        Map<String, LandedFile> files = new HashMap<>();
        Set<String> gone = new TreeSet<>();
        for (PartitionLanded landing : newest.values()) {
            gone.addAll(landing.gone());
            for (LakeFile file : landing.files()) {
                files.put(
                        file.key(),
                        new LandedFile(landing.bucket(), file, new Partition(landing.partition()), landing.manifest()));
            }
        }
        gone.removeAll(files.keySet());
        List<LandedFile> sorted = new ArrayList<>(files.values());
        sorted.sort(LandedFile.OLDEST_FIRST);
        return new LandingFiles(List.copyOf(sorted), gone);
    }

    /** Parts of at most so many bytes, each of one file at least; in the given order. */
    static List<List<LandedFile>> batches(List<LandedFile> files, long maxBytes) {
        List<List<LandedFile>> batches = new ArrayList<>();
        List<LandedFile> batch = new ArrayList<>();
        long bytes = 0;
        for (LandedFile landed : files) {
            if (!batch.isEmpty() && bytes + landed.file().size() > maxBytes) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(landed);
            bytes += landed.file().size();
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    static long bytes(List<LandedFile> files) {
        return files.stream().mapToLong(landed -> landed.file().size()).sum();
    }
}
