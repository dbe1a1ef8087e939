package dev.landfall.project;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream file: a stream's sensor, topic and tag.
 *
 * @param file the file it was read from, relative to the project's root
 * @param bucket the stream's own bucket, or null for the configured one
 * @param prefix keys of the stream begin with it, ending with a slash: {@code raw/shopify/orders/}
 * @param poll how often the sensor looks, or null for the configured interval
 * @param quietPeriod how long a listing must be stable before it counts, or null for the configured one
 * @param selected false switches the stream off
 * @param primaryKey Airbyte's primary key, as paths of names
 * @param cursorField Airbyte's cursor field, as a path of names
 * @param fields the stream's declared columns as JSON, empty when not declared
 */
public record StreamConfig(
        StreamName name,
        Path file,
        @Nullable String bucket,
        String prefix,
        @Nullable Duration poll,
        @Nullable Duration quietPeriod,
        boolean selected,
        List<List<String>> primaryKey,
        List<String> cursorField,
        Map<String, Object> fields) {}
