package dev.landfall.core;

import dev.landfall.event.PartitionLanded;
import java.util.stream.Collectors;

/** Partitions as they are written in a path. */
final class Partitions {
    private Partitions() {}

    /** {@code year=2026/month=01/day=15}, {@code _} for an unpartitioned stream. */
    static String path(PartitionLanded landed) {
        if (landed.partition().isEmpty()) {
            return "_";
        }
        return landed.partition().entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("/"));
    }
}
