package dev.landfall.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.project.DataTest;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.project.SourceTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Each project makes the nodes that real dbt makes of it: expected.json beside it was written by expect.py. */
class ConformanceTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> FIELDS = List.of(
            "alias",
            "database",
            "schema",
            "relation_name",
            "fqn",
            "description",
            "path",
            "original_file_path",
            "checksum",
            "refs",
            "test_metadata",
            "column_name",
            "resource_type",
            "raw_code");

    @ParameterizedTest
    @ValueSource(strings = {"guide", "jaffle", "packages", "sources"})
    void makesTheNodesThatDbtMakes(String name) throws Exception {
        Path directory = TestProjects.directory(name);
        Expected expected = JSON.readValue(Files.readString(directory.resolve("expected.json")), Expected.class);

        Project project = TestProjects.load(name);
        TemplateRenderer renderer = new TemplateRenderer(project);

        Map<String, Object> nodes = new TreeMap<>();
        for (Node node : project.nodes().values()) {
            nodes.put(node.uniqueId(), plain(description(renderer, node)));
        }
        assertThat(nodes.keySet())
                .containsExactlyElementsOf(new TreeSet<>(expected.nodes().keySet()));
        expected.nodes()
                .forEach((id, node) -> assertThat(nodes.get(id)).as("%s", id).isEqualTo(plain(node)));
        Map<String, Object> sources = new TreeMap<>();
        project.sources().forEach((id, table) -> sources.put(id, plain(description(table))));
        assertThat(sources).isEqualTo(plain(expected.sources()));
    }

    record Expected(Map<String, Object> versions, Map<String, Object> nodes, Map<String, Object> sources) {}

    private static Map<String, Object> description(TemplateRenderer renderer, Node node) {
        Map<String, Object> all = renderer.describe(node);
        Map<String, Object> picked = new LinkedHashMap<>();
        for (String field : FIELDS) {
            if (all.get(field) != null) {
                picked.put(field, all.get(field));
            }
        }
        Map<String, Object> config = new LinkedHashMap<>();
        node.config().values().forEach((key, value) -> {
            if (value != null && !key.equals("tags")) {
                config.put(key, value);
            }
        });
        picked.put("config", config);
        if (node instanceof Snapshot && node.file().toString().endsWith(".yml")) {
            picked.remove("checksum");
        }
        if (node instanceof DataTest test && test.generic() != null) {
            // The call that stands for a generic test bears tags of its column and its source here, and not in dbt.
            picked.put(
                    "raw_code",
                    String.valueOf(all.get("raw_code")).replaceFirst("\\{\\{ config\\(tags=[^=]*\\) }}$", ""));
        }
        picked.put("tags", node.tags().stream().sorted().toList());
        picked.put("depends_on", node.dependsOn().stream().sorted().toList());
        picked.put("macros", node.dependencies().macros().stream().sorted().toList());
        Map<String, Object> columns = new LinkedHashMap<>();
        node.definition()
                .columns()
                .forEach((name, column) ->
                        columns.put(name, List.of(column.description(), column.tags(), column.meta())));
        picked.put("columns", columns);
        if (!(node instanceof Seed)) {
            RenderRequest request =
                    new RenderRequest(TestProjects.nowhere(), false, false, Map.of()).withCommand("compile");
            picked.put("compiled", compact(renderer.compile(node, request)));
        }
        return picked;
    }

    private static Map<String, Object> description(SourceTable table) {
        return Map.of(
                "fqn", table.fqn(),
                "tags", table.tags(),
                "description", table.description(),
                "schema", String.valueOf(table.relation().schema()),
                "database", String.valueOf(table.relation().database()),
                "identifier", table.relation().identifier());
    }

    private static String compact(String sql) {
        return String.join(" ", sql.strip().split("\\s+", -1)).replaceAll(" ?([(),\\[\\]]) ?", "$1");
    }

    /** Numbers of one kind, maps without order and without what is null. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new TreeMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), item == null ? "null" : plain(item)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        return value instanceof Number number ? String.valueOf(number) : value;
    }
}
