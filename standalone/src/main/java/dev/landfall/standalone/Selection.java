package dev.landfall.standalone;

import dev.landfall.graph.ModelGraph;
import dev.landfall.graph.NodeSelection;
import dev.landfall.project.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    /** Unique ids in graph order. */
    List<String> ids(Landfall landfall, Project project, Set<String> resourceTypes) {
        try {
            return NodeSelection.select(project, ModelGraph.of(project), select, exclude, resourceTypes);
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
