package dev.landfall.mart;

import dev.landfall.telemetry.Trail;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What came with the last event of each model, for the spans of the marts that it wakes. Lost at a restart. */
final class Trails {
    private final Map<String, Trail> trails = new ConcurrentHashMap<>();

    void put(String model, Trail trail) {
        trails.put(model, trail);
    }

    List<Trail> of(Collection<String> models) {
        return models.stream().map(trails::get).filter(Objects::nonNull).toList();
    }
}
