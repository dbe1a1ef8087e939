package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Reads the project and says what it is made of. */
@Command(
        name = "parse",
        description = "Read the project, report everything that is wrong with it, and write target/manifest.json.",
        sortOptions = false)
final class ParseCommand implements Callable<Integer> {
    private final Landfall landfall;

    ParseCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Project project = landfall.project();
        landfall.console().progress(ProjectSummary.of(project));
        landfall.console().progress("Wrote " + landfall.artifacts(project).manifest(Map.of()));
        return Landfall.FINE;
    }
}
