package dev.landfall.sensor;

import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout;
import java.util.EnumMap;
import java.util.Map;

/** What the objects below a stream's prefix are: landings, and how many that are none. */
final class Census {
    private final Map<Layout.Kind, Long> counts = new EnumMap<>(Layout.Kind.class);
    private String unknown = "";

    void count(Layout layout, LakeFile file) {
        Layout.Kind kind = layout.kind(file);
        counts.merge(kind, 1L, Long::sum);
        if (kind == Layout.Kind.UNKNOWN && unknown.isEmpty()) {
            unknown = file.key();
        }
    }

    void add(Census other) {
        other.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
        if (unknown.isEmpty()) {
            unknown = other.unknown;
        }
    }

    long of(Layout.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** One key of an unknown name, empty when there is none. */
    String unknownExample() {
        return unknown;
    }
}
