package dev.landfall.template;

import dev.landfall.project.Node;
import dev.landfall.project.Relation;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes that this target has not built are read from instead: dbt's {@code --defer}.
 *
 * @param relations of an earlier manifest, by unique id
 * @param selected unique ids of the nodes that this command builds
 * @param favorState read what is not selected from there also where this target has it
 */
public record Deferral(Map<String, Relation> relations, Set<String> selected, boolean favorState) {
    public static final Deferral NONE = new Deferral(Map.of(), Set.of(), false);

    /** Null when the node's own relation is to be read. */
    @Nullable
    Relation of(Node node, Relation own, Database database) {
        Relation elsewhere = relations.get(node.uniqueId());
        boolean favored = favorState && !selected.contains(node.uniqueId());
        return elsewhere != null && (favored || database.relationType(own).isEmpty()) ? elsewhere : null;
    }
}
