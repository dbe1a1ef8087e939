package dev.landfall.standalone;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import dev.landfall.run.EagerMarts;
import dev.landfall.run.Preview;
import dev.landfall.run.ProjectRun;
import dev.landfall.run.RunSettings;
import dev.landfall.run.StreamRunner;
import dev.landfall.service.DirectReading;
import dev.landfall.template.Deferral;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command without services works with: the project, its warehouse and the lake. */
final class OneShot implements AutoCloseable {
    private final Project project;
    private final LakeSettings lakeSettings;
    private final Lake lake;
    private final LakeReader reader;
    private final Warehouse warehouse;

    private OneShot(Project project, LakeSettings lakeSettings, @Nullable String memoryLimit) {
        this.project = project;
        this.lakeSettings = lakeSettings;
        this.lake = Lakes.open(lakeSettings);
        this.reader = Lakes.reader(lake, lakeSettings);
        this.warehouse = Warehouse.open(
                project.target(),
                project.directory(),
                DirectReading.open(
                        reader,
                        project,
                        lakeSettings.bucket(),
                        WarehouseSettings.shared("landfall on the command line").withMemoryLimit(memoryLimit)));
    }

    static OneShot open(Landfall landfall) throws InvalidProjectException {
        return new OneShot(
                landfall.project(),
                LakeChoice.of(landfall.surroundings()),
                landfall.surroundings()
                        .variable("LANDFALL_WAREHOUSE_MEMORY_LIMIT")
                        .orElse(null));
    }

    Project project() {
        return project;
    }

    ProjectRun run(Deferral deferral) {
        return new ProjectRun(project, warehouse, lake, reader, settings(), deferral);
    }

    /** For a command that builds nothing. */
    Preview preview(String command, boolean fullRefresh, Deferral deferral) {
        return new Preview(project, warehouse, lake, reader, settings(), command, fullRefresh, deferral);
    }

    Warehouse warehouse() {
        return warehouse;
    }

    /** What lies in the lake of a stream, as its landings. */
    List<PartitionLanded> landings(StreamConfig stream) {
        return LakeLandings.of(lake, lakeSettings.bucket(), stream, project.checksum());
    }

    StreamRunner streams() {
        return new StreamRunner(() -> project, warehouse, lake, reader, settings());
    }

    EagerMarts marts() {
        return new EagerMarts(() -> project, warehouse, lake, reader, settings());
    }

    private RunSettings settings() {
        return RunSettings.DEFAULT.withBucket(lakeSettings.bucket());
    }

    @Override
    public void close() {
        warehouse.close();
        reader.close();
        lake.close();
    }
}
