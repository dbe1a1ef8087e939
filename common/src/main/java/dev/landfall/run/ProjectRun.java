package dev.landfall.run;

import dev.landfall.graph.ModelGraph;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.PyTuple;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Analysis;
import dev.landfall.project.DataTest;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.UnitTest;
import dev.landfall.run.NodeResult.Status;
import dev.landfall.template.Deferral;
import dev.landfall.template.RenderRequest;
import dev.landfall.template.TemplateRenderer;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A one-shot command with dbt's semantics: run, test, seed, snapshot or build over selected nodes, in graph order. */
public final class ProjectRun {
    private final Project project;
    private final RunContext context;

    /** As below, reading everything from this target. */
    public ProjectRun(
            Project project,
            Warehouse warehouse,
            @Nullable Lake lake,
            @Nullable LakeReader reader,
            RunSettings settings) {
        this(project, warehouse, lake, reader, settings, Deferral.NONE);
    }

    /** @param lake where {@code s3://} globs are looked up, with its reader; null when no lake is configured */
    public ProjectRun(
            Project project,
            Warehouse warehouse,
            @Nullable Lake lake,
            @Nullable LakeReader reader,
            RunSettings settings,
            Deferral deferral) {
        this.project = project;
        this.context = new RunContext(
                () -> project,
                warehouse,
                lake,
                reader,
                settings,
                each -> Compiler.of(new TemplateRenderer(each, deferral)));
    }

    /**
     * What the command line says.
     *
     * @param command {@code run}, {@code test}, {@code seed}, {@code snapshot}, {@code build}
     * @param failFast stop at the first failure, the rest is skipped
     * @param storeFailures keep the failing rows of tests that do not say otherwise
     * @param eventTimeStart where microbatch models begin, null for where they left off
     * @param eventTimeEnd where they end, null for now
     */
    public record Flags(
            String command,
            boolean fullRefresh,
            boolean failFast,
            int threads,
            boolean storeFailures,
            @Nullable OffsetDateTime eventTimeStart,
            @Nullable OffsetDateTime eventTimeEnd) {

        public Flags(String command, boolean fullRefresh, boolean failFast, int threads) {
            this(command, fullRefresh, failFast, threads, false, null, null);
        }
    }

    /**
     * Reads a time for {@link Flags}: a date, or a date and a time, in UTC where it has no offset.
     *
     * @throws java.time.format.DateTimeParseException when it is none
     */
    public static OffsetDateTime time(String text) {
        return Microbatch.parse(text);
    }

    /**
     * All results in the order of their end.
     *
     * @param hookProblems what went wrong with {@code on-run-start} and {@code on-run-end}
     */
    public record Report(List<NodeResult> results, List<String> hookProblems, Duration elapsed) {
        public boolean success() {
            return hookProblems.isEmpty()
                    && results.stream().noneMatch(result -> result.status().bad());
        }
    }

    /** Runs the nodes of these unique ids; ephemeral models, analyses and sources among them are passed over. */
    public Report run(Collection<String> ids, Flags flags, RunListener listener) {
        Instant start = Instant.now();
        Plan plan = Plan.of(project, ids, flags.command().equals("build"));
        inSession("schemas", session -> createSchemas(session, plan.nodes()));
        List<String> problems =
                new ArrayList<>(runHooks("on-run-start", project.settings().onRunStart(), flags, Map.of()));
        List<NodeResult> results = problems.isEmpty()
                ? execute(plan, flags, listener)
                : skip(plan, "not run, because on-run-start failed");
        problems.addAll(runHooks("on-run-end", project.settings().onRunEnd(), flags, endContext(plan, results)));
        return new Report(results, problems, Duration.between(start, Instant.now()));
    }

    /** Nodes in graph order, and for each the selected nodes that must have ended well before it. */
    private record Plan(List<Node> nodes, Map<String, Set<String>> waitsFor) {

        static Plan of(Project project, Collection<String> ids, boolean build) {
            ModelGraph graph = ModelGraph.of(project);
            List<Node> nodes = graph.order(ids).stream()
                    .map(project.nodes()::get)
                    .filter(Plan::executable)
                    .toList();
            Set<String> selected = new HashSet<>();
            nodes.forEach(node -> selected.add(node.uniqueId()));
            Map<String, Set<String>> waitsFor = new HashMap<>();
            for (Node node : nodes) {
                Set<String> before = new LinkedHashSet<>(graph.upstream(node.uniqueId()));
                if (node instanceof UnitTest test) {
                    before.remove(test.model());
                }
                before.retainAll(selected);
                waitsFor.put(node.uniqueId(), before);
            }
            if (build) {
                waitForUnitTests(nodes, waitsFor);
                waitForTests(nodes, waitsFor, graph);
            }
            return new Plan(nodes, waitsFor);
        }

        /** In a build, what is built on a tested node waits for the test. */
        private static void waitForTests(List<Node> nodes, Map<String, Set<String>> waitsFor, ModelGraph graph) {
            for (Node node : nodes) {
                if (node instanceof DataTest || node instanceof UnitTest) {
                    continue;
                }
                Set<String> upstream = new HashSet<>(graph.upstream(node.uniqueId()));
                for (Node test : nodes) {
                    if (test instanceof DataTest
                            && !test.dependsOn().isEmpty()
                            && upstream.containsAll(test.dependsOn())) {
                        waitsFor.getOrDefault(node.uniqueId(), new HashSet<>()).add(test.uniqueId());
                    }
                }
            }
        }

        /** A model whose unit tests fail is not built. */
        private static void waitForUnitTests(List<Node> nodes, Map<String, Set<String>> waitsFor) {
            for (Node node : nodes) {
                Set<String> before = node instanceof UnitTest test ? waitsFor.get(test.model()) : null;
                if (before != null) {
                    before.add(node.uniqueId());
                }
            }
        }

        private static boolean executable(@Nullable Node node) {
            return node != null && !(node instanceof Analysis) && !(node instanceof Model model && model.ephemeral());
        }
    }

    // --- around the nodes

    private void inSession(String purpose, Consumer<Session> work) {
        context.warehouse().with(purpose, session -> {
            work.accept(session);
            return true;
        });
    }

    private static void createSchemas(Session session, List<Node> nodes) {
        Set<Relation> schemas = new LinkedHashSet<>();
        for (Node node : nodes) {
            RunContext.relation(node)
                    .ifPresent(relation -> schemas.add(new Relation(relation.database(), relation.schema(), "")));
        }
        schemas.forEach(schema -> Materializer.createSchema(session, schema));
    }

    /** One after the other; the first that fails is the last. Gives its failure. */
    private List<String> runHooks(String when, List<Hook> hooks, Flags flags, Map<String, @Nullable Object> names) {
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            try {
                inSession(when, session -> {
                    RenderRequest request =
                            new RenderRequest(session, false, flags.fullRefresh(), flags.command(), Map.of(), names);
                    String sql = context.compiler(project)
                            .render(hook.sql(), request)
                            .strip();
                    if (!sql.isEmpty()) {
                        session.execute(sql);
                    }
                });
            } catch (JinjaException | WarehouseException e) {
                return List.of(when + " (dbt_project.yml), hook " + (i + 1) + ": " + e.getMessage());
            }
        }
        return List.of();
    }

    private static List<NodeResult> skip(Plan plan, String reason) {
        return plan.nodes().stream().map(node -> NodeRun.skipped(node, reason)).toList();
    }

    private static Map<String, @Nullable Object> endContext(Plan plan, List<NodeResult> results) {
        Set<Object> schemas = new LinkedHashSet<>();
        Set<Object> databaseSchemas = new LinkedHashSet<>();
        for (Node node : plan.nodes()) {
            RunContext.relation(node).ifPresent(relation -> {
                schemas.add(String.valueOf(relation.schema()));
                databaseSchemas.add(PyTuple.of(relation.database(), relation.schema()));
            });
        }
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put(
                "results",
                new ArrayList<>(results.stream().map(ProjectRun::describe).toList()));
        names.put("schemas", new ArrayList<>(schemas));
        names.put("database_schemas", new ArrayList<>(databaseSchemas));
        return names;
    }

    private static Map<String, @Nullable Object> describe(NodeResult result) {
        Map<String, @Nullable Object> node = new LinkedHashMap<>();
        node.put("unique_id", result.node().uniqueId());
        node.put("name", result.node().name());
        node.put("resource_type", result.node().resourceType());
        RunContext.relation(result.node()).ifPresent(relation -> {
            node.put("database", relation.database());
            node.put("schema", relation.schema());
            node.put("alias", relation.identifier());
            node.put("relation_name", relation.sql());
        });
        Map<String, @Nullable Object> described = new LinkedHashMap<>();
        described.put("node", node);
        described.put("unique_id", result.node().uniqueId());
        described.put("status", result.status().word());
        described.put("message", result.message());
        described.put("failures", result.failures());
        described.put("execution_time", result.duration().toMillis() / 1000.0);
        described.put("thread_id", result.thread());
        return described;
    }

    // --- the nodes, side by side along the graph

    private List<NodeResult> execute(Plan plan, Flags flags, RunListener listener) {
        Execution execution = new Execution(plan, flags, listener);
        try {
            GraphWalk.walk(plan.nodes(), plan.waitsFor(), Math.max(1, flags.threads()), execution);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the command was interrupted", e);
        }
        return execution.results;
    }

    /** One command's way through the graph. */
    private final class Execution implements GraphWalk.Steps<NodeResult> {
        private final Plan plan;
        private final Flags flags;
        private final RunListener listener;
        private final NodeRun nodeRun;
        private final Map<String, Integer> indexes = new HashMap<>();
        private final Map<String, String> bad = new LinkedHashMap<>();
        private final List<NodeResult> results = new ArrayList<>();

        Execution(Plan plan, Flags flags, RunListener listener) {
            this.plan = plan;
            this.flags = flags;
            this.listener = listener;
            this.nodeRun = new NodeRun(context, project, flags);
        }

        @Override
        public Optional<Supplier<NodeResult>> begin(Node node) {
            Set<String> culprits =
                    flags.failFast() ? bad.keySet() : plan.waitsFor().getOrDefault(node.uniqueId(), Set.of());
            Optional<String> culprit =
                    culprits.stream().filter(bad::containsKey).findFirst();
            if (culprit.isPresent()) {
                end(node, NodeRun.skipped(node, "not run, because " + bad.get(culprit.get()) + " failed"));
                return Optional.empty();
            }
            listener.started(node, index(node), plan.nodes().size());
            return Optional.of(() -> nodeRun.run(node));
        }

        @Override
        public void end(Node node, NodeResult result) {
            results.add(result);
            if (result.status().bad() || result.status() == Status.SKIPPED) {
                bad.put(node.uniqueId(), node.resourceType() + " " + node.name());
            }
            listener.finished(result, index(node), plan.nodes().size());
        }

        private int index(Node node) {
            return indexes.computeIfAbsent(node.uniqueId(), id -> indexes.size() + 1);
        }
    }
}
