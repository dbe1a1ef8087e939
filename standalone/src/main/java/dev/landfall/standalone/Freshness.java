package dev.landfall.standalone;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.lake.Layout;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import dev.landfall.run.EagerMarts;
import dev.landfall.run.RunSettings;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Ledger.Entry;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the lake with the ledger: whether everything that landed has reached the core tables and the marts. */
final class Freshness implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Project project;
    private final Warehouse warehouse;
    private final String bucket;
    private final Lake lake;
    private final LakeReader reader;
    private final EagerMarts marts;

    Freshness(Project project, Warehouse warehouse, LakeSettings settings) {
        this.project = project;
        this.warehouse = warehouse;
        this.bucket = settings.bucket();
        this.lake = Lakes.open(settings);
        this.reader = Lakes.reader(lake, settings);
        this.marts = new EagerMarts(
                () -> project, warehouse, lake, reader, RunSettings.DEFAULT.withBucket(settings.bucket()));
    }

    /** What is still to come, one line for each model that waits; empty when everything is fresh. */
    List<String> waiting() {
        List<String> waiting = warehouse.with("status", this::modelsWaiting);
        // Marts are asked only when nothing is on its way to them.
        if (waiting.isEmpty()) {
            for (EagerMarts.Staleness mart : marts.explain()) {
                if (mart.state() != EagerMarts.State.FRESH) {
                    waiting.add(PipelineLines.name(mart.model()) + " is not fresh: " + mart.reason());
                }
            }
        }
        return waiting;
    }

    private List<String> modelsWaiting(Session session) {
        List<String> waiting = new ArrayList<>();
        for (StreamConfig stream : project.streams()) {
            if (stream.selected()) {
                List<LakeFile> files = files(stream);
                for (Model model : project.modelsOf(stream.name())) {
                    long missing = model.ephemeral() ? 0 : missing(session, model, files);
                    if (missing > 0) {
                        waiting.add(model.name() + " waits for " + PipelineLines.count(missing, "file"));
                    }
                }
            }
        }
        return waiting;
    }

    /** As {@link #await(Duration, Runnable)}, ten looks a second. */
    boolean await(Duration patience) {
        return await(patience, Freshness::pause);
    }

    /**
     * Looks until everything is fresh; false when nothing has changed for as long as the patience lasts.
     *
     * @param pause returns when it may be worth while to look again
     */
    boolean await(Duration patience, Runnable pause) {
        List<String> before = List.of();
        Instant changed = Instant.now();
        while (true) {
            List<String> waiting = waiting();
            if (waiting.isEmpty()) {
                return true;
            }
            if (!waiting.equals(before)) {
                before = waiting;
                changed = Instant.now();
            } else if (changed.plus(patience).isBefore(Instant.now())) {
                return false;
            }
            pause.run();
        }
    }

    /** The versions of all models that were built since, by unique id. */
    Map<String, String> versions(Instant since) {
        return warehouse.with("status", session -> {
            Map<String, String> versions = new TreeMap<>();
            Ledger.find(session, project.target().database())
                    .ifPresent(ledger -> ledger.builds().values().stream()
                            .filter(build -> build.at().isAfter(since))
                            .forEach(build -> versions.put(build.model(), build.version())));
            return versions;
        });
    }

    private List<LakeFile> files(StreamConfig stream) {
        Layout layout = new Layout(stream.prefix());
        String own = stream.bucket();
        return lake.listAll(own == null ? bucket : own, stream.prefix()).stream()
                .filter(file -> layout.kind(file) == Layout.Kind.LANDING)
                .toList();
    }

    private long missing(Session session, Model model, List<LakeFile> files) {
        Map<String, Entry> entries = entries(session, model);
        return files.stream()
                .filter(file -> {
                    Entry entry = entries.get(file.key());
                    return entry == null || !entry.isOf(file);
                })
                .count();
    }

    private Map<String, Entry> entries(Session session, Model model) {
        String own = model.relation().database();
        return Ledger.find(session, own == null ? project.target().database() : own)
                .map(ledger -> ledger.entries(model.uniqueId()))
                .orElse(Map.of());
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the marts", e);
        }
    }

    @Override
    public void close() {
        reader.close();
        lake.close();
    }
}
