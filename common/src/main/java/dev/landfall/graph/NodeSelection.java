package dev.landfall.graph;

import dev.landfall.project.Project;
import java.util.List;
import java.util.Set;

/** dbt's selection of nodes: {@code --select}, {@code --exclude}, {@code --resource-type}. */
public final class NodeSelection {
    private NodeSelection() {}

    /**
     * Unique ids of the selected nodes and sources, in graph order.
     *
     * @param select terms as dbt has them ({@code +orders tag:core,path:marts}); empty selects everything
     * @param exclude terms whose nodes are taken away again
     * @param resourceTypes {@code model}, {@code test}, …; empty allows all
     * @throws IllegalArgumentException when a term cannot be read; the message names it
     */
    public static List<String> select(
            Project project, ModelGraph graph, List<String> select, List<String> exclude, Set<String> resourceTypes) {
        if (!select.isEmpty() || !exclude.isEmpty()) {
            throw new UnsupportedOperationException("selection is not there yet");
        }
        return graph.order().stream()
                .filter(id -> resourceTypes.isEmpty() || resourceTypes.contains(id.substring(0, id.indexOf('.'))))
                .toList();
    }
}
