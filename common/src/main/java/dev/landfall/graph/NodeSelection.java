package dev.landfall.graph;

import dev.landfall.graph.SelectionSpec.Difference;
import dev.landfall.graph.SelectionSpec.Intersection;
import dev.landfall.graph.SelectionSpec.Term;
import dev.landfall.graph.SelectionSpec.Union;
import dev.landfall.project.DataTest;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.UnitTest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * dbt's selection of nodes: {@code --select}, {@code --exclude}, {@code --selector}, {@code --resource-type}.
 *
 * <p>A term is {@code [@][n+]method:value[+n]}; terms divided by spaces are added up, terms divided by commas must all
 * hold. Which tests come along with what they read, {@link IndirectSelection} says.
 */
public final class NodeSelection {
    private final Project project;
    private final ModelGraph graph;
    private final Selectors selectors;
    private final SelectionMethods methods;

    private NodeSelection(Project project, ModelGraph graph, IndirectSelection tests, @Nullable ProjectState state) {
        this.project = project;
        this.graph = graph;
        this.selectors = new Selectors(project.appendix().selectors(), tests);
        this.methods = new SelectionMethods(project, state);
    }

    /** An earlier state of the project, which {@code state:} and {@code result:} compare with. */
    public interface ProjectState {
        boolean knows(String uniqueId);

        /**
         * Whether a node that is known has changed.
         *
         * @param aspect {@code body}, {@code configs}, {@code relation}, … or null for any
         */
        boolean modified(Node node, @Nullable String aspect);

        /**
         * Unique ids of what ended so in the run that left the state.
         *
         * @param status {@code error}, {@code fail}, {@code success}, …
         * @throws IllegalArgumentException when it left no results
         */
        Set<String> ended(String status);
    }

    /**
     * What a command asks for.
     *
     * @param select terms as dbt has them ({@code +orders tag:core,path:marts}); empty selects everything
     * @param exclude terms whose nodes are taken away again
     * @param selector name of one of selectors.yml, in place of the terms; null for none
     * @param resourceTypes kinds of nodes, {@code model} or {@code seed}; empty allows all
     * @param state null when there is none
     */
    public record Request(
            Collection<String> select,
            Collection<String> exclude,
            @Nullable String selector,
            IndirectSelection tests,
            Set<String> resourceTypes,
            @Nullable ProjectState state) {

        public Request(Collection<String> select, Collection<String> exclude, Set<String> resourceTypes) {
            this(select, exclude, null, IndirectSelection.EAGER, resourceTypes, null);
        }
    }

    /**
     * Unique ids of the selected nodes, sources and exposures, in graph order.
     *
     * @param graph with whatever may be selected
     * @throws IllegalArgumentException when a term cannot be read; the message names it
     */
    public static List<String> select(Project project, ModelGraph graph, Request request) {
        NodeSelection selection = new NodeSelection(project, graph, request.tests(), request.state());
        return graph.order(selection.chosen(request)).stream()
                .filter(id -> request.resourceTypes().isEmpty()
                        || request.resourceTypes().contains(id.substring(0, id.indexOf('.'))))
                .toList();
    }

    private Set<String> chosen(Request request) {
        String selector = request.selector();
        if (selector == null && request.select().isEmpty() && request.exclude().isEmpty()) {
            selector = selectors.usual().orElse(null);
        }
        if (selector != null) {
            return found(selectors.named(selector)).direct;
        }
        Set<String> chosen = request.select().isEmpty()
                ? new LinkedHashSet<>(graph.order())
                : found(SelectionSpec.of(request.select(), request.tests())).direct;
        chosen.removeAll(found(SelectionSpec.of(request.exclude(), request.tests())).direct);
        return chosen;
    }

    /** What a specification selects. */
    private static final class Found {
        /** What is selected. */
        final Set<String> direct;

        /** With the tests that would be, if more of what they read were. */
        final Set<String> possible;

        Found(Set<String> direct, Set<String> possible) {
            this.direct = direct;
            this.possible = possible;
        }
    }

    private Found found(SelectionSpec spec) {
        if (spec instanceof Term term) {
            return found(term);
        }
        if (spec instanceof Difference difference) {
            Found from = found(difference.from());
            Found without = found(difference.without());
            from.direct.removeAll(without.direct);
            from.possible.removeAll(without.possible);
            return from;
        }
        return spec instanceof Union union
                ? combined(union.parts(), union.tests(), Set::addAll)
                : combined(((Intersection) spec).parts(), ((Intersection) spec).tests(), Set::retainAll);
    }

    private Found combined(
            List<SelectionSpec> parts, IndirectSelection tests, BiConsumer<Set<String>, Set<String>> combine) {
        Set<String> direct = new LinkedHashSet<>();
        Set<String> possible = new LinkedHashSet<>();
        boolean first = true;
        for (SelectionSpec part : parts) {
            Found found = found(part);
            if (first) {
                direct.addAll(found.direct);
                possible.addAll(found.possible);
                first = false;
            } else {
                combine.accept(direct, found.direct);
                combine.accept(possible, found.possible);
            }
        }
        Set<String> readable = readable(direct, tests);
        for (String id : tests == IndirectSelection.EAGER ? Set.<String>of() : possible) {
            Node node = project.nodes().get(id);
            if (node != null && readable.containsAll(node.dependsOn())) {
                direct.add(id);
            }
        }
        possible.addAll(direct);
        return new Found(direct, possible);
    }

    private Found found(Term term) {
        if ("selector".equals(term.method())) {
            Set<String> named = found(selectors.named(term.value())).direct;
            Set<String> all = relatives(term, named);
            return new Found(all, new LinkedHashSet<>(all));
        }
        Set<String> selected = relatives(term, methods.matching(term.method(), term.value()));
        Set<String> direct = new LinkedHashSet<>(selected);
        Set<String> possible = new LinkedHashSet<>(selected);
        if (term.tests() == IndirectSelection.EMPTY) {
            return new Found(direct, possible);
        }
        Set<String> readable = readable(selected, term.tests());
        for (String id : selected) {
            for (String child : graph.children(id)) {
                Node node = project.nodes().get(child);
                if (node instanceof DataTest || node instanceof UnitTest) {
                    possible.add(child);
                    if (term.tests() == IndirectSelection.EAGER || readable.containsAll(node.dependsOn())) {
                        direct.add(child);
                    }
                }
            }
        }
        return new Found(direct, possible);
    }

    /** What tests may read to come along. */
    private Set<String> readable(Set<String> selected, IndirectSelection tests) {
        Set<String> readable = new LinkedHashSet<>(selected);
        if (tests == IndirectSelection.BUILDABLE) {
            selected.forEach(id -> readable.addAll(graph.upstream(id)));
            readable.addAll(project.sources().keySet());
        }
        return readable;
    }

    private Set<String> relatives(Term term, Set<String> chosen) {
        Set<String> all = new LinkedHashSet<>(chosen);
        for (String id : chosen) {
            if (term.around()) {
                List<String> below = graph.downstream(id);
                all.addAll(below);
                below.forEach(each -> all.addAll(graph.upstream(each)));
                all.addAll(graph.upstream(id));
            }
            if (term.above() > 0) {
                all.addAll(graph.upstream(id, term.above()));
            }
            if (term.below() > 0) {
                all.addAll(graph.downstream(id, term.below()));
            }
        }
        return all;
    }

    /** What could not be matched by any node, for a warning. */
    public static List<String> unmatched(
            Project project, ModelGraph graph, Collection<String> select, @Nullable ProjectState state) {
        NodeSelection selection = new NodeSelection(project, graph, IndirectSelection.EAGER, state);
        List<String> unmatched = new ArrayList<>();
        for (String word : SelectionSpec.words(select)) {
            if (selection
                    .found(SelectionSpec.of(List.of(word), IndirectSelection.EAGER))
                    .direct
                    .isEmpty()) {
                unmatched.add(word);
            }
        }
        return unmatched;
    }
}
