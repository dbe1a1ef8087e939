package dev.landfall.standalone;

import dev.landfall.jinja.Python;
import dev.landfall.project.Exposure;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import dev.landfall.template.TemplateRenderer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the selected nodes, one a line, in the order of their unique ids. */
@Command(name = "ls", aliases = "list", description = "List the nodes of the project.", sortOptions = false)
final class ListCommand implements Callable<Integer> {
    /** What dbt lists unless it is asked for more: analyses are not among it. */
    private static final Set<String> USUAL =
            Set.of("model", "test", "unit_test", "source", "seed", "snapshot", "exposure");

    private static final Set<String> ALL = Set.of(
            "model",
            "test",
            "unit_test",
            "source",
            "seed",
            "snapshot",
            "exposure",
            "analysis",
            "metric",
            "semantic_model",
            "saved_query",
            "function");

    /** What is told of a node as JSON, unless --output-keys says otherwise. */
    private static final List<String> KEYS = List.of(
            "alias",
            "name",
            "package_name",
            "depends_on",
            "tags",
            "config",
            "resource_type",
            "source_name",
            "original_file_path",
            "unique_id");

    /** What is printed of a node. */
    enum Output {
        SELECTOR,
        NAME,
        PATH,
        JSON;

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
            description = "Only nodes of this type: model, test, unit_test, source, seed, snapshot, exposure, analysis;"
                    + " all for every type. Without it all but analyses.")
    private List<String> resourceTypes = new ArrayList<>();

    @Option(
            names = "--exclude-resource-type",
            paramLabel = "TYPE",
            arity = "1..*",
            description = "No nodes of this type.")
    private List<String> otherTypes = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "WHAT",
            defaultValue = "selector",
            description = "selector, name, path or json. Default: selector.")
    private Output output = Output.SELECTOR;

    @Option(
            names = "--output-keys",
            paramLabel = "KEY",
            arity = "1..*",
            description = "With --output json: what of the manifest, as in config.materialized.")
    private List<String> keys = new ArrayList<>();

    ListCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Project project = landfall.project();
        Set<String> ids = new TreeSet<>(selection.ids(landfall, project, types()));
        if (ids.isEmpty()) {
            landfall.console().warning("no nodes selected");
        }
        TemplateRenderer renderer = new TemplateRenderer(project);
        ids.forEach(id -> landfall.console().line(text(project, renderer, id)));
        landfall.artifacts(project).manifest(Map.of());
        return Landfall.FINE;
    }

    private Set<String> types() {
        Set<String> chosen = ResourceTypes.of(landfall, ALL, resourceTypes, otherTypes);
        if (resourceTypes.isEmpty()) {
            chosen.retainAll(USUAL);
        }
        return chosen;
    }

    private String text(Project project, TemplateRenderer renderer, String id) {
        Node node = project.nodes().get(id);
        if (node != null) {
            return switch (output) {
                case SELECTOR -> selector(node);
                case NAME -> name(node);
                case PATH -> node.definition().packagePath();
                case JSON -> json(renderer.describe(node));
            };
        }
        SourceTable source = project.sources().get(id);
        if (source != null) {
            return switch (output) {
                case SELECTOR -> "source:" + source.packageName() + "." + source.source() + "." + source.name();
                case NAME -> source.source() + "." + source.name();
                case PATH -> source.file().toString();
                case JSON -> json(renderer.describe(source));
            };
        }
        Exposure exposure = project.appendix().exposures().get(id);
        if (exposure == null) {
            return id;
        }
        return switch (output) {
            case SELECTOR -> "exposure:" + exposure.definition().packageName() + "." + exposure.name();
            case NAME -> exposure.name();
            case PATH -> exposure.definition().packagePath();
            case JSON -> json(renderer.describe(exposure));
        };
    }

    private static String selector(Node node) {
        return node instanceof UnitTest
                ? "unit_test:" + node.packageName() + "." + node.name()
                : String.join(".", node.fqn());
    }

    private static String name(Node node) {
        ModelVersion version = node.definition().version();
        return node.name() + (version == null ? "" : "." + version.suffix());
    }

    private String json(Map<String, @Nullable Object> described) {
        Map<String, @Nullable Object> chosen = new LinkedHashMap<>();
        if (keys.isEmpty()) {
            described.forEach((key, value) -> {
                if (KEYS.contains(key)) {
                    chosen.put(key, value);
                }
            });
        }
        for (String key : keys) {
            Object value = described;
            for (String part : key.split("\\.", -1)) {
                value = value instanceof Map<?, ?> map ? map.get(part) : null;
            }
            if (value != null || described.containsKey(key)) {
                chosen.put(key, value);
            }
        }
        return Python.json(chosen, false);
    }
}
