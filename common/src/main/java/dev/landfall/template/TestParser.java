package dev.landfall.template;

import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Python;
import dev.landfall.project.Definition;
import dev.landfall.project.Dependencies;
import dev.landfall.project.Dependencies.Ref;
import dev.landfall.project.Dependencies.SourceRef;
import dev.landfall.project.MacroDefinition;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.ModelVersion;
import dev.landfall.project.Problems;
import dev.landfall.project.Relation;
import dev.landfall.project.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parse pass over generic tests. */
final class TestParser {
    private final Desk desk;
    private final Problems problems;
    private final Library library;

    TestParser(Desk desk, Library library) {
        this.desk = desk;
        this.problems = desk.problems;
        this.library = library;
    }

    /** The tests of all nodes and sources that are switched on. */
    List<Parsed> parse(PropertyFiles properties, SourceTables sources, YamlRenderer renderer, List<Parsed> parsed) {
        GenericTests reader = new GenericTests(renderer, problems);
        Map<String, Parsed> targets = new HashMap<>();
        parsed.forEach(each -> targets.put(each.definition().uniqueId(), each));
        List<TestOf> written = new ArrayList<>();
        for (PropertyFiles.Entry entry : properties.all()) {
            Parsed target = targets.get(entry.uniqueId());
            if (target != null && target.config().enabled() && !entry.kind().equals("test")) {
                ModelVersion version = entry.version();
                Object number = version == null ? null : version.number();
                String ref = "ref('" + entry.name() + "'" + (number == null ? "" : ", version='" + number + "'") + ")";
                for (GenericTests.Written test : reader.read(
                        entry.file(),
                        entry.map(),
                        ref,
                        "",
                        entry.name() + (version == null ? "" : "_" + version.suffix()),
                        entry.section() + "." + entry.name(),
                        List.of())) {
                    written.add(new TestOf(test, target.definition().uniqueId(), null, entry.name(), number));
                }
            }
        }
        for (PropertyFiles.Entry entry : properties.sources()) {
            String owner = entry.file().owner().name();
            for (YamlMap table : entry.map().maps("tables", problems)) {
                String tableName = table.text("name", "");
                String id = "source." + owner + "." + entry.name() + "." + tableName;
                if (sources.tables().containsKey(id)) {
                    String source = "source('" + entry.name() + "', '" + tableName + "')";
                    List<String> tags =
                            Objects.requireNonNull(sources.tables().get(id)).tags();
                    for (GenericTests.Written test : reader.read(
                            entry.file(),
                            table,
                            source,
                            "source_",
                            entry.name() + "_" + tableName,
                            "sources." + entry.name(),
                            tags)) {
                        written.add(new TestOf(test, id, entry.name(), tableName, null));
                    }
                }
            }
        }
        Map<String, Parsed> byId = new TreeMap<>();
        List<@Nullable Parsed> tests =
                written.parallelStream().map(test -> parse(test)).collect(Collectors.toCollection(ArrayList::new));
        for (Parsed test : tests) {
            if (test != null) {
                Parsed twin = byId.putIfAbsent(test.definition().uniqueId(), test);
                if (twin != null && test.test() != null) {
                    problems.error(
                            test.test().place(),
                            "test '" + test.definition().name()
                                    + "' stands twice with the same arguments; give one of them a 'name'");
                }
            }
        }
        return new ArrayList<>(byId.values());
    }

    /** A test and what it checks: a node by its name, or a source's table. */
    private record TestOf(
            GenericTests.Written test,
            String attachedTo,
            @Nullable String source,
            String name,
            @Nullable Object version) {}

    private @Nullable Parsed parse(TestOf testOf) {
        GenericTests.Written test = testOf.test();
        String owner = test.file().owner().name();
        MacroDefinition macro = test.namespace() == null
                ? library.macros.find(owner, test.macro())
                : library.macros.in(test.namespace(), test.macro());
        if (macro == null) {
            // As in dbt, that is found when the test runs.
            Set<String> known = new TreeSet<>();
            for (String each : List.of(owner, library.name, Macros.INTERNAL)) {
                library.macros
                        .names(test.namespace() == null ? each : test.namespace())
                        .forEach(name -> {
                            if (name.startsWith("test_")) {
                                known.add(name.substring("test_".length()));
                            }
                        });
            }
            String packageHint =
                    test.namespace() != null && !library.settings.packages().contains(test.namespace())
                            ? "; there is no package '" + test.namespace() + "'"
                            : "";
            problems.warn(
                    test.place(),
                    "unknown test '"
                            + (test.namespace() == null ? "" : test.namespace() + ".") + test.test() + "'"
                            + packageHint + Problems.nearest(test.test(), known));
        }
        List<String> fqn = test.file().fqn(test.name());
        String call = (test.namespace() == null ? "" : test.namespace() + ".") + test.macro();
        Definition definition = test.file()
                .definition(
                        "test." + owner + "." + test.name() + "." + test.hash(),
                        test.shortName() + ".sql",
                        test.place().line(),
                        fqn,
                        "{{ " + call + "(**_dbt_generic_test_kwargs) }}" + configCall(test.config()),
                        "",
                        test.description());
        Draft draft = new Draft();
        Map<String, @Nullable Object> values = ConfigMerge.defaults("test");
        desk.tree(owner).apply(values, "test", fqn);
        Subject subject = new Subject(
                definition.uniqueId(),
                definition.name(),
                owner,
                "test",
                null,
                new ModelConfig(values),
                null,
                () -> new NodeMaps(library).of(definition, "test", new ModelConfig(values), null, Dependencies.NONE));
        if (macro != null) {
            draft.macros.add(macro.uniqueId());
        }
        if (macro == null || isPlain(test, macro)) {
            draft.macros.add("macro." + Macros.INTERNAL + ".get_where_subquery");
            if (testOf.source() == null) {
                draft.refs.add(new Ref(testOf.name(), null, testOf.version()));
            } else {
                draft.sources.add(new SourceRef(testOf.source(), testOf.name()));
            }
            return named(testOf, definition, values, draft);
        }
        try {
            Rendering rendering = Rendering.parsing(library, subject, draft);
            Map<String, @Nullable Object> arguments = GenericTests.rendered(test.arguments(), rendering, test.place());
            rendering.bind(macro).call(new dev.landfall.jinja.Arguments(List.of(), arguments));
        } catch (JinjaException e) {
            desk.tell(e, test.place());
            return null;
        }
        return named(testOf, definition, values, draft);
    }

    /**
     * Whether rendering the test would tell nothing that is not known: the two tests that most of all tests are read one
     * relation, and no project changes that unless it has macros of their names.
     */
    private boolean isPlain(GenericTests.Written test, MacroDefinition macro) {
        return macro.packageName().equals(Macros.INTERNAL)
                && (test.test().equals("unique") || test.test().equals("not_null"))
                && library.macros.untouched(test.file().owner().name(), macro.name())
                && library.macros.untouched(test.file().owner().name(), "ref")
                && library.macros.untouched(test.file().owner().name(), "source")
                && library.macros.untouched(test.file().owner().name(), "get_where_subquery")
                && test.arguments().size() == 2
                && test.arguments().containsKey("column_name");
    }

    private @Nullable Parsed named(
            TestOf testOf, Definition definition, Map<String, @Nullable Object> values, Draft draft) {
        GenericTests.Written test = testOf.test();
        String owner = definition.packageName();
        ConfigMerge.apply(values, draft.config);
        ConfigMerge.apply(values, test.config());
        if (!owner.equals(library.name)) {
            desk.tree(library.name).apply(values, "test", definition.fqn());
        }
        storing(values);
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        desk.tree(owner).put(written, "test", definition.fqn());
        written.putAll(draft.config);
        written.putAll(test.config());
        ModelConfig config = new ModelConfig(values, written);
        new ConfigChecks(desk, library).check(definition, "test", config, key -> test.place());
        try {
            Relation relation = new Naming(library).relation(definition, "test", config);
            return new Parsed(definition, "test", config, relation, draft, test, Path.of(testOf.attachedTo()));
        } catch (JinjaException e) {
            desk.tell(e, test.place());
            return null;
        }
    }

    private static void storing(Map<String, @Nullable Object> values) {
        Object as = values.get("store_failures_as");
        if (as != null) {
            values.put("store_failures", !as.equals("ephemeral"));
        } else if (values.get("store_failures") instanceof Boolean stores) {
            values.put("store_failures_as", stores ? "table" : "ephemeral");
        }
    }

    private static String configCall(Map<String, @Nullable Object> config) {
        if (config.isEmpty()) {
            return "";
        }
        return config.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + (entry.getValue() instanceof String text
                                ? '"' + text.replace("\"", "\\\"") + '"'
                                : Python.str(entry.getValue())))
                .collect(Collectors.joining(",", "{{ config(", ") }}"));
    }
}
