package dev.landfall.sensor;

import dev.landfall.event.PartitionLanded;
import java.util.List;

/** Writes landings to a stream's topic. */
interface Announcer {
    /**
     * Writes all of them or none, and returns when they are written for good.
     *
     * @throws NotAnnouncedException when they were not, or when that cannot be told
     */
    void announce(List<PartitionLanded> landings) throws NotAnnouncedException;
}
