package dev.landfall.run;

import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.jinja.JinjaException;
import dev.landfall.lake.LakeException;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.template.Batch;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.RenderRequest;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.ParsedQuery;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mart, built in one transaction together with what it was built from. */
final class MartBuild {
    private static final Logger LOG = LoggerFactory.getLogger(MartBuild.class);

    private final RunContext context;
    private final Project project;
    private final Node node;
    private final boolean fullRefresh;
    private final String runId = RunContext.newRunId();
    private final Instant startedAt = Instant.now();
    private @Nullable ModelMaterialized event;

    MartBuild(RunContext context, Project project, Node node, boolean fullRefresh) {
        this.context = context;
        this.project = project;
        this.node = node;
        this.fullRefresh = fullRefresh;
    }

    RunResult run() {
        try (LakeView lake = context.lakeView()) {
            lake.work(context.warehouse(), RunContext.label(node), session -> {
                build(session, lake);
                return true;
            });
            ModelMaterialized made = java.util.Objects.requireNonNull(event);
            return new RunResult.Succeeded(made, List.of(), List.of(), false);
        } catch (Waiting e) {
            return new RunResult.Skipped(node.uniqueId(), "waits: " + e.reason());
        } catch (LakeException e) {
            return failed(String.valueOf(e.getMessage()), true);
        } catch (JinjaException | ModelFaultException | WarehouseException e) {
            return failed(String.valueOf(e.getMessage()), RunContext.retryable(e));
        }
    }

    private void build(Session session, LakeView lake) {
        Relation relation = RunContext.relation(node).orElseThrow();
        String database =
                Optional.ofNullable(relation.database()).orElse(project.target().database());
        Ledger ledger = Ledger.open(session, database);
        Materializer.createSchema(session, relation);
        if (node instanceof Model model) {
            context.refuseOwnMaterialization(project, model);
        }
        if (node instanceof Model model && Microbatch.is(model)) {
            buildBatches(session, ledger, lake, model);
        } else if (node instanceof Model model) {
            boolean incremental = Materializer.isIncremental(session, model, fullRefresh);
            CompiledModel compiled = context.compiler(project).compile(model, request(session, incremental));
            Scanned scanned = scanned(session, ledger, lake, compiled.sql());
            String checksum = incremental ? checksum(context, project, session, model) : compiled.checksum();
            Frame frame = new Frame(session, ledger, relation, checksum, scanned.files());
            new Materializer(session, model, frame).materialize(scanned.sql(), fullRefresh);
        } else if (node instanceof Snapshot snapshot) {
            // A full refresh leaves it alone: its history is nowhere else.
            Scanned scanned = scanned(
                    session, ledger, lake, context.compiler(project).compile(snapshot, request(session, false)));
            Frame frame = new Frame(session, ledger, relation, snapshot.checksum(), scanned.files());
            new SnapshotKeeper(session, snapshot, frame).keep(scanned.sql());
        } else if (node instanceof Seed seed) {
            new SeedLoader(session, seed, new Frame(session, ledger, relation, seed.checksum(), 0)).load(fullRefresh);
        } else {
            throw new ModelFaultException(
                    RunContext.label(node) + ": a " + node.resourceType() + " is not built by the services");
        }
    }

    /** Each batch in its own transaction; only the last one says that the mart is built. */
    private void buildBatches(Session session, Ledger ledger, LakeView lake, Model model) {
        Microbatch microbatch = new Microbatch(model);
        boolean incremental = Materializer.isIncremental(session, model, fullRefresh);
        String checksum = checksum(context, project, session, model);
        List<Batch> plan = microbatch.plan(incremental, null, null, startedAt);
        for (int i = 0; i < plan.size(); i++) {
            RenderRequest request = request(session, i > 0 || incremental).withBatch(plan.get(i));
            Model part = microbatch.part(i, plan.size());
            Scanned scanned = scanned(
                    session,
                    ledger,
                    lake,
                    context.compiler(project).compile(part, request).sql());
            if (i == 0) {
                lake.requireAtHand();
            }
            Frame frame = new Frame(session, ledger, model.relation(), checksum, scanned.files());
            frame.last = i == plan.size() - 1;
            new Materializer(session, part, frame).of(plan.get(i)).materialize(scanned.sql(), fullRefresh && i == 0);
        }
    }

    /** A query whose scans of the lake name their files, and how many these are. */
    private record Scanned(String sql, long files) {}

    private Scanned scanned(Session session, Ledger ledger, LakeView lake, String sql) {
        ParsedQuery query = ParsedQuery.parse(session, sql);
        ScanPlan plan = new ScanPlan(project, context.settings(), lake)
                .withOptions(stream -> ledger.hiveTypes(stream.toString()))
                .without(query.scans().isEmpty() ? java.util.Set.of() : ledger.deadFiles());
        String rewritten = plan.rewrite(query);
        return new Scanned(rewritten, plan.filesRead());
    }

    /** The checksum of the SQL that builds the model from nothing: an increment's text changes with what is there. */
    static String checksum(RunContext context, Project project, Session session, Model model) {
        return context.compiler(project)
                .compile(model, new RenderRequest(session, false, false, Map.of()))
                .checksum();
    }

    private RenderRequest request(Session session, boolean incremental) {
        return new RenderRequest(session, incremental, fullRefresh, Map.of());
    }

    /** What is committed with the rows. */
    private final class Frame implements Materializer.Frame {
        private final Session session;
        private final Ledger ledger;
        private final Relation relation;
        private final String checksum;
        private final long files;
        private boolean last = true;

        Frame(Session session, Ledger ledger, Relation relation, String checksum, long files) {
            this.session = session;
            this.ledger = ledger;
            this.relation = relation;
            this.checksum = checksum;
            this.files = files;
        }

        @Override
        public String render(Hook hook) {
            return context.compiler(project).render(node, hook.sql(), request(session, false));
        }

        @Override
        public @Nullable Map<String, @Nullable Object> snapshotStrategy(String strategy, String sql, boolean exists) {
            return context.compiler(project)
                    .snapshotStrategy((Snapshot) node, strategy, sql, exists, request(session, false));
        }

        @Override
        public Path directory() {
            return project.directory();
        }

        @Override
        public void warn(String what) {
            if (context.tellsFirst(node.uniqueId(), "key holes")) {
                LOG.warn("{}", what);
            }
        }

        @Override
        public void beforeCommit(Materializer.Outcome outcome) {
            if (!last) {
                return;
            }
            Gates.check(session, project, context.compiler(project), node);
            // Read within the transaction: exactly the versions that the rows were made of.
            Map<String, String> parents = EagerMarts.versions(
                    project,
                    node,
                    ledger.builds(RunContext.parents(project, node).stream()
                            .map(Node::uniqueId)
                            .toList()));
            long total = total(outcome);
            ModelMaterialized made = EagerMarts.materialized(
                    node,
                    relation.sql(),
                    runId,
                    fullRefresh,
                    outcome,
                    total,
                    files,
                    startedAt,
                    parents,
                    project.checksum());
            ledger.put(new Ledger.Build(
                    node.uniqueId(),
                    relation.sql(),
                    "mart",
                    runId,
                    made.finishedAt(),
                    checksum,
                    node.checksum(),
                    project.checksum(),
                    parents,
                    total,
                    "",
                    node.checksum(),
                    EventJson.write(made)));
            Contents.record(session, ledger, project, node, relation, outcome, runId);
            ledger.add(run("success", outcome, total, null));
            event = made;
        }

        /** A table that was built anew has the rows that were written, unless a hook changed them since. */
        private long total(Materializer.Outcome outcome) {
            if (node instanceof Model model) {
                if (model.materialized().equals("view")) {
                    return 0;
                }
                if (model.materialized().equals("table")
                        && model.config().postHooks().isEmpty()) {
                    return outcome.inserted();
                }
            }
            return session.number("select count(*) from " + relation.sql());
        }
    }

    private Ledger.Run run(String status, Materializer.Outcome outcome, long total, @Nullable String error) {
        return new Ledger.Run(
                runId,
                node.uniqueId(),
                "mart",
                "",
                status,
                startedAt,
                Instant.now(),
                outcome.inserted(),
                outcome.deleted(),
                total,
                0,
                0,
                fullRefresh,
                error,
                project.checksum());
    }

    private RunResult failed(String error, boolean retryable) {
        String label = RunContext.label(node);
        String message = error.startsWith(label) ? error : label + ": " + error;
        try {
            context.warehouse().with(label, session -> {
                Ledger.open(session, project.target().database())
                        .add(run("failed", new Materializer.Outcome(0, 0), -1, message));
                return true;
            });
        } catch (WarehouseException e) {
            LOG.debug("the failure of {} is not in the history: {}", node.name(), e.getMessage());
        }
        return new RunResult.Failed(
                EagerMarts.failure(node, runId, message, retryable, startedAt, project.checksum()), List.of());
    }
}
