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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Runs the data tests of a model after its build; its gates ran within it. Safe for use by several threads. */
public final class ModelTests {
    private static final ProjectRun.Flags FLAGS = new ProjectRun.Flags("test", false, false, 1);

    private final RunContext context;
    /** By its id, the last run of each model that has a test whose other models are not all built. */
    private final Map<String, ModelMaterialized> waiting = new ConcurrentHashMap<>();

    public ModelTests(
            Supplier<Project> project, Warehouse warehouse, Lake lake, LakeReader reader, RunSettings settings) {
        this.context = new RunContext(project, warehouse, lake, reader, settings, Compiler::of);
    }

    /**
     * Tests what a run built, and once more what was built before and has a test that waited for it; nothing for a
     * model that has no test but gates.
     */
    public List<ModelTested> test(ModelMaterialized built) {
        Project project = context.project();
        List<ModelMaterialized> models = new ArrayList<>(List.of(built));
        waiting.values().stream()
                .filter(each -> !each.model().equals(built.model()) && waits(project, each, built.model()))
                .forEach(models::add);
        return models.stream().flatMap(each -> test(project, each).stream()).toList();
    }

    private static boolean waits(Project project, ModelMaterialized tested, String parent) {
        return of(project, tested.model()).stream()
                .anyMatch(test -> RunContext.parents(project, test).stream()
                        .anyMatch(node -> node.uniqueId().equals(parent)));
    }

    private Optional<ModelTested> test(Project project, ModelMaterialized built) {
        List<DataTest> tests = of(project, built.model());
        if (tests.isEmpty()) {
            waiting.remove(built.model());
            return Optional.empty();
        }
        Instant start = Instant.now();
        // Before the look for parents: one that is built meanwhile finds it.
        waiting.put(built.model(), built);
        List<ModelTested.Verdict> verdicts =
                tests.stream().map(test -> verdict(project, built, test)).toList();
        if (verdicts.stream().noneMatch(ModelTested.Verdict::waits)) {
            waiting.remove(built.model(), built);
        }
        return Optional.of(new ModelTested(
                built.model(), built.layer(), built.version(), verdicts, start, Instant.now(), project.checksum()));
    }

    private ModelTested.Verdict verdict(Project project, ModelMaterialized built, DataTest test) {
        List<String> missing = missing(project, built, test);
        return missing.isEmpty()
                ? verdict(new NodeRun(context, project, FLAGS).run(test))
                : ModelTested.Verdict.waiting(
                        test.name(), "waiting: parent " + String.join(", ", missing) + " is not built yet");
    }

    private List<String> missing(Project project, ModelMaterialized built, DataTest test) {
        boolean alone = RunContext.parents(project, test).stream()
                .allMatch(node -> node.uniqueId().equals(built.model()));
        return alone
                ? List.of()
                : context.warehouse()
                        .with(RunContext.label(test), session -> RunContext.missingParents(session, project, test));
    }

    private static List<DataTest> of(Project project, String model) {
        Node node = project.nodes().get(model);
        if (node == null) {
            return List.of();
        }
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
