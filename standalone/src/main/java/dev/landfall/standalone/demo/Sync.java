package dev.landfall.standalone.demo;

import java.time.Instant;
import java.util.List;

/**
 * What one run of Airbyte over all nine streams lands.
 *
 * @param number 1 for the first
 * @param title what is special about it, in a few words
 * @param started when it would have begun; its partition is this day in UTC, but for a late file
 * @param files in the order of their keys
 */
public record Sync(int number, String title, Instant started, List<SampleFile> files) {
    public Sync {
        files = List.copyOf(files);
    }
}
