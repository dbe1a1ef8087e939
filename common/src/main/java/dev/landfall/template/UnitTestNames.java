package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Python;
import dev.landfall.project.Node;
import dev.landfall.project.ProjectSettings;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a model's template sees in a unit test in place of tables, macros and the environment. */
final class UnitTestNames {
    private final UnitTest test;
    private final References references;
    private final Set<String> given;

    UnitTestNames(UnitTest test, References references, Set<String> given) {
        this.test = test;
        this.references = references;
        this.given = given;
    }

    /** The names that lie over those of dbt's context. */
    Map<String, @Nullable Object> context(ProjectSettings settings) {
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put("ref", (Callable) this::ref);
        names.put("source", (Callable) this::source);
        if (given.contains("this")) {
            names.put("this", RelationValue.ephemeral(identifier("this")));
        }
        if (!test.environment().isEmpty()) {
            Map<String, String> environment = new LinkedHashMap<>(settings.environment());
            environment.putAll(test.environment());
            names.put("env_var", (Callable) arguments -> Environment.read(environment, arguments, false));
        }
        test.macros().forEach((name, value) -> names.put(name, (Callable) arguments -> value));
        return names;
    }

    /** The name of a fixture in SQL. */
    static String identifier(String id) {
        return id.replaceFirst("^[a-z_]+\\.", "").replaceAll("\\W", "_");
    }

    private Object ref(Arguments arguments) {
        List<@Nullable Object> parts = arguments.positional();
        Object version =
                arguments.keyword().getOrDefault("version", arguments.keyword().get("v"));
        String name = Python.str(parts.get(parts.size() - 1)) + (version == null ? "" : ".v" + Python.str(version));
        Node node = references.node(
                name,
                parts.size() > 1 ? Python.str(parts.get(0)) : null,
                test.definition().packageName());
        return fixture(node == null ? "" : node.uniqueId(), "ref('" + name + "')");
    }

    private Object source(Arguments arguments) {
        String source = arguments.text(0, "source");
        String table = arguments.text(1, "table");
        SourceTable known = references.source(source, table, test.definition().packageName());
        return fixture(known == null ? "" : known.uniqueId(), "source('" + source + "', '" + table + "')");
    }

    private Object fixture(String id, String asked) {
        if (!given.contains(id)) {
            throw new JinjaException("unit test '" + test.name() + "' (" + test.file() + ":"
                    + test.definition().line() + ") gives no rows for " + asked
                    + ", which the model reads; add - input: " + asked + " with rows: [] or more");
        }
        return RelationValue.ephemeral(identifier(id));
    }
}
