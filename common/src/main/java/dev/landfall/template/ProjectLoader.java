package dev.landfall.template;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;

/** Reads a project from its directory, and says everything that is wrong with it at once. */
public final class ProjectLoader {
    private ProjectLoader() {}

    /**
     * Loads the project.
     *
     * @throws InvalidProjectException with every problem that was found, each with file and line
     */
    public static Project load(ProjectOptions options) throws InvalidProjectException {
        return new Loading(options).load();
    }
}
