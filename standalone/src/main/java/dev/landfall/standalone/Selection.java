package dev.landfall.standalone;

import dev.landfall.artifact.SavedState;
import dev.landfall.graph.ModelGraph;
import dev.landfall.graph.NodeSelection;
import dev.landfall.project.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** dbt's flags that choose nodes. */
final class Selection {
    @Option(
            names = {"-s", "--select", "-m", "--models"},
            paramLabel = "NODES",
            arity = "1..*",
            description = "Only these: names, tag:x, path:x, source:x, +x, x+, @x; a blank unites, a comma intersects.")
    private List<String> select = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "NODES", arity = "1..*", description = "All but these.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where an earlier manifest.json lies, for state:new, state:modified and their like.")
    private @Nullable Path state;

    /** Unique ids in graph order. */
    List<String> ids(Landfall landfall, Project project, Set<String> resourceTypes) {
        try {
            SavedState saved = state == null
                    ? null
                    : SavedState.read(project, landfall.surroundings().resolve(state));
            return NodeSelection.select(project, ModelGraph.of(project), select, exclude, resourceTypes, saved);
        } catch (IllegalArgumentException e) {
            throw landfall.usage(String.valueOf(e.getMessage()));
        }
    }

    List<String> select() {
        return List.copyOf(select);
    }

    List<String> exclude() {
        return List.copyOf(exclude);
    }
}
