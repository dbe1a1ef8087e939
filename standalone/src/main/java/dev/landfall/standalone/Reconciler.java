package dev.landfall.standalone;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares what a stream's bucket, topic and ledger hold. The bucket is read last: what landed meanwhile is looked for again. */
final class Reconciler {
    private final Project project;
    private final Lake lake;
    private final String defaultBucket;
    private final @Nullable RunningSystem system;
    private final Ledgers ledgers;

    /** @param system null where there is none */
    Reconciler(Project project, Lake lake, String defaultBucket, @Nullable RunningSystem system, Ledgers ledgers) {
        this.project = project;
        this.lake = lake;
        this.defaultBucket = defaultBucket;
        this.system = system;
        this.ledgers = ledgers;
    }

    Reconciliation reconcile(StreamConfig stream) {
        List<Model> models = project.modelsOf(stream.name()).stream()
                .filter(model -> !model.ephemeral())
                .toList();
        Map<String, Map<String, Ledgers.Applied>> applied = new TreeMap<>();
        models.forEach(model -> applied.put(model.uniqueId(), ledgers.applied(project, model)));
        Optional<Map<String, String>> announced = Optional.ofNullable(system).map(each -> etags(each, stream));
        Map<String, String> landings = new TreeMap<>();
        Map<Layout.Kind, Long> others = new EnumMap<>(Layout.Kind.class);
        List<String> unknown = new ArrayList<>();
        String bucket = stream.bucket() == null ? defaultBucket : stream.bucket();
        Layout layout = new Layout(stream.prefix());
        for (LakeFile file : lake.listAll(bucket, stream.prefix())) {
            Layout.Kind kind = layout.kind(file);
            if (kind == Layout.Kind.LANDING) {
                landings.put(file.key(), file.etag());
            } else {
                others.merge(kind, 1L, Long::sum);
                if (kind == Layout.Kind.UNKNOWN) {
                    unknown.add(file.key());
                }
            }
        }
        Set<String> lacking = new TreeSet<>();
        Set<String> setAside = new TreeSet<>();
        Set<String> vanished = new TreeSet<>();
        for (Map<String, Ledgers.Applied> one : applied.values()) {
            landings.forEach((key, etag) -> {
                Ledgers.Applied entry = one.get(key);
                if (entry == null || !entry.etag().equals(etag)) {
                    lacking.add(key);
                } else if (entry.dead()) {
                    setAside.add(key);
                }
            });
            one.forEach((key, entry) -> {
                if (!entry.dead() && !landings.containsKey(key)) {
                    vanished.add(key);
                }
            });
        }
        List<String> unaccounted = new ArrayList<>(lacking);
        List<String> waiting = List.of();
        List<String> goneUntold = List.of();
        if (announced.isPresent()) {
            Map<String, String> told = announced.get();
            unaccounted = landings.entrySet().stream()
                    .filter(file -> !file.getValue().equals(told.get(file.getKey())))
                    .map(Map.Entry::getKey)
                    .toList();
            Set<String> untold = Set.copyOf(unaccounted);
            waiting = lacking.stream().filter(key -> !untold.contains(key)).toList();
            goneUntold = told.keySet().stream()
                    .filter(key -> !landings.containsKey(key))
                    .sorted()
                    .toList();
        }
        return new Reconciliation(
                stream.name(),
                landings.size(),
                unaccounted,
                waiting,
                goneUntold,
                List.copyOf(vanished),
                List.copyOf(setAside),
                unknown,
                others);
    }

    /** The versions of all files that were announced and not taken back. */
    private static Map<String, String> etags(RunningSystem system, StreamConfig stream) {
        Map<String, String> etags = new HashMap<>();
        for (RunningSystem.Landed record : system.landed(stream.name())) {
            record.landing().ifPresent(landed -> landed.files().forEach(file -> etags.put(file.key(), file.etag())));
        }
        return etags;
    }
}
