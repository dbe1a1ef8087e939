package dev.landfall.template;

import dev.landfall.project.Appendix;
import dev.landfall.project.DataTest;
import dev.landfall.project.Model;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what {@code ref()} and {@code source()} mean, in dbt's order of packages. */
final class References {
    private final String root;
    private final Map<String, Map<String, Node>> nodes = new HashMap<>();
    private final Map<String, List<SourceTable>> sources = new HashMap<>();
    private final List<Node> allNodes;
    private final List<SourceTable> allSources;

    private Appendix appendix = Appendix.NONE;

    private Deferral deferral = Deferral.NONE;

    References(Project project, Deferral deferral) {
        this(project.name(), project.nodes().values(), project.sources().values());
        this.appendix = project.appendix();
        this.deferral = deferral;
    }

    Deferral deferral() {
        return deferral;
    }

    References(String root, Collection<Node> nodes, Collection<SourceTable> sources) {
        this.root = root;
        this.allNodes = List.copyOf(nodes);
        this.allSources = List.copyOf(sources);
        for (Node node : nodes) {
            if (!(node instanceof DataTest || node instanceof UnitTest)) {
                ModelVersion version = node.definition().version();
                if (version == null || version.isLatest()) {
                    add(node.name(), node);
                }
                if (version != null) {
                    add(node.name() + "." + version.suffix(), node);
                }
            }
        }
        for (SourceTable source : sources) {
            this.sources
                    .computeIfAbsent(source.source() + "." + source.name(), name -> new ArrayList<>())
                    .add(source);
        }
    }

    private void add(String name, Node node) {
        nodes.computeIfAbsent(name, each -> new HashMap<>()).put(node.packageName(), node);
    }

    @Nullable
    Node node(String name, @Nullable String packageName, String fromPackage) {
        Map<String, Node> found = nodes.get(name);
        if (found == null) {
            return null;
        }
        if (packageName != null) {
            return found.get(packageName);
        }
        for (String each : List.of(root, fromPackage)) {
            Node node = found.get(each);
            if (node != null) {
                return node;
            }
        }
        return found.values().iterator().next();
    }

    /** All versions of a model, in the order of their unique ids. */
    List<Model> versions(Model model) {
        return allNodes.stream()
                .filter(Model.class::isInstance)
                .map(Model.class::cast)
                .filter(each -> each.name().equals(model.name())
                        && each.packageName().equals(model.packageName())
                        && each.definition().version() != null)
                .toList();
    }

    @Nullable
    SourceTable source(String source, String table, String fromPackage) {
        List<SourceTable> found = sources.get(source + "." + table);
        if (found == null) {
            return null;
        }
        for (String each : List.of(root, fromPackage)) {
            for (SourceTable candidate : found) {
                if (candidate.packageName().equals(each)) {
                    return candidate;
                }
            }
        }
        return found.get(0);
    }

    /** All nodes and sources as templates see them in {@code graph}. */
    Map<String, @Nullable Object> graph(Library library) {
        NodeMaps maps = new NodeMaps(library);
        Map<String, @Nullable Object> graph = Names.emptyGraph();
        Map<String, @Nullable Object> nodeMaps = new LinkedHashMap<>();
        allNodes.stream()
                .filter(node -> !(node instanceof UnitTest))
                .forEach(node -> nodeMaps.put(node.uniqueId(), maps.of(node)));
        graph.put("nodes", nodeMaps);
        Map<String, @Nullable Object> sourceMaps = new LinkedHashMap<>();
        allSources.forEach(source -> sourceMaps.put(source.uniqueId(), maps.of(source)));
        graph.put("sources", sourceMaps);
        Map<String, @Nullable Object> exposures = new LinkedHashMap<>();
        appendix.exposures().forEach((id, exposure) -> exposures.put(id, maps.of(exposure)));
        graph.put("exposures", exposures);
        Map<String, @Nullable Object> groups = new LinkedHashMap<>();
        appendix.groups().forEach((id, group) -> groups.put(id, maps.of(group)));
        graph.put("groups", groups);
        return graph;
    }

    Set<String> nodeNames() {
        return new TreeSet<>(nodes.keySet());
    }

    /** {@code shop.orders} for each table. */
    Set<String> sourceNames() {
        return new TreeSet<>(sources.keySet());
    }

    Set<String> tablesOf(String source) {
        Set<String> tables = new LinkedHashSet<>();
        sources.values()
                .forEach(list -> list.forEach(table -> {
                    if (table.source().equals(source)) {
                        tables.add(table.name());
                    }
                }));
        return tables;
    }
}
