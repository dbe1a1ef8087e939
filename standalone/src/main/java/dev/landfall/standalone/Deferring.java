package dev.landfall.standalone;

import dev.landfall.artifact.SavedState;
import dev.landfall.project.Project;
import dev.landfall.template.Deferral;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** dbt's flags that read what is not built here from where an earlier manifest says it is. */
final class Deferring {
    @Option(
            names = "--defer",
            negatable = true,
            description = "Read nodes that are not selected and not built here from where --state's manifest has them.")
    private boolean defer;

    @Option(
            names = "--favor-state",
            negatable = true,
            description = "With --defer: read what is not selected from there also where it is built here.")
    private boolean favorState;

    @Option(
            names = "--defer-state",
            paramLabel = "DIR",
            description = "With --defer: where that manifest.json lies, when it is not --state's.")
    private @Nullable Path deferState;

    /** @param selected unique ids of what the command is about */
    Deferral of(Landfall landfall, Project project, Selection selection, Collection<String> selected) {
        if (!defer) {
            return Deferral.NONE;
        }
        Path state = deferState == null ? selection.state() : deferState;
        if (state == null) {
            throw landfall.usage("--defer needs --state with the directory of an earlier manifest.json");
        }
        try {
            return new Deferral(
                    SavedState.read(project, landfall.surroundings().resolve(state))
                            .relations(),
                    Set.copyOf(selected),
                    favorState);
        } catch (IllegalArgumentException e) {
            throw landfall.usage(String.valueOf(e.getMessage()));
        }
    }
}
