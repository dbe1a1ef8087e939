package dev.landfall.artifact;

import dev.landfall.graph.NodeSelection;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.template.MacroCalls;
import dev.landfall.template.TemplateRenderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The project as an earlier manifest.json has it, Landfall's or dbt's own: what {@code state:} compares with. */
public final class SavedState implements NodeSelection.ProjectState {
    private static final List<String> ASPECTS =
            List.of("body", "configs", "contract", "macros", "persisted_descriptions", "relation");

    /** What a test's configuration may change of its verdict; nothing else of it is compared. */
    private static final Set<String> TEST_KEYS = Set.of(
            "severity",
            "where",
            "limit",
            "fail_calc",
            "warn_if",
            "error_if",
            "store_failures",
            "store_failures_as",
            "sql_header");

    private static final Set<String> RELATION_KEYS = Set.of("alias", "schema", "database");
    private static final Set<String> NOT_COMPARED = Set.of("alias", "schema", "database", "tags", "group");

    private final TemplateRenderer renderer;
    private final Map<?, ?> nodes;
    private final Map<?, ?> macros;
    private final MacroCalls calls;

    private final Path directory;

    private SavedState(Project project, Map<?, ?> manifest, Path directory) {
        this.directory = directory;
        this.renderer = new TemplateRenderer(project);
        this.calls = new MacroCalls(project);
        this.nodes = map(manifest.get("nodes"));
        this.macros = map(manifest.get("macros"));
    }

    /**
     * Reads the state.
     *
     * @param directory holds a manifest.json
     * @throws IllegalArgumentException when there is none, or it is no manifest
     */
    public static SavedState read(Project project, Path directory) {
        Path file = directory.resolve("manifest.json");
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no manifest.json in " + directory
                    + "; --state names the target path of an earlier command");
        }
        Map<?, ?> manifest = json(file);
        if (!(manifest.get("nodes") instanceof Map)) {
            throw new IllegalArgumentException(file + " is no manifest of dbt: it has no 'nodes'");
        }
        return new SavedState(project, manifest, directory);
    }

    @Override
    public boolean knows(String uniqueId) {
        return nodes.containsKey(uniqueId);
    }

    @Override
    public boolean modified(Node node, @Nullable String aspect) {
        if (aspect != null && !ASPECTS.contains(aspect)) {
            throw new IllegalArgumentException(
                    "unknown part 'state:modified." + aspect + "'" + Problems.nearest(aspect, ASPECTS));
        }
        Map<?, ?> now = renderer.describe(node);
        Map<?, ?> before = map(nodes.get(node.uniqueId()));
        boolean generic = "test".equals(now.get("resource_type")) && now.containsKey("test_metadata");
        if (aspect != null) {
            return modified(node, now, before, aspect);
        }
        // A generic test is told by its name: its text and its relation are what dbt makes of it.
        for (String each : generic ? List.of("configs", "macros") : ASPECTS) {
            if (modified(node, now, before, each)) {
                return true;
            }
        }
        return !same(now, before, "fqn")
                || ("model".equals(now.get("resource_type"))
                        && !(same(now, before, "access")
                                && same(now, before, "latest_version")
                                && same(now, before, "deprecation_date")));
    }

    @Override
    public Set<String> ended(String status) {
        Path file = directory.resolve("run_results.json");
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("'result:" + status + "': there is no run_results.json in " + directory);
        }
        Set<String> ids = new LinkedHashSet<>();
        if (json(file).get("results") instanceof List<?> results) {
            for (Object result : results) {
                if (status.equals(map(result).get("status"))) {
                    ids.add(String.valueOf(map(result).get("unique_id")));
                }
            }
        }
        return ids;
    }

    /** What models, seeds and snapshots were called in the warehouse, by unique id. */
    public Map<String, Relation> relations() {
        Map<String, Relation> relations = new HashMap<>();
        nodes.forEach((id, value) -> {
            Map<?, ?> node = map(value);
            boolean readable = Set.of("model", "seed", "snapshot").contains(String.valueOf(node.get("resource_type")))
                    && !"ephemeral".equals(map(node.get("config")).get("materialized"));
            if (readable) {
                relations.put(
                        String.valueOf(id),
                        new Relation(text(node.get("database")), text(node.get("schema")), text(node.get("alias"))));
            }
        });
        return relations;
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }

    private static Map<?, ?> json(Path file) {
        try (var in = Files.newInputStream(file)) {
            return JsonMapper.builder().build().readValue(in, Map.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private boolean modified(Node node, Map<?, ?> now, Map<?, ?> before, String aspect) {
        return switch (aspect) {
            case "body" -> !same(now, before, node.resourceType().equals("seed") ? "checksum" : "raw_code");
            case "configs" ->
                differ(
                        now,
                        before,
                        key -> node.resourceType().equals("test")
                                ? TEST_KEYS.contains(key)
                                : !NOT_COMPARED.contains(key));
            case "relation" -> differ(now, before, key -> RELATION_KEYS.contains(key));
            case "contract" -> !same(now, before, "contract");
            case "persisted_descriptions" -> descriptionsDiffer(now, before);
            default -> macrosDiffer(node);
        };
    }

    private static boolean differ(Map<?, ?> now, Map<?, ?> before, Predicate<String> compared) {
        Map<?, ?> mine = map(now.get("unrendered_config"));
        Map<?, ?> others = map(before.get("unrendered_config"));
        Set<Object> keys = new LinkedHashSet<>(mine.keySet());
        keys.addAll(others.keySet());
        return keys.stream()
                .filter(key -> compared.test(String.valueOf(key)))
                .anyMatch(key -> !Objects.equals(plain(mine.get(key)), plain(others.get(key))));
    }

    private static boolean descriptionsDiffer(Map<?, ?> now, Map<?, ?> before) {
        Map<?, ?> kept = map(map(now.get("config")).get("persist_docs"));
        if (Boolean.TRUE.equals(kept.get("relation")) && !same(now, before, "description")) {
            return true;
        }
        return Boolean.TRUE.equals(kept.get("columns"))
                && !descriptions(map(now.get("columns"))).equals(descriptions(map(before.get("columns"))));
    }

    private static Map<Object, Object> descriptions(Map<?, ?> columns) {
        Map<Object, Object> descriptions = new HashMap<>();
        columns.forEach((name, column) ->
                descriptions.put(name, String.valueOf(map(column).get("description"))));
        return descriptions;
    }

    /** Whether a macro that the node calls, directly or not, is new or has another text. The engine's own do not count. */
    private boolean macrosDiffer(Node node) {
        return calls.reachedBy(node).stream()
                .anyMatch(macro -> !macro.macro()
                        .source()
                        .equals(map(macros.get(macro.uniqueId())).get("macro_sql")));
    }

    private static boolean same(Map<?, ?> now, Map<?, ?> before, String field) {
        return Objects.equals(plain(now.get(field)), plain(before.get(field)));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** Values as JSON has them, so that a number equals itself whatever its Java type. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            map.forEach((key, item) -> plain.put(String.valueOf(key), plain(item)));
            return plain;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> String.valueOf(plain(item))).toList();
        }
        if (value instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        return value == null || value instanceof Boolean ? value : value.toString();
    }
}
