package dev.landfall.template;

import dev.landfall.jinja.Python;
import dev.landfall.project.Dependencies;
import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Node;
import dev.landfall.project.Problems;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import dev.landfall.project.UnitTest.Fixture;
import dev.landfall.project.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code unit_tests} of property files, once the nodes are known that they are about. */
final class UnitTestParser {
    private static final Pattern INPUT = Pattern.compile(
            "(?s)\\s*(ref|source)\\s*\\(\\s*['\"]([^'\"]+)['\"]\\s*(?:,\\s*['\"]([^'\"]+)['\"]\\s*)?\\)\\s*");

    private final Desk desk;
    private final Problems problems;
    private final String root;
    private final List<DbtPackage> packages;
    private final References references;

    UnitTestParser(Desk desk, String root, List<DbtPackage> packages, Map<String, Node> nodes, SourceTables sources) {
        this.desk = desk;
        this.problems = desk.problems;
        this.root = root;
        this.packages = packages;
        this.references = new References(
                root, List.copyOf(nodes.values()), sources.tables().values());
    }

    /** Those that are switched on and whose model is. */
    Map<String, UnitTest> parse(List<PropertyFiles.Entry> entries) {
        Map<String, UnitTest> tests = new LinkedHashMap<>();
        for (PropertyFiles.Entry entry : entries) {
            for (UnitTest test : parse(entry)) {
                UnitTest twin = tests.putIfAbsent(test.uniqueId(), test);
                if (twin != null) {
                    problems.error(
                            entry.place(),
                            "unit test '" + test.name() + "' of model '"
                                    + entry.map().text("model", "") + "' exists already: " + twin.file() + ":"
                                    + twin.definition().line());
                }
            }
        }
        return tests;
    }

    /** One, or one for each version of the model that the test asks for. */
    private List<UnitTest> parse(PropertyFiles.Entry entry) {
        YamlMap map = entry.map();
        String owner = entry.file().owner().name();
        String name = map.text("name", "");
        String modelName = map.text("model", "");
        if (name.isEmpty() || modelName.isEmpty()) {
            problems.error(entry.place(), "a unit test has a 'name' and a 'model'");
            return List.of();
        }
        Node found = references.node(modelName, null, owner);
        if (!(found instanceof Model model)) {
            if (!desk.broken.contains(modelName)) {
                problems.error(
                        map.valueAt("model"),
                        "unit test '" + name + "' is about an unknown model '" + modelName + "'"
                                + Problems.nearest(modelName, references.nodeNames()));
            }
            return List.of();
        }
        List<UnitTest> tests = new ArrayList<>();
        for (Model each : versions(entry, model)) {
            UnitTest test = parse(entry, each);
            if (test != null) {
                tests.add(test);
            }
        }
        return tests;
    }

    private List<Model> versions(PropertyFiles.Entry entry, Model model) {
        if (model.definition().version() == null) {
            return List.of(model);
        }
        YamlMap chosen = entry.map().map("versions");
        List<Model> versions = references.versions(model).stream()
                .filter(each -> includes(
                        chosen, Objects.requireNonNull(each.definition().version())))
                .toList();
        if (versions.isEmpty()) {
            problems.error(
                    entry.map().at("versions"),
                    "unit test '" + entry.name() + "' asks for no version that model '" + model.name() + "' has");
        }
        return versions;
    }

    private static boolean includes(YamlMap chosen, ModelVersion version) {
        return chosen.list("exclude").isEmpty()
                ? chosen.list("include").isEmpty() || chosen.list("include").contains(version.number())
                : !chosen.list("exclude").contains(version.number());
    }

    private @Nullable UnitTest parse(PropertyFiles.Entry entry, Model model) {
        YamlMap map = entry.map();
        String owner = entry.file().owner().name();
        String name = entry.name();
        ModelVersion version = model.definition().version();
        List<String> fqn = entry.file().fqn(model.name(), name);
        Map<String, @Nullable Object> config = ConfigMerge.defaults("source");
        desk.tree(owner).apply(config, "unit_test", fqn);
        ConfigMerge.apply(config, map.map("config"));
        ModelConfig merged = new ModelConfig(config);
        if (!merged.enabled()) {
            return null;
        }
        List<Fixture> given = new ArrayList<>();
        for (YamlMap input : map.maps("given", problems)) {
            given.add(fixture(entry, input, input(input, owner, model.uniqueId())));
        }
        YamlMap overrides = map.map("overrides");
        Map<String, String> environment = new LinkedHashMap<>();
        overrides.map("env_vars").forEach((key, value) -> environment.put(key, Python.str(value)));
        return new UnitTest(
                entry.file()
                        .definition(
                                "unit_test." + owner + "." + model.name() + "." + name
                                        + (version == null ? "" : "_" + version.suffix()),
                                entry.file().path().toString(),
                                entry.place().line(),
                                fqn,
                                "",
                                Checksum.ofText(Python.str(new LinkedHashMap<>(map))),
                                map.text("description", "")),
                merged,
                new Dependencies(List.of(model.uniqueId()), List.of(), List.of(), List.of()),
                model.uniqueId(),
                given,
                fixture(entry, map.map("expect"), ""),
                new LinkedHashMap<>(overrides.map("macros")),
                new LinkedHashMap<>(overrides.map("vars")),
                environment);
    }

    /** Unique id of what an input stands for; as written where there is no such thing, which is found when the test runs. */
    private String input(YamlMap input, String owner, String model) {
        String text = input.text("input", "");
        if (text.strip().equals("this")) {
            return "this";
        }
        Matcher matcher = INPUT.matcher(text);
        String problem = "input '" + text + "' is none: write ref('model'), source('source', 'table') or this";
        if (matcher.matches()) {
            String first = matcher.group(2);
            String second = matcher.group(3);
            if (matcher.group(1).equals("ref")) {
                Node node = references.node(second == null ? first : second, second == null ? null : first, owner);
                if (node != null) {
                    return node.uniqueId();
                }
                String wanted = second == null ? first : second;
                problem = "unknown ref '" + wanted + "'" + Problems.nearest(wanted, references.nodeNames());
            } else {
                SourceTable table = second == null ? null : references.source(first, second, owner);
                if (table != null) {
                    return table.uniqueId();
                }
                problem = "unknown source '" + first + "." + second + "'"
                        + Problems.nearest(first + "." + second, references.sourceNames());
            }
        }
        if (!desk.brokenProperties && desk.broken.isEmpty()) {
            problems.warn(input.valueAt("input"), problem + " (unit test of " + model + ")");
        }
        return text;
    }

    private Fixture fixture(PropertyFiles.Entry entry, YamlMap map, String input) {
        String format = map.text("format", "dict");
        Object rows = map.get("rows");
        String text = rows instanceof String written ? written : null;
        String named = map.text("fixture");
        if (named != null) {
            text = read(entry, map, named, format.equals("sql") ? ".sql" : ".csv");
        }
        return switch (format) {
            case "sql" -> new Fixture(input, List.of(), text == null ? "" : text);
            case "csv" -> new Fixture(input, Csv.rows(text == null ? "" : text), null);
            case "dict" -> new Fixture(input, dicts(rows), null);
            default -> {
                problems.error(
                        map.valueAt("format"),
                        "unknown format '" + format + "'" + Problems.nearest(format, List.of("dict", "csv", "sql")));
                yield new Fixture(input, List.of(), null);
            }
        };
    }

    private static List<Map<String, @Nullable Object>> dicts(@Nullable Object rows) {
        List<Map<String, @Nullable Object>> dicts = new ArrayList<>();
        if (rows instanceof List<?> list) {
            for (Object row : list) {
                Map<String, @Nullable Object> dict = new LinkedHashMap<>();
                if (row instanceof Map<?, ?> map) {
                    map.forEach((key, value) -> dict.put(String.valueOf(key), value));
                }
                dicts.add(dict);
            }
        }
        return dicts;
    }

    private @Nullable String read(PropertyFiles.Entry entry, YamlMap map, String name, String suffix) {
        String owner = entry.file().owner().name();
        for (DbtPackage each : packages) {
            if (!each.name().equals(owner) && !each.name().equals(root)) {
                continue;
            }
            for (String folder : each.testPaths()) {
                Path file = each.directory().resolve(folder).resolve("fixtures").resolve(name + suffix);
                if (Files.isRegularFile(file)) {
                    try {
                        String text = Files.readString(file);
                        desk.digests.put(
                                file.toString(), Checksum.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                        return text;
                    } catch (IOException e) {
                        problems.error(file.toString(), 0, "cannot be read: " + e);
                        return null;
                    }
                }
            }
        }
        problems.error(map.valueAt("fixture"), "there is no fixture '" + name + suffix + "' in tests/fixtures");
        return null;
    }
}
