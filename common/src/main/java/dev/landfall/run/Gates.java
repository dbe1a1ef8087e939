package dev.landfall.run;

import dev.landfall.project.DataTest;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.template.CompiledTest;
import dev.landfall.template.QueryResult;
import dev.landfall.template.RenderRequest;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Data tests that guard a model: {@code landfall: {gate: true}} on a test of severity error. */
final class Gates {
    private static final int SAMPLE = 3;

    private Gates() {}

    static List<DataTest> of(Project project, Node node) {
        return project.nodes().values().stream()
                .filter(DataTest.class::isInstance)
                .map(DataTest.class::cast)
                .filter(test -> guards(test, node))
                .toList();
    }

    private static boolean guards(DataTest test, Node node) {
        boolean gate = test.config().getOrMeta("landfall") instanceof Map<?, ?> landfall
                && Boolean.TRUE.equals(landfall.get("gate"));
        if (!gate || !test.severity().equals("error")) {
            return false;
        }
        DataTest.Generic generic = test.generic();
        return generic == null
                ? test.dependsOn().equals(List.of(node.uniqueId()))
                : generic.attachedNode().equals(node.uniqueId());
    }

    /** Runs a model's gates within the transaction that wrote it; the first that fails ends the transaction. */
    static void check(Session session, Project project, Compiler compiler, Node node) {
        for (DataTest test : of(project, node)) {
            CompiledTest compiled =
                    compiler.compile(test, new RenderRequest(session, false, false, "test", Map.of(), Map.of()));
            List<@Nullable Object> verdict = verdict(session, test, compiled);
            if (Boolean.TRUE.equals(verdict.get(2))) {
                throw new WarehouseException(
                        session.what() + ": its gate " + test.name() + " found " + verdict.get(0)
                                + " failing rows, such as " + sample(session, compiled) + "; nothing was written",
                        Kind.REFUSED_FILE,
                        compiled.sql(),
                        null);
            }
        }
    }

    /** A gate that cannot be run is the project's mistake, and no file's. */
    private static List<@Nullable Object> verdict(Session session, DataTest test, CompiledTest compiled) {
        try {
            return session.query(compiled.verdictSql()).rows().get(0);
        } catch (WarehouseException e) {
            if (e.retryable()) {
                throw e;
            }
            throw new ModelFaultException(
                    "its gate " + test.name() + " (" + test.file() + ") cannot be run: " + e.getMessage());
        }
    }

    private static String sample(Session session, CompiledTest test) {
        QueryResult rows = session.query("select * from (\n" + test.sql() + "\n) failing limit " + SAMPLE);
        return rows.rows().stream()
                .map(row -> {
                    Map<String, @Nullable Object> named = new LinkedHashMap<>();
                    for (int i = 0; i < row.size(); i++) {
                        named.put(rows.names().get(i), row.get(i));
                    }
                    return named.toString();
                })
                .collect(Collectors.joining(", "));
    }
}
