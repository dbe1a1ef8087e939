package dev.landfall.graph;

import dev.landfall.project.Project;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who feeds whom, over nodes and sources by unique id. Made once per project; unchanging. */
public final class ModelGraph {
    private final Map<String, List<String>> parents;
    private final Map<String, List<String>> children;
    private final List<String> order;

    private ModelGraph(Map<String, List<String>> parents, Map<String, List<String>> children, List<String> order) {
        this.parents = parents;
        this.children = children;
        this.order = order;
    }

    /** The graph of a project; a loaded project has no cycle. */
    public static ModelGraph of(Project project) {
        Map<String, List<String>> parents = new TreeMap<>();
        project.sources().keySet().forEach(id -> parents.put(id, List.of()));
        project.nodes().forEach((id, node) -> parents.put(id, node.dependsOn()));
        return of(parents);
    }

    /** As {@link #of(Project)}, with the exposures at its ends. */
    public static ModelGraph withExposures(Project project) {
        Map<String, List<String>> parents = new TreeMap<>();
        project.sources().keySet().forEach(id -> parents.put(id, List.of()));
        project.nodes().forEach((id, node) -> parents.put(id, node.dependsOn()));
        project.appendix().exposures().forEach((id, exposure) -> parents.put(id, exposure.dependsOn()));
        return of(parents);
    }

    /**
     * A graph from each node's parents.
     *
     * @throws CyclicGraphException when there is no order
     */
    public static ModelGraph of(Map<String, ? extends Collection<String>> parentsOf) {
        Map<String, List<String>> parents = new TreeMap<>();
        parentsOf.forEach((id, known) -> parents.put(
                id, known.stream().filter(parentsOf::containsKey).distinct().toList()));
        Map<String, List<String>> children = new TreeMap<>();
        parents.keySet().forEach(id -> children.put(id, new ArrayList<>()));
        parents.forEach((id, known) -> known.forEach(parent ->
                children.computeIfAbsent(parent, x -> new ArrayList<>()).add(id)));
        return new ModelGraph(parents, children, sort(parents, children));
    }

    /** Every id, each after all of its parents; ids that could stand in either order are sorted. */
    public List<String> order() {
        return order;
    }

    /** The ids among these in graph order. */
    public List<String> order(Collection<String> ids) {
        Set<String> wanted = new LinkedHashSet<>(ids);
        return order.stream().filter(wanted::contains).toList();
    }

    public List<String> parents(String id) {
        return parents.getOrDefault(id, List.of());
    }

    public List<String> children(String id) {
        return Collections.unmodifiableList(children.getOrDefault(id, List.of()));
    }

    /** All that feeds the node, directly or not, without itself; in graph order. */
    public List<String> upstream(String id) {
        return order(reach(id, parents, Integer.MAX_VALUE));
    }

    /** All that the node feeds, directly or not, without itself; in graph order. */
    public List<String> downstream(String id) {
        return order(reach(id, children, Integer.MAX_VALUE));
    }

    /** As {@link #upstream(String)}, at most so many steps away. */
    public List<String> upstream(String id, int steps) {
        return order(reach(id, parents, steps));
    }

    /** As {@link #downstream(String)}, at most so many steps away. */
    public List<String> downstream(String id, int steps) {
        return order(reach(id, children, steps));
    }

    private static Set<String> reach(String from, Map<String, List<String>> next, int steps) {
        Set<String> reached = new LinkedHashSet<>();
        List<String> border = List.of(from);
        for (int step = 0; step < steps && !border.isEmpty(); step++) {
            List<String> further = new ArrayList<>();
            for (String id : border) {
                for (String neighbour : next.getOrDefault(id, List.of())) {
                    if (reached.add(neighbour)) {
                        further.add(neighbour);
                    }
                }
            }
            border = further;
        }
        reached.remove(from);
        return reached;
    }

    private static List<String> sort(Map<String, List<String>> parents, Map<String, List<String>> children) {
        Map<String, Integer> waiting = new LinkedHashMap<>();
        parents.forEach((id, known) -> waiting.put(id, known.size()));
        Deque<String> ready = new ArrayDeque<>();
        waiting.forEach((id, count) -> {
            if (count == 0) {
                ready.add(id);
            }
        });
        List<String> order = new ArrayList<>(parents.size());
        while (!ready.isEmpty()) {
            String id = ready.remove();
            order.add(id);
            for (String child : children.getOrDefault(id, List.of())) {
                if (waiting.merge(child, -1, Integer::sum) == 0) {
                    ready.add(child);
                }
            }
        }
        if (order.size() < parents.size()) {
            throw new CyclicGraphException(cycle(parents, Set.copyOf(order)));
        }
        return Collections.unmodifiableList(order);
    }

    private static List<String> cycle(Map<String, List<String>> parents, Set<String> sorted) {
        String id = parents.keySet().stream()
                .filter(each -> !sorted.contains(each))
                .findFirst()
                .orElseThrow();
        // Every node that could not be sorted has a parent that could not: walking up must come back.
        List<String> path = new ArrayList<>();
        while (!path.contains(id)) {
            path.add(id);
            id = parents.getOrDefault(id, List.of()).stream()
                    .filter(parent -> !sorted.contains(parent))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> cycle = new ArrayList<>(path.subList(path.indexOf(id), path.size()));
        Collections.reverse(cycle);
        cycle.add(cycle.get(0));
        return cycle;
    }
}
