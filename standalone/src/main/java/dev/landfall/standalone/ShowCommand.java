package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.run.Preview;
import dev.landfall.template.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the first rows that nodes or a query would give, without building anything. */
@Command(
        name = "show",
        description = "Print the first rows of the selected nodes, or of a query, without building anything.",
        footer = {"", "Example: landfall show --inline \"select * from {{ ref('fct_sales') }}\" --limit 20"},
        sortOptions = false)
final class ShowCommand implements Callable<Integer> {
    /** How rows are printed. */
    enum Output {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Landfall landfall;

    @Mixin
    private Selection selection = new Selection();

    @Mixin
    private Deferring deferring = new Deferring();

    @Option(
            names = {"--inline", "--inline-direct"},
            paramLabel = "SQL",
            description = "A query, in which Jinja is rendered, instead of nodes.")
    private @Nullable String inline;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many rows; -1 for all. Default: 5.")
    private int limit;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json. Default: text.")
    private Output output = Output.TEXT;

    ShowCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        if (inline == null && selection.select().isEmpty()) {
            throw landfall.usage("show what? Give --select NODES or --inline SQL");
        }
        try (OneShot oneShot = OneShot.open(landfall)) {
            Project project = oneShot.project();
            List<String> ids = inline != null
                    ? List.of()
                    : selection.ids(landfall, project, Set.of("model", "seed", "snapshot", "test", "analysis"));
            Preview preview = oneShot.preview("show", false, deferring.of(landfall, project, selection, ids));
            if (inline != null) {
                print(null, preview.rowsOfInline(inline, limit));
                return Landfall.FINE;
            }
            List<Node> nodes = new ArrayList<>();
            for (String id : ids) {
                nodes.add(Objects.requireNonNull(project.nodes().get(id)));
            }
            // Tests come along with what they test; who wants to see one names it.
            boolean onlyTests =
                    nodes.stream().allMatch(node -> node.resourceType().equals("test"));
            nodes.removeIf(node -> !onlyTests && node.resourceType().equals("test"));
            if (nodes.isEmpty()) {
                landfall.console().warning("no nodes selected");
            }
            nodes.forEach(node -> print(node.name(), preview.rows(node, limit)));
            return Landfall.FINE;
        }
    }

    private void print(@Nullable String name, QueryResult result) {
        Console console = landfall.console();
        if (output == Output.TEXT) {
            console.line(name == null ? "Previewing inline node:" : "Previewing node '" + name + "':");
            ResultFormat.TABLE.write(result.names(), result.rows(), console.out());
            return;
        }
        console.line("{" + (name == null ? "" : "\n  \"node\": " + Values.jsonText(name) + ",") + "\n  \"show\": ["
                + result.rows().stream()
                        .map(row -> ResultFormat.members(result.names(), row))
                        .map(members -> "\n    {\n      " + String.join(",\n      ", members) + "\n    }")
                        .collect(Collectors.joining(","))
                + "\n  ]\n}");
    }
}
