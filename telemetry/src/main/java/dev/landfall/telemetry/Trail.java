package dev.landfall.telemetry;

import dev.landfall.event.ModelMaterialized;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What travels beside an event in its record's headers: the trace that it belongs to, and when the newest landing in it
 * was seen in the lake.
 *
 * @param trace empty when there is none
 * @param landedAt null when it is not known
 */
public record Trail(String trace, @Nullable Instant landedAt) {
    public static final Trail NONE = new Trail("", null);

    private static final String LANDED_AT = "landfall-landed-at";

    public boolean isTraced() {
        return !trace.isEmpty();
    }

    /**
     * Reads headers.
     *
     * @param header gives a header's text by its name, null when it is not there
     */
    public static Trail from(Function<String, @Nullable String> header) {
        String trace = header.apply(Traces.HEADER);
        return new Trail(trace == null ? "" : trace, instant(header.apply(LANDED_AT)));
    }

    public Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        if (isTraced()) {
            headers.put(Traces.HEADER, trace);
        }
        if (landedAt != null) {
            headers.put(LANDED_AT, landedAt.toString());
        }
        return headers;
    }

    /** The traces of these, that of the newest landing first. */
    public static List<String> traces(Collection<Trail> trails) {
        return trails.stream()
                .filter(Trail::isTraced)
                .sorted((one, other) -> other.orEpoch().compareTo(one.orEpoch()))
                .map(Trail::trace)
                .distinct()
                .toList();
    }

    /** When the newest landing in any of these was seen, null when that is not known. */
    public static @Nullable Instant newest(Collection<Trail> trails) {
        return trails.stream()
                .map(Trail::landedAt)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    }

    private Instant orEpoch() {
        return landedAt == null ? Instant.EPOCH : landedAt;
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException notOurs) {
            return null;
        }
    }

    /** What a run's span says of it. */
    public static Map<String, String> attributes(ModelMaterialized event) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("landfall.model", event.model());
        attributes.put("landfall.run_id", event.runId());
        attributes.put("landfall.relation", event.relation());
        attributes.put("landfall.rows_inserted", String.valueOf(event.rowsInserted()));
        attributes.put("landfall.rows_deleted", String.valueOf(event.rowsDeleted()));
        attributes.put("landfall.files_read", String.valueOf(event.filesRead()));
        if (!event.stream().isEmpty()) {
            attributes.put("landfall.stream", event.stream());
        }
        return attributes;
    }
}
