package dev.landfall.run;

import dev.landfall.event.ColumnChanged;
import dev.landfall.jinja.JinjaException;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What runs work with, and what they have told already. */
final class RunContext {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Supplier<Project> projects;
    private final Warehouse warehouse;
    private final @Nullable Lake lake;
    private final @Nullable LakeReader reader;
    private final RunSettings settings;
    private final Function<Project, Compiler> compilers;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile Consumer<ColumnChanged> columnListener = change -> {};
    private @Nullable Project compiled;
    private @Nullable Compiler compiler;

    RunContext(
            Supplier<Project> projects,
            Warehouse warehouse,
            @Nullable Lake lake,
            @Nullable LakeReader reader,
            RunSettings settings,
            Function<Project, Compiler> compilers) {
        this.projects = projects;
        this.warehouse = warehouse;
        this.lake = lake;
        this.reader = reader;
        this.settings = settings;
        this.compilers = compilers;
    }

    Project project() {
        return projects.get();
    }

    Warehouse warehouse() {
        return warehouse;
    }

    RunSettings settings() {
        return settings;
    }

    /** Whom to tell that a stream's columns changed. */
    void onColumnChange(Consumer<ColumnChanged> listener) {
        columnListener = listener;
    }

    void tell(ColumnChanged change) {
        boolean first =
                !change.change().equals("vanished") || tellsFirst(change.stream(), change.column() + " vanished");
        if (first) {
            columnListener.accept(change);
        }
    }

    LakeView lakeView() {
        return new LakeView(lake, reader);
    }

    @Nullable
    Lake lake() {
        return lake;
    }

    /** The compiler of a project; made once for as long as the project stays the same. */
    synchronized Compiler compiler(Project project) {
        Compiler known = compiler;
        if (known == null || compiled != project) {
            known = compilers.apply(project);
            compiler = known;
            compiled = project;
        }
        return known;
    }

    /** The services commit a table together with their ledger; a materialization block commits as it likes. */
    void refuseOwnMaterialization(Project project, Model model) {
        if (compiler(project).hasMaterialization(model)) {
            throw new ModelFaultException(
                    label(model) + ": '" + model.materialized() + "' is a materialization block of"
                            + " the project, which 'landfall run' and 'build' take, and the services do not; give the model"
                            + " another materialization, or build it by command");
        }
    }

    /** True the first time in this process that a model's warning is told. */
    boolean tellsFirst(String model, String warning) {
        return told.add(model + "\n" + warning);
    }

    /** Sorts by time, and is no other run's. */
    static String newRunId() {
        return TIME.format(Instant.now()) + "-" + String.format("%08x", RANDOM.nextInt());
    }

    /** How messages call a node: {@code model int_orders (models/core/int_orders.sql)}. */
    static String label(Node node) {
        return node.resourceType() + " " + node.name() + " (" + node.file() + ")";
    }

    static String databaseOf(Model model, Project project) {
        return Optional.ofNullable(model.relation().database())
                .orElse(project.target().database());
    }

    /** Relations that a node reads, those behind ephemeral models included. */
    static List<Node> parents(Project project, Node node) {
        Set<String> ids = new LinkedHashSet<>();
        collect(project, node, ids, new LinkedHashSet<>());
        List<Node> parents = new ArrayList<>();
        ids.forEach(id -> Optional.ofNullable(project.nodes().get(id)).ifPresent(parents::add));
        return parents;
    }

    private static void collect(Project project, Node node, Set<String> ids, Set<String> seen) {
        for (String id : node.dependsOn()) {
            Node parent = project.nodes().get(id);
            if (parent instanceof Model model && model.ephemeral()) {
                if (seen.add(id)) {
                    collect(project, parent, ids, seen);
                }
            } else if (parent != null) {
                ids.add(id);
            }
        }
    }

    static Optional<Relation> relation(Node node) {
        if (node instanceof Model model) {
            return Optional.of(model.relation());
        }
        if (node instanceof Seed seed) {
            return Optional.of(seed.relation());
        }
        return node instanceof Snapshot snapshot ? Optional.of(snapshot.relation()) : Optional.empty();
    }

    /**
     * Of the models that a request names, all must be there.
     *
     * @param wanted unique ids or names
     * @param where whose nodes these are, for the message
     */
    static void refuseUnknown(Collection<String> wanted, Collection<? extends Node> nodes, String where) {
        Set<String> unknown = new TreeSet<>(wanted);
        nodes.forEach(node -> unknown.removeAll(Set.of(node.uniqueId(), node.name())));
        if (!unknown.isEmpty()) {
            throw new UnknownModelException(
                    String.join(", ", unknown) + " is no model " + where + "; does it have the same files as you?");
        }
    }

    /** The names of parents that were never built. */
    static List<String> missingParents(Session session, Project project, Node node) {
        return parents(project, node).stream()
                .filter(parent -> relation(parent)
                        .map(relation -> session.relationType(relation).isEmpty())
                        .orElse(false))
                .map(Node::name)
                .toList();
    }

    /** Why a node is passed over: parents of it that were not built; empty when all were. */
    static Optional<String> notBuilt(Project project, Node node, Collection<String> failed) {
        String names = parents(project, node).stream()
                .filter(parent -> failed.contains(parent.uniqueId()))
                .map(Node::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? Optional.empty() : Optional.of("its parent " + names + " was not built");
    }

    /** DuckDB's failure behind an exception: a template that queries wraps it. */
    static Optional<WarehouseException> warehouseFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof WarehouseException warehouse) {
                return Optional.of(warehouse);
            }
        }
        return Optional.empty();
    }

    /** Whether the same may pass later. */
    static boolean retryable(RuntimeException failure) {
        return warehouseFailure(failure).map(WarehouseException::retryable).orElse(false);
    }

    /** Whether no file can be to blame: the text of the model is wrong, or what it names does not exist. */
    static boolean modelIsToBlame(RuntimeException failure) {
        if (failure instanceof JinjaException) {
            return true;
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("Parser Error")
                || message.contains("Catalog Error")
                || message.contains("syntax error")
                || !(failure instanceof WarehouseException);
    }
}
