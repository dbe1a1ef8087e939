package dev.landfall.standalone;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.run.Preview;
import dev.landfall.run.ProjectRun;
import dev.landfall.run.RunSettings;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;

/** What a command without services works with: the project, its warehouse and the lake. */
final class OneShot implements AutoCloseable {
    private final Project project;
    private final LakeSettings lakeSettings;
    private final Lake lake;
    private final LakeReader reader;
    private final Warehouse warehouse;

    private OneShot(Project project, LakeSettings lakeSettings) {
        this.project = project;
        this.lakeSettings = lakeSettings;
        this.lake = Lakes.open(lakeSettings);
        this.reader = Lakes.reader(lake, lakeSettings);
        this.warehouse = Warehouse.open(
                project.target(), project.directory(), WarehouseSettings.shared("landfall on the command line"));
    }

    static OneShot open(Landfall landfall) throws InvalidProjectException {
        return new OneShot(landfall.project(), LakeChoice.of(landfall.surroundings()));
    }

    Project project() {
        return project;
    }

    ProjectRun run() {
        return new ProjectRun(project, warehouse, lake, reader, settings());
    }

    /** For a command that builds nothing. */
    Preview preview(String command, boolean fullRefresh) {
        return new Preview(project, warehouse, lake, reader, settings(), command, fullRefresh);
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
