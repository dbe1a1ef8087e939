package dev.landfall.core;

import dev.landfall.event.PartitionLanded;
import dev.landfall.telemetry.Trail;

/** A landing as it stands in its stream's landed topic; of one key only the one with the highest offset counts. */
record Landing(String key, long offset, PartitionLanded landed, Trail trail) {
    Landing(String key, long offset, PartitionLanded landed) {
        this(key, offset, landed, Trail.NONE);
    }
}
