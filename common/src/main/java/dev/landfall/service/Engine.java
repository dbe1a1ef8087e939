package dev.landfall.service;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.lake.MirrorCache;
import dev.landfall.project.Project;
import dev.landfall.project.Seed;
import dev.landfall.project.Target;
import dev.landfall.run.EagerMarts;
import dev.landfall.run.ModelTests;
import dev.landfall.run.RunSettings;
import dev.landfall.run.StreamRunner;
import dev.landfall.template.LiveProject;
import dev.landfall.template.ProjectUnavailableException;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a runner works with: the live project, its lake and its warehouse. The warehouse is opened when it is first
 * needed, and tried again at the next use when that failed. Safe for use by several threads.
 */
public final class Engine implements AutoCloseable {
    private final LiveProject project;
    private final Lake lake;
    private final LakeReader reader;
    private final WarehouseSettings warehouseSettings;
    private final RunSettings runSettings;
    private @Nullable Warehouse warehouse;
    private @Nullable StreamRunner streams;
    private @Nullable EagerMarts marts;
    private @Nullable ModelTests tests;

    public Engine(
            LiveProject project, LakeSettings lake, WarehouseSettings warehouseSettings, RunSettings runSettings) {
        this.project = project;
        this.lake = Lakes.open(lake);
        this.reader = Lakes.reader(this.lake, lake);
        this.warehouseSettings = warehouseSettings;
        this.runSettings = runSettings;
    }

    public LiveProject project() {
        return project;
    }

    /** Runs core models. Fails as {@link #warehouse} does. */
    public synchronized StreamRunner streams() {
        if (streams == null) {
            streams = new StreamRunner(project, warehouse(), lake, reader, runSettings);
        }
        return streams;
    }

    /** Builds marts. Fails as {@link #warehouse} does. */
    public synchronized EagerMarts marts() {
        if (marts == null) {
            marts = new EagerMarts(project, warehouse(), lake, reader, runSettings);
        }
        return marts;
    }

    /** Tests what was built. Fails as {@link #warehouse} does. */
    public synchronized ModelTests tests() {
        if (tests == null) {
            tests = new ModelTests(project, warehouse(), lake, reader, runSettings);
        }
        return tests;
    }

    /**
     * The open warehouse.
     *
     * @throws ProjectUnavailableException when no good project tells where the warehouse is
     * @throws dev.landfall.warehouse.WarehouseException when it cannot be opened
     */
    public synchronized Warehouse warehouse() {
        if (warehouse == null) {
            Project current = project.get();
            warehouse = Warehouse.open(current.target(), current.directory(), settings(current));
        }
        return warehouse;
    }

    /** Seeds lie in the project, and are all of it that SQL may read. */
    private WarehouseSettings settings(Project current) {
        WarehouseSettings opening = DirectReading.open(reader, current, runSettings.bucket(), warehouseSettings);
        List<String> lockDown = opening.lockDown();
        if (lockDown == null) {
            return opening;
        }
        Set<String> directories = new LinkedHashSet<>(lockDown);
        current.nodes().values().forEach(node -> {
            if (node instanceof Seed seed) {
                Path folder = current.directory().resolve(seed.csv()).resolveSibling("");
                directories.add(folder.normalize().toString());
            }
        });
        return opening.withLockDown(List.copyOf(directories));
    }

    /** The warehouse, when it has been opened. */
    public synchronized Optional<Warehouse> openedWarehouse() {
        return Optional.ofNullable(warehouse);
    }

    /** The mirror that the lake is read through, where it is one that needs one. */
    public Optional<MirrorCache> mirror() {
        return reader instanceof MirrorCache mirror ? Optional.of(mirror) : Optional.empty();
    }

    /** Fails with one clear error when a bucket that the streams read cannot be used. */
    public void checkLake() {
        project.current()
                .map(current -> current.buckets(runSettings.bucket()))
                .orElse(Set.of(runSettings.bucket()))
                .forEach(lake::check);
    }

    /** Fails with the project's mistakes while its files have some. */
    public void checkProject() {
        project.problem().ifPresent(problem -> {
            throw new ProjectUnavailableException(problem);
        });
    }

    /** Fails with one clear error when the warehouse cannot be used. */
    public void checkWarehouse() {
        Warehouse open = warehouse();
        open.check();
        Target wanted = project.get().target();
        if (!wanted.equals(open.target())) {
            throw new IllegalStateException(
                    "profiles.yml changed the warehouse's settings while it was open; restart this service to use them");
        }
    }

    /** Ends the statements that run now; they are rolled back. */
    public void cancel() {
        openedWarehouse().ifPresent(Warehouse::cancel);
    }

    @Override
    public synchronized void close() {
        try (lake;
                reader) {
            if (warehouse != null) {
                warehouse.close();
            }
        }
    }
}
