package dev.landfall.core;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.ModelStatus;
import dev.landfall.event.ModelTested;
import dev.landfall.run.StreamRunner.CoreState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Remembers the last run of each model, for its status. */
final class ModelBook {
    private final Map<String, ModelMaterialized> runs = new ConcurrentHashMap<>();
    private final Map<String, String> errors = new ConcurrentHashMap<>();
    private final Map<String, String> testNotes = new ConcurrentHashMap<>();

    void succeeded(ModelMaterialized event) {
        runs.put(event.model(), event);
        errors.remove(event.model());
    }

    void failed(ModelFailed event) {
        errors.put(event.model(), event.error());
    }

    void tested(ModelTested event) {
        testNotes.put(event.model(), event.note());
    }

    /** What the warehouse and the last run say together. */
    ModelStatus status(String stream, CoreState core) {
        ModelMaterialized last = runs.get(core.model());
        @Nullable String error = errors.get(core.model());
        return new ModelStatus(
                core.model(),
                "core",
                stream,
                error != null ? "failing" : core.built() ? "fresh" : "missing",
                error == null ? "" : error,
                last == null ? null : last.finishedAt(),
                last == null ? null : seconds(last),
                last == null ? null : last.rowsTotal(),
                core.filesApplied(),
                core.filesDead(),
                Stream.of(core.note(), testNotes.getOrDefault(core.model(), ""))
                        .filter(each -> !each.isEmpty())
                        .collect(Collectors.joining("; ")),
                Instant.now());
    }

    private static double seconds(ModelMaterialized run) {
        return Duration.between(run.startedAt(), run.finishedAt()).toMillis() / 1000.0;
    }
}
