package dev.landfall.run;

import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.ModelTested;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.DataTest;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.warehouse.Warehouse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs the data tests of a model after its build; its gates ran within it. Safe for use by several threads. */
public final class ModelTests {
    private static final ProjectRun.Flags FLAGS = new ProjectRun.Flags("test", false, false, 1);

    private final RunContext context;

    public ModelTests(
            Supplier<Project> project, Warehouse warehouse, Lake lake, LakeReader reader, RunSettings settings) {
        this.context = new RunContext(project, warehouse, lake, reader, settings, Compiler::of);
    }

    /** Tests what a run built; empty when the model has no test but gates. */
    public Optional<ModelTested> test(ModelMaterialized built) {
        Project project = context.project();
        Node node = project.nodes().get(built.model());
        List<DataTest> tests = node == null ? List.of() : of(project, node);
        if (tests.isEmpty()) {
            return Optional.empty();
        }
        Instant start = Instant.now();
        NodeRun run = new NodeRun(context, project, FLAGS);
        return Optional.of(new ModelTested(
                built.model(),
                built.layer(),
                built.version(),
                tests.stream().map(test -> verdict(run.run(test))).toList(),
                start,
                Instant.now(),
                project.checksum()));
    }

    private static List<DataTest> of(Project project, Node node) {
        List<DataTest> gates = Gates.of(project, node);
        return project.nodes().values().stream()
                .filter(DataTest.class::isInstance)
                .map(DataTest.class::cast)
                .filter(test -> checks(test, node) && !gates.contains(test))
                .toList();
    }

    private static boolean checks(DataTest test, Node node) {
        DataTest.Generic generic = test.generic();
        return generic == null
                ? test.dependsOn().contains(node.uniqueId())
                : generic.attachedNode().equals(node.uniqueId());
    }

    private static ModelTested.Verdict verdict(NodeResult result) {
        Long failures = result.failures();
        return new ModelTested.Verdict(
                result.node().name(),
                result.status().word().toLowerCase(Locale.ROOT),
                failures == null ? 0L : failures,
                result.message());
    }
}
