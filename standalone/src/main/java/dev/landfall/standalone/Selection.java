package dev.landfall.standalone;

import dev.landfall.artifact.SavedState;
import dev.landfall.graph.IndirectSelection;
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
            names = "--selector",
            paramLabel = "NAME",
            description = "The nodes of a selector of selectors.yml, in place of --select and --exclude.")
    private @Nullable String selector;

    @Option(
            names = "--indirect-selection",
            paramLabel = "MODE",
            defaultValue = "eager",
            description = {
                "Which tests come along: eager (one of their parents is selected), cautious (all are),",
                "buildable (all are, or stand above), empty (none). Default: eager."
            })
    private IndirectSelection tests = IndirectSelection.EAGER;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where an earlier manifest.json lies, for state:new, state:modified, result:error and their like.")
    private @Nullable Path state;

    /** Unique ids in graph order. */
    List<String> ids(Landfall landfall, Project project, Set<String> resourceTypes) {
        try {
            SavedState saved = state == null
                    ? null
                    : SavedState.read(project, landfall.surroundings().resolve(state));
            ModelGraph graph = ModelGraph.withExposures(project);
            for (String term : NodeSelection.unmatched(project, graph, select, saved)) {
                landfall.console().warning("the selection '" + term + "' matches nothing that is switched on");
            }
            return NodeSelection.select(
                    project, graph, new NodeSelection.Request(select, exclude, selector, tests, resourceTypes, saved));
        } catch (IllegalArgumentException e) {
            throw landfall.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Where an earlier manifest.json lies, or null. */
    @Nullable
    Path state() {
        return state;
    }

    List<String> select() {
        return List.copyOf(select);
    }

    List<String> exclude() {
        return List.copyOf(exclude);
    }
}
