package dev.landfall.template;

import dev.landfall.graph.CyclicGraphException;
import dev.landfall.graph.ModelGraph;
import dev.landfall.jinja.Location;
import dev.landfall.project.Analysis;
import dev.landfall.project.DataTest;
import dev.landfall.project.Definition;
import dev.landfall.project.Dependencies;
import dev.landfall.project.Dependencies.Ref;
import dev.landfall.project.Dependencies.SourceRef;
import dev.landfall.project.Exposure;
import dev.landfall.project.Group;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.project.SourceTable;
import dev.landfall.project.YamlMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns the names that nodes read into edges between nodes. */
final class Linker {
    private final Desk desk;
    private final Problems problems;
    private final String root;
    private final Set<String> restricted;

    /** Where a node first reads another, by the ids of both. */
    private final Map<List<String>, Location> reads = new HashMap<>();

    /** @param restricted packages whose protected models are not for others */
    Linker(Desk desk, String root, Set<String> restricted) {
        this.desk = desk;
        this.problems = desk.problems;
        this.root = root;
        this.restricted = restricted;
    }

    /** The nodes that are switched on, by unique id. */
    Map<String, Node> link(List<Parsed> parsed, SourceTables sources) {
        Map<String, Node> nodes = new TreeMap<>();
        Set<String> disabled = new TreeSet<>();
        for (Parsed each : parsed) {
            if (each.config().enabled()) {
                nodes.put(each.definition().uniqueId(), node(each, Dependencies.NONE));
            } else {
                disabled.add(each.definition().name());
            }
        }
        References references =
                new References(root, nodes.values(), sources.tables().values());
        for (Parsed each : parsed) {
            if (each.config().enabled()) {
                Object group = group(each, nodes);
                Dependencies dependencies = dependencies(each, group, references, disabled, sources.disabled());
                if (dependencies == null) {
                    nodes.remove(each.definition().uniqueId());
                } else {
                    nodes.put(each.definition().uniqueId(), node(each, dependencies));
                }
            }
        }
        return nodes;
    }

    /** The nodes that are switched off, by unique id; what they read is not looked for. */
    static Map<String, Node> disabled(List<Parsed> parsed) {
        Map<String, Node> nodes = new TreeMap<>();
        for (Parsed each : parsed) {
            if (!each.config().enabled()) {
                Draft draft = each.draft();
                nodes.put(
                        each.definition().uniqueId(),
                        node(
                                each,
                                new Dependencies(
                                        List.of(),
                                        List.copyOf(draft.macros),
                                        List.copyOf(draft.refs),
                                        List.copyOf(draft.sources))));
            }
        }
        return nodes;
    }

    /** Exposures that are switched on, by unique id. */
    Map<String, Exposure> exposures(
            List<Parsed> parsed,
            Map<String, YamlMap> written,
            Map<String, Node> nodes,
            SourceTables sources,
            Set<String> disabled) {
        References references =
                new References(root, nodes.values(), sources.tables().values());
        Map<String, Exposure> exposures = new TreeMap<>();
        for (Parsed each : parsed) {
            String id = each.definition().uniqueId();
            Dependencies dependencies = dependencies(each, null, references, disabled, sources.disabled());
            if (dependencies != null) {
                exposures.put(
                        id,
                        new Exposure(
                                each.definition(),
                                each.config(),
                                dependencies,
                                written.getOrDefault(id, YamlMap.none("", 0))));
            }
        }
        return exposures;
    }

    /** A node's group must have been written down. */
    void refuseUnknownGroups(Collection<Node> nodes, Collection<Group> groups) {
        Set<String> known = groups.stream().map(Group::name).collect(Collectors.toCollection(TreeSet::new));
        for (Node node : nodes) {
            Object group = node.config().get("group");
            if (group != null && !known.contains(group.toString())) {
                problems.error(
                        node.definition().place(),
                        node.uniqueId() + " is of an unknown group '" + group + "'"
                                + (known.isEmpty()
                                        ? "; write it under 'groups:' with its owner"
                                        : Problems.nearest(group.toString(), known)));
            }
        }
    }

    private static Node node(Parsed parsed, Dependencies dependencies) {
        Definition definition = parsed.definition();
        ModelConfig config = parsed.config();
        return switch (parsed.kind()) {
            case "seed" -> new Seed(definition, config, parsed.relation(), Objects.requireNonNull(parsed.csv()));
            case "snapshot" -> new Snapshot(definition, config, parsed.relation(), dependencies);
            case "analysis" -> new Analysis(definition, config, parsed.relation(), dependencies);
            case "test" -> new DataTest(definition, config, parsed.relation(), dependencies, generic(parsed));
            default -> new Model(definition, config, parsed.relation(), dependencies);
        };
    }

    private static DataTest.@Nullable Generic generic(Parsed parsed) {
        GenericTests.Written test = parsed.test();
        return test == null
                ? null
                : new DataTest.Generic(
                        test.test(),
                        test.namespace(),
                        test.arguments(),
                        String.valueOf(parsed.csv()),
                        test.column(),
                        test.fileKey());
    }

    /** Null when a test checks what is switched off or does not exist: then it is left out, as in dbt. */
    private @Nullable Dependencies dependencies(
            Parsed parsed,
            @Nullable Object group,
            References references,
            Set<String> disabled,
            Set<String> disabledSources) {
        Set<String> ids = new LinkedHashSet<>();
        Draft draft = parsed.draft();
        String from = parsed.definition().packageName();
        boolean whole = true;
        for (SourceRef source : draft.sources) {
            SourceTable table = references.source(source.source(), source.table(), from);
            if (table != null) {
                ids.add(table.uniqueId());
            } else if (desk.brokenProperties) {
                whole = false;
            } else {
                String named = source.source() + "." + source.table();
                whole = false;
                missing(
                        parsed,
                        draft.places.get(source),
                        disabledSources.contains(named),
                        "source",
                        named,
                        references.sourceNames());
            }
        }
        for (Ref ref : draft.refs) {
            Node node = references.node(Rendering.named(ref), ref.packageName(), from);
            if (node != null) {
                ids.add(node.uniqueId());
                Location place = draft.places.get(ref);
                if (place != null) {
                    reads.put(List.of(parsed.definition().uniqueId(), node.uniqueId()), place);
                }
                refuseClosed(parsed, group, node, draft.places.get(ref));
            } else if (desk.broken.contains(ref.name())) {
                whole = false;
            } else {
                whole = false;
                String owner = ref.packageName();
                String stranger = owner == null || desk.packages().contains(owner) ? null : owner;
                missing(
                        parsed,
                        draft.places.get(ref),
                        disabled.contains(ref.name()),
                        stranger == null ? "ref" : "package of ref",
                        stranger == null ? Rendering.named(ref) : stranger,
                        stranger == null ? known(references) : desk.packages());
            }
        }
        if (!whole && parsed.kind().equals("test")) {
            return null;
        }
        return new Dependencies(
                List.copyOf(ids), List.copyOf(draft.macros), List.copyOf(draft.refs), List.copyOf(draft.sources));
    }

    /** A generic test belongs to the group of what it tests. */
    private static @Nullable Object group(Parsed parsed, Map<String, Node> nodes) {
        Node tested = parsed.test() == null ? null : nodes.get(String.valueOf(parsed.csv()));
        return (tested == null ? parsed.config() : tested.config()).get("group");
    }

    /** A private model is for its own group alone. */
    private void refuseClosed(Parsed parsed, @Nullable Object group, Node node, @Nullable Location place) {
        String access = node instanceof Model ? node.config().text("access").orElse("protected") : "public";
        boolean foreign = !parsed.definition().packageName().equals(node.packageName())
                && restricted.contains(node.packageName());
        Object owner = node.config().get("group");
        String reason = access.equals("private") && (foreign || !Objects.equals(group, owner))
                ? "is private to the group '" + owner + "'; give both one group, or the model another access"
                : access.equals("protected") && foreign
                        ? "is protected, and package '" + node.packageName() + "' restricts access"
                        : null;
        if (reason != null) {
            problems.error(
                    place == null ? parsed.definition().place() : place,
                    parsed.definition().uniqueId() + " reads " + node.uniqueId() + ", which " + reason);
        }
    }

    private Set<String> known(References references) {
        Set<String> names = references.nodeNames();
        names.addAll(desk.broken);
        return names;
    }

    private void missing(
            Parsed parsed, @Nullable Location place, boolean disabled, String what, String name, Set<String> known) {
        Location where = place == null ? parsed.definition().place() : place;
        String message = disabled
                ? what + " '" + name + "' is switched off (enabled: false), but "
                        + parsed.definition().uniqueId() + " reads it"
                : "unknown " + what + " '" + name + "'" + Problems.nearest(name, known);
        if (parsed.kind().equals("test")) {
            problems.warn(where, message + "; test '" + parsed.definition().name() + "' is left out");
        } else {
            problems.error(where, message);
        }
    }

    void refuseSharedRelations(Collection<Node> nodes) {
        Map<String, Node> byName = new HashMap<>();
        for (Node node : nodes) {
            Relation relation = node instanceof DataTest ? null : NodeMaps.relation(node);
            if (relation == null || node.config().materialized().equals("ephemeral")) {
                continue;
            }
            Node twin = byName.putIfAbsent(relation.sql().toLowerCase(Locale.ROOT), node);
            if (twin != null) {
                problems.error(
                        node.definition().place(),
                        node.uniqueId() + " and " + twin.uniqueId()
                                + " (" + twin.file() + ") would both be " + relation
                                + "; give one of them another alias or schema");
            }
        }
    }

    void refuseCycles(Map<String, Node> nodes, Map<String, SourceTable> sources) {
        Map<String, List<String>> parents = new HashMap<>();
        sources.keySet().forEach(id -> parents.put(id, List.of()));
        nodes.forEach((id, node) -> parents.put(id, node.dependsOn()));
        try {
            ModelGraph.of(parents);
        } catch (CyclicGraphException e) {
            Function<String, String> shown = id -> {
                Node node = nodes.get(id);
                return node == null ? id : node.name() + " (" + node.file() + ")";
            };
            List<String> path = e.path();
            Node last = Objects.requireNonNull(nodes.get(path.get(path.size() - 1)));
            Location place = reads.get(List.of(last.uniqueId(), path.get(path.size() - 2)));
            problems.error(
                    place == null ? last.definition().place() : place,
                    "cycle: "
                            + e.path().stream().map(shown).collect(Collectors.joining(" → "))
                            + "; one of these refs must go");
        }
    }
}
