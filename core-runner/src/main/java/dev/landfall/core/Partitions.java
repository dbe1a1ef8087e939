package dev.landfall.core;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Partition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Landings by their partitions: names, order, slices. */
final class Partitions {
    static final Comparator<Landing> OLDEST_FIRST = Comparator.comparing(
                    (Landing landing) -> landing.landed().partition(), Partition::compare)
            .thenComparing(Landing::offset);

    private Partitions() {}

    /** {@code year=2026/month=01/day=15}, {@code _} for an unpartitioned stream. */
    static String path(PartitionLanded landed) {
        return new Partition(landed.partition()).path();
    }

    /**
     * Cuts a list where a slice has enough.
     *
     * @param maxLandings of one slice
     * @param maxBytes of the files of one slice; at least one landing is in each
     */
    static List<List<Landing>> slices(List<Landing> landings, int maxLandings, long maxBytes) {
        List<List<Landing>> slices = new ArrayList<>();
        List<Landing> slice = new ArrayList<>();
        long bytes = 0;
        for (Landing landing : landings) {
            long size =
                    landing.landed().files().stream().mapToLong(LakeFile::size).sum();
            if (!slice.isEmpty() && (slice.size() == maxLandings || bytes + size > maxBytes)) {
                slices.add(slice);
                slice = new ArrayList<>();
                bytes = 0;
            }
            slice.add(landing);
            bytes += size;
        }
        if (!slice.isEmpty()) {
            slices.add(slice);
        }
        return slices;
    }
}
