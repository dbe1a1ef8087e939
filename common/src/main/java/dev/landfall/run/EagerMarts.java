package dev.landfall.run;

import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.graph.ModelGraph;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.RenderRequest;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds every mart whose inputs or SQL changed, in graph order. What is stale is read from the warehouse each time,
 * so a lost event costs nothing. Safe for use by several threads; two waves at once build some marts twice.
 */
public final class EagerMarts {
    private static final Logger LOG = LoggerFactory.getLogger(EagerMarts.class);

    /** DuckDB's: what a transaction writes beyond that goes straight into the database's file. */
    private static final long ROW_GROUP = 122_880;

    private static final String FAILED = "failed, and nothing that it is made of changed since: ";

    private final RunContext context;
    /** What a node failed on for good: not tried again until one of its inputs, or the project, changes. */
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    private record Failure(Map<String, String> parents, String projectChecksum, String error) {}

    public EagerMarts(
            Supplier<Project> project, Warehouse warehouse, Lake lake, LakeReader reader, RunSettings settings) {
        this(project, warehouse, lake, reader, settings, Compiler::of);
    }

    EagerMarts(
            Supplier<Project> project,
            Warehouse warehouse,
            @Nullable Lake lake,
            @Nullable LakeReader reader,
            RunSettings settings,
            Function<Project, Compiler> compilers) {
        this.context = new RunContext(project, warehouse, lake, reader, settings, compilers);
    }

    /**
     * One wave: builds what is stale, each node at most once, parents first. A failing one does not stop its siblings;
     * what it feeds is skipped with the reason. Results come to the listener as soon as each is committed.
     */
    public List<RunResult> buildStale(Consumer<RunResult> listener) {
        return new Wave(context.project(), Set.of(), false, listener).run();
    }

    /**
     * Builds these whether they are stale or not, in graph order; unique ids or names.
     *
     * @throws UnknownModelException naming those that the project does not have
     */
    public List<RunResult> build(Collection<String> ids, boolean fullRefresh, Consumer<RunResult> listener) {
        Project project = context.project();
        RunContext.refuseUnknown(ids, project.nodes().values(), "of the project that mart-runner has");
        return new Wave(project, Set.copyOf(ids), fullRefresh, listener).run();
    }

    /**
     * Takes the marts that something else has built as they are: they are stale when their parents change from now on.
     * Core models are adopted first.
     */
    public List<Adoption> adopt() {
        Project project = context.project();
        return context.warehouse().with("adoption of the marts", session -> {
            Adopting adopting = new Adopting(context, project, session);
            return nodes(project).stream().map(adopting::mart).toList();
        });
    }

    /** Every node of mart-runner and what is to be done with it, in graph order. */
    public List<Staleness> explain() {
        Project project = context.project();
        return context.warehouse().with("status of the marts", session -> {
            Board board = new Board(session, project);
            Map<String, Staleness> marts = new LinkedHashMap<>();
            for (Node node : nodes(project)) {
                marts.put(node.uniqueId(), below(project, node, marts).orElseGet(() -> board.standing(node)));
            }
            return List.copyOf(marts.values());
        });
    }

    /** As in a wave: what reads a mart that is not fresh has to wait for it, whatever its own standing. */
    private Optional<Staleness> below(Project project, Node node, Map<String, Staleness> marts) {
        List<String> parents = new ArrayList<>();
        for (Node parent : RunContext.parents(project, node)) {
            Staleness staleness = marts.get(parent.uniqueId());
            if (staleness != null && staleness.state() != State.FRESH) {
                parents.add(parent.name() + ", which "
                        + (staleness.state() == State.STALE
                                ? "is to be built first"
                                : staleness.reason().startsWith(FAILED) ? "failed" : "waits itself"));
            }
        }
        return parents.isEmpty()
                ? Optional.empty()
                : Optional.of(new Staleness(node.uniqueId(), State.WAITING, "waits for " + String.join("; ", parents)));
    }

    /**
     * What is to be done with a mart.
     *
     * @param reason why, in words for {@code status}: which parent is newer, which was never built
     */
    public record Staleness(String model, State state, String reason) {}

    public enum State {
        FRESH,
        /** To be built in the next wave. */
        STALE,
        /** A parent is missing or not fresh, or it failed and nothing changed since. */
        WAITING
    }

    /** The nodes that no stream owns, in graph order. */
    private static List<Node> nodes(Project project) {
        return ModelGraph.of(project).order(project.nodes().keySet()).stream()
                .flatMap(id -> Optional.ofNullable(project.nodes().get(id)).stream())
                .filter(node -> node instanceof Model model
                        ? !model.ephemeral() && project.streamOf(model).isEmpty()
                        : node instanceof Seed || node instanceof Snapshot)
                .toList();
    }

    /** What the warehouse knows of all relations. */
    private final class Board {
        private final Session session;
        private final Project project;
        private final Map<String, Ledger.Build> builds = new HashMap<>();
        private final Map<String, Ledger.Content> contents = new HashMap<>();
        private final Set<Relation> existing;
        private final Map<String, Boolean> sameSql = new HashMap<>();

        Board(Session session, Project project) {
            this.session = session;
            this.project = project;
            List<Relation> relations = project.nodes().values().stream()
                    .flatMap(node -> RunContext.relation(node).stream())
                    .toList();
            this.existing = session.relationTypes(relations).keySet();
            Set<String> databases = new TreeSet<>();
            relations.forEach(relation -> databases.add(Optional.ofNullable(relation.database())
                    .orElse(project.target().database())));
            databases.forEach(database -> Ledger.find(session, database).ifPresent(ledger -> {
                builds.putAll(ledger.builds());
                contents.putAll(ledger.contents());
            }));
        }

        boolean exists(Node node) {
            return RunContext.relation(node).map(existing::contains).orElse(true);
        }

        Map<String, String> parentVersions(Node node) {
            return versions(project, node, builds);
        }

        private boolean same(Node node, Failure failure) {
            return failure.parents().equals(parentVersions(node))
                    && failure.projectChecksum().equals(project.checksum());
        }

        /** As {@link #look}; what failed is not tried again before something changes. */
        Staleness standing(Node node) {
            Staleness staleness = look(node);
            Failure failure = failures.get(node.uniqueId());
            return failure == null || staleness.state() != State.STALE || !same(node, failure)
                    ? staleness
                    : new Staleness(node.uniqueId(), State.WAITING, FAILED + failure.error());
        }

        Staleness look(Node node) {
            List<String> missing = RunContext.parents(project, node).stream()
                    .filter(parent -> !builds.containsKey(parent.uniqueId()) && !exists(parent))
                    .map(Node::name)
                    .toList();
            if (!missing.isEmpty()) {
                return new Staleness(
                        node.uniqueId(),
                        State.WAITING,
                        "waits for " + String.join(", ", missing) + ", which was never built");
            }
            Optional<String> reason = whyStale(node);
            return reason.isPresent()
                    ? new Staleness(node.uniqueId(), State.STALE, reason.get())
                    : new Staleness(node.uniqueId(), State.FRESH, whyFresh(node));
        }

        private String whyFresh(Node node) {
            Ledger.Build build = builds.get(node.uniqueId());
            Map<String, String> built = build == null ? Map.of() : build.parents();
            String ranAgain = parentVersions(node).entrySet().stream()
                    .filter(parent -> !parent.getValue().equals(built.get(parent.getKey())))
                    .map(parent -> nameOf(parent.getKey()))
                    .collect(Collectors.joining(", "));
            return ranAgain.isEmpty()
                    ? "nothing that it is made of changed"
                    : ranAgain + " ran again and came to the same rows; it is not rebuilt";
        }

        /** The parent ran again, its rows are those that the node was built from, and the node asks for nothing else. */
        private boolean sameRows(Node node, Ledger.Build build, String parent) {
            Ledger.Content now = contents.get(parent);
            Ledger.Content own = contents.get(node.uniqueId());
            return now != null
                    && own != null
                    && !now.digest().isEmpty()
                    && now.digest().equals(own.parents().get(parent))
                    && sameSql.computeIfAbsent(node.uniqueId(), id -> sameSql(node, build));
        }

        private boolean sameSql(Node node, Ledger.Build build) {
            if (!(node instanceof Model model)) {
                return true;
            }
            try {
                CompiledModel compiled =
                        context.compiler(project).compile(model, new RenderRequest(session, false, false, Map.of()));
                return compiled.checksum().equals(build.sqlChecksum()) && Contents.deterministic(node, compiled.sql());
            } catch (RuntimeException e) {
                // The build tells what is wrong with it.
                return false;
            }
        }

        private Optional<String> whyStale(Node node) {
            Ledger.Build build = builds.get(node.uniqueId());
            if (build == null) {
                return Optional.of("was never built here");
            }
            if (!exists(node)) {
                return Optional.of("its relation is gone");
            }
            Map<String, String> now = parentVersions(node);
            for (Map.Entry<String, String> parent : now.entrySet()) {
                boolean same = parent.getValue().equals(build.parents().get(parent.getKey()));
                if (!same && !sameRows(node, build, parent.getKey())) {
                    return Optional.of(nameOf(parent.getKey()) + " is newer");
                }
            }
            if (!build.parents().keySet().equals(now.keySet())) {
                return Optional.of("reads other models than before");
            }
            if (!build.rawChecksum().equals(node.checksum())) {
                return Optional.of("its text changed");
            }
            if (!build.projectChecksum().equals(project.checksum()) && compiledOtherwise(node, build)) {
                return Optional.of("its compiled SQL changed");
            }
            return Clock.every(node)
                    .filter(every -> build.at().plus(every).isBefore(Instant.now()))
                    .map(every ->
                            "is older than " + every.toString().substring(2).toLowerCase(java.util.Locale.ROOT));
        }

        private boolean compiledOtherwise(Node node, Ledger.Build build) {
            if (!(node instanceof Model model)) {
                return false;
            }
            try {
                return !MartBuild.checksum(context, project, session, model).equals(build.sqlChecksum());
            } catch (RuntimeException e) {
                // The build tells what is wrong with it.
                return true;
            }
        }

        private String nameOf(String id) {
            Node node = project.nodes().get(id);
            return node == null ? id : node.name();
        }
    }

    /** Versions of what a node reads, by unique id; the empty string for what something else built. */
    static Map<String, String> versions(Project project, Node node, Map<String, Ledger.Build> builds) {
        Map<String, String> versions = new LinkedHashMap<>();
        RunContext.parents(project, node).forEach(parent -> {
            Ledger.Build build = builds.get(parent.uniqueId());
            versions.put(parent.uniqueId(), build == null ? "" : build.version());
        });
        return versions;
    }

    /** One pass over the graph, so many marts at once as profiles.yml has threads. */
    private final class Wave implements GraphWalk.Steps<RunResult> {
        private final Project project;
        private final Set<String> only;
        private final boolean fullRefresh;
        private final Consumer<RunResult> listener;
        private final List<RunResult> results = new ArrayList<>();
        private final Map<String, Staleness> first;
        private final List<Node> nodes;
        /** By unique id, those of the wave's nodes that a node reads. */
        private final Map<String, Set<String>> parents = new HashMap<>();

        private final Set<String> changed = new HashSet<>();
        private final Set<String> notBuilt = new LinkedHashSet<>();
        private boolean owesCheckpoint;

        Wave(Project project, Set<String> only, boolean fullRefresh, Consumer<RunResult> listener) {
            this.project = project;
            this.only = only;
            this.fullRefresh = fullRefresh;
            this.listener = listener;
            this.nodes = nodes(project);
            this.first = look(nodes);
            for (Node node : nodes) {
                parents.put(
                        node.uniqueId(),
                        RunContext.parents(project, node).stream()
                                .map(Node::uniqueId)
                                .filter(first::containsKey)
                                .collect(Collectors.toSet()));
            }
        }

        List<RunResult> run() {
            try {
                GraphWalk.walk(nodes, parents, project.target().threads(), this);
            } catch (InterruptedException e) {
                // The runner ends; the next one begins with what this wave left stale.
                Thread.currentThread().interrupt();
            }
            if (owesCheckpoint) {
                checkpoint();
            }
            return results;
        }

        @Override
        public Optional<Supplier<RunResult>> begin(Node node) {
            boolean wanted = only.isEmpty() || only.contains(node.uniqueId()) || only.contains(node.name());
            if (!wanted) {
                return Optional.empty();
            }
            Optional<String> badParents = RunContext.notBuilt(project, node, notBuilt);
            if (badParents.isPresent()) {
                skip(node, badParents.get());
                return Optional.empty();
            }
            Staleness staleness = staleness(node);
            if (staleness.state() == State.WAITING) {
                skip(node, staleness.reason());
                return Optional.empty();
            }
            return staleness.state() == State.STALE || !only.isEmpty()
                    ? Optional.of(() -> new MartBuild(context, project, node, fullRefresh).run())
                    : Optional.empty();
        }

        @Override
        public void end(Node node, RunResult result) {
            if (result instanceof RunResult.Succeeded succeeded) {
                changed.add(node.uniqueId());
                failures.remove(node.uniqueId());
                if (succeeded.event().rowsInserted() >= ROW_GROUP) {
                    checkpoint();
                }
            } else {
                notBuilt.add(node.uniqueId());
                remember(node, result);
            }
            tell(result);
        }

        /** Only what this wave has built itself can have changed since the first look. */
        private Staleness staleness(Node node) {
            boolean moved = !Collections.disjoint(parents.getOrDefault(node.uniqueId(), Set.of()), changed);
            return Objects.requireNonNull((moved ? look(List.of(node)) : first).get(node.uniqueId()));
        }

        private Map<String, Staleness> look(List<Node> nodes) {
            return context.warehouse().with("marts", session -> {
                Board board = new Board(session, project);
                Map<String, Staleness> found = new HashMap<>();
                for (Node node : nodes) {
                    found.put(node.uniqueId(), only.isEmpty() ? board.standing(node) : board.look(node));
                }
                return found;
            });
        }

        /**
         * Bulk writes bypass the log, so that DuckDB sees no reason for a checkpoint; and the blocks that they replace
         * are free only after one. It is refused while others write: then the wave owes it.
         */
        private void checkpoint() {
            if (project.target().isDuckLake(null)) {
                return;
            }
            try {
                context.warehouse().with("checkpoint of the marts", session -> {
                    session.execute("checkpoint");
                    return true;
                });
                owesCheckpoint = false;
            } catch (WarehouseException e) {
                owesCheckpoint = true;
                LOG.debug("no checkpoint: {}", e.getMessage());
            }
        }

        private void skip(Node node, String reason) {
            notBuilt.add(node.uniqueId());
            tell(new RunResult.Skipped(node.uniqueId(), reason));
        }

        private void remember(Node node, RunResult result) {
            if (result instanceof RunResult.Failed failed && !failed.retryable()) {
                Map<String, String> parents =
                        context.warehouse().with("marts", session -> new Board(session, project).parentVersions(node));
                failures.put(
                        node.uniqueId(),
                        new Failure(parents, project.checksum(), failed.event().error()));
            }
        }

        private void tell(RunResult result) {
            results.add(result);
            listener.accept(result);
        }
    }

    /** The event of a mart that failed. */
    static ModelFailed failure(
            Node node, String runId, String error, boolean retryable, Instant startedAt, String projectChecksum) {
        return new ModelFailed(
                node.uniqueId(),
                "mart",
                "",
                runId,
                List.of(),
                error,
                retryable,
                startedAt,
                Instant.now(),
                projectChecksum);
    }

    /** The event of a mart that was built. */
    static ModelMaterialized materialized(
            Node node,
            String relation,
            String runId,
            boolean fullRefresh,
            Materializer.Outcome outcome,
            long total,
            long files,
            Instant startedAt,
            Map<String, String> parents,
            String projectChecksum) {
        return new ModelMaterialized(
                node.uniqueId(),
                relation,
                "mart",
                "",
                runId,
                List.of(),
                false,
                fullRefresh,
                outcome.inserted(),
                outcome.deleted(),
                total,
                files,
                files,
                0L,
                startedAt,
                Instant.now(),
                runId,
                parents,
                projectChecksum);
    }
}
