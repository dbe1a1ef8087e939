package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the selected nodes, one a line, in the order of their unique ids. */
@Command(name = "ls", aliases = "list", description = "List the nodes of the project.", sortOptions = false)
final class ListCommand implements Callable<Integer> {
    /** What is printed of a node. */
    enum Output {
        SELECTOR,
        NAME,
        PATH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Landfall landfall;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--resource-type",
            paramLabel = "TYPE",
            arity = "1..*",
            description = "Only nodes of this type: model, test, unit_test, source, seed, snapshot, analysis.")
    private List<String> resourceTypes = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "WHAT",
            defaultValue = "selector",
            description = "selector, name or path. Default: selector.")
    private Output output = Output.SELECTOR;

    ListCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Project project = landfall.project();
        Set<String> ids = new TreeSet<>(selection.ids(landfall, project, Set.copyOf(resourceTypes)));
        if (ids.isEmpty()) {
            landfall.console().warning("no nodes selected");
        }
        ids.forEach(id -> landfall.console().line(text(project, id)));
        landfall.artifacts(project).manifest(Map.of());
        return Landfall.FINE;
    }

    private String text(Project project, String id) {
        Node node = project.nodes().get(id);
        if (node != null) {
            return switch (output) {
                case SELECTOR -> (node instanceof UnitTest ? "unit_test:" : "") + String.join(".", node.fqn());
                case NAME -> node.name();
                case PATH -> node.file().toString();
            };
        }
        SourceTable source = project.sources().get(id);
        if (source == null) {
            return id;
        }
        return switch (output) {
            case SELECTOR -> "source:" + String.join(".", source.fqn());
            case NAME -> source.source() + "." + source.name();
            case PATH -> source.file().toString();
        };
    }
}
