package dev.landfall.run;

import dev.landfall.jinja.JinjaException;
import dev.landfall.project.DataTest;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.project.UnitTest;
import dev.landfall.run.NodeResult.Status;
import dev.landfall.template.Batch;
import dev.landfall.template.ColumnInfo;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.CompiledTest;
import dev.landfall.template.RenderRequest;
import dev.landfall.warehouse.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one node of a one-shot command, as dbt does. */
final class NodeRun {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);

    private final RunContext context;
    private final Project project;
    private final ProjectRun.Flags flags;

    NodeRun(RunContext context, Project project, ProjectRun.Flags flags) {
        this.context = context;
        this.project = project;
        this.flags = flags;
    }

    static NodeResult skipped(Node node, String reason) {
        Instant now = Instant.now();
        return new NodeResult(
                node,
                Status.SKIPPED,
                reason,
                now,
                now,
                Duration.ZERO,
                "",
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of());
    }

    /** What a node came to, and the SQL it came from. */
    private record Done(
            Status status,
            String message,
            @Nullable Long rows,
            @Nullable Long failures) {}

    /** Never throws: a failure is a result. */
    NodeResult run(Node node) {
        Attempt attempt = new Attempt(node);
        try {
            Done done = attempt.run();
            return attempt.result(done.status(), done.message(), done.rows(), done.failures());
        } catch (Waiting e) {
            return attempt.result(Status.ERROR, RunContext.label(node) + ": " + e.reason(), null, null);
        } catch (RuntimeException e) {
            LOG.debug("{} failed", node.uniqueId(), e);
            return attempt.result(Status.ERROR, message(node, e), null, null);
        }
    }

    private static String message(Node node, RuntimeException failure) {
        String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String label = RunContext.label(node);
        return failure instanceof JinjaException || text.startsWith(label) ? text : label + ": " + text;
    }

    /** One node's run; what it learns on the way is in the result even when it fails. */
    private final class Attempt {
        private final Node node;
        private final Instant start = Instant.now();
        private final List<String> warnings = new ArrayList<>();
        private Duration compileTime = Duration.ZERO;
        private @Nullable String compiledSql;
        private final List<Batch> batches = new ArrayList<>();
        private final List<Batch> failedBatches = new ArrayList<>();

        Attempt(Node node) {
            this.node = node;
        }

        Done run() {
            return node instanceof Model model && Microbatch.is(model) ? buildBatches(model) : runAtOnce();
        }

        private Done runAtOnce() {
            try (LakeView lake = context.lakeView()) {
                return lake.work(context.warehouse(), node.name(), session -> {
                    session.doing(RunContext.label(node));
                    if (node instanceof Model model) {
                        return build(session, model, lake);
                    }
                    if (node instanceof DataTest test) {
                        return check(session, test, lake);
                    }
                    if (node instanceof Seed seed) {
                        return new Done(Status.SUCCESS, "INSERT " + load(session, seed), null, null);
                    }
                    if (node instanceof UnitTest test) {
                        return verify(session, test, lake);
                    }
                    if (node instanceof Snapshot snapshot) {
                        return keep(session, snapshot, lake);
                    }
                    throw new IllegalStateException("a " + node.resourceType() + " cannot be run by itself");
                });
            }
        }

        NodeResult result(Status status, String message, @Nullable Long rows, @Nullable Long failures) {
            return new NodeResult(
                    node,
                    status,
                    message,
                    start,
                    Instant.now(),
                    compileTime,
                    Thread.currentThread().getName(),
                    rows,
                    failures,
                    compiledSql,
                    warnings,
                    batches,
                    failedBatches);
        }

        /** Each batch in its own transaction; one that fails leaves the others alone, unless it is the first. */
        private Done buildBatches(Model model) {
            Microbatch microbatch = new Microbatch(model);
            boolean incremental = context.warehouse()
                    .with(
                            RunContext.label(model),
                            session -> Materializer.isIncremental(session, model, flags.fullRefresh()));
            boolean goesOn = !Materializer.fullRefresh(model, flags.fullRefresh());
            List<Batch> plan = microbatch.plan(incremental, flags.eventTimeStart(), flags.eventTimeEnd(), start);
            long rows = 0;
            String problem = "";
            for (int i = 0; i < plan.size(); i++) {
                Batch batch = plan.get(i);
                if (i > 0 && batches.isEmpty()) {
                    failedBatches.add(batch);
                    continue;
                }
                try {
                    rows += buildBatch(microbatch.part(i, plan.size()), batch, goesOn && (i > 0 || incremental), i > 0);
                    batches.add(batch);
                } catch (RuntimeException e) {
                    problem = problem.isEmpty() ? "batch " + batch.id() + ": " + message(model, e) : problem;
                    failedBatches.add(batch);
                }
            }
            if (failedBatches.isEmpty()) {
                return new Done(Status.SUCCESS, "SUCCESS", rows, null);
            }
            return batches.isEmpty()
                    ? new Done(Status.ERROR, problem, null, null)
                    : new Done(
                            Status.PARTIAL_SUCCESS,
                            "PARTIAL SUCCESS (" + batches.size() + "/" + plan.size() + ")\n" + problem,
                            rows,
                            null);
        }

        private long buildBatch(Model part, Batch batch, boolean incremental, boolean further) {
            try (LakeView lake = context.lakeView()) {
                return lake.work(context.warehouse(), part.name(), session -> {
                    session.doing(RunContext.label(part));
                    RenderRequest request = new RenderRequest(
                            session,
                            incremental,
                            flags.fullRefresh() && !further,
                            flags.command(),
                            Map.of(),
                            Map.of(),
                            batch);
                    String sql = rendered(
                            session,
                            context.compiler(project).compile(part, request).sql(),
                            lake);
                    if (context.compiler(project).hasMaterialization(part)) {
                        materialize(session, part, sql, request);
                        return 0L;
                    }
                    return new Materializer(session, part, frame(part, request))
                            .of(batch)
                            .materialize(sql, flags.fullRefresh() && !further)
                            .inserted();
                });
            }
        }

        private Done build(Session session, Model model, LakeView lake) {
            boolean incremental = Materializer.isIncremental(session, model, flags.fullRefresh());
            RenderRequest request = request(session, incremental);
            CompiledModel compiled = context.compiler(project).compile(model, request);
            String sql = rendered(session, compiled.sql(), lake);
            if (model.materialized().equals("view") && LakeScans.mentionedIn(compiled.sql())) {
                warnings.add(RunContext.label(model) + ": a view over files of the lake sees only those that this run"
                        + " listed; materialize it as a table");
            }
            if (context.compiler(project).hasMaterialization(model)) {
                materialize(session, model, sql, request);
                return new Done(Status.SUCCESS, "OK", null, null);
            }
            Materializer.Outcome outcome =
                    new Materializer(session, model, frame(model, request)).materialize(sql, flags.fullRefresh());
            return new Done(Status.SUCCESS, "OK", outcome.inserted(), null);
        }

        private void materialize(Session session, Model model, String sql, RenderRequest request) {
            session.lock(List.of(model.relation()));
            context.compiler(project).materialize(model, sql, request);
        }

        private Done check(Session session, DataTest test, LakeView lake) {
            CompiledTest compiled = context.compiler(project).compile(test, request(session, false));
            String sql = rendered(session, compiled.sql(), lake);
            List<@Nullable Object> verdict = session.query(
                            compiled.verdictSql(storesFailures(test) ? store(session, test, sql) : sql))
                    .rows()
                    .get(0);
            long failures = verdict.get(0) instanceof Number number ? number.longValue() : 0;
            boolean warns = Boolean.TRUE.equals(verdict.get(1));
            boolean fails =
                    Boolean.TRUE.equals(verdict.get(2)) && test.severity().equals("error");
            Status status = fails ? Status.FAIL : warns ? Status.WARN : Status.PASS;
            String message = status == Status.PASS
                    ? "PASS"
                    : "Got " + failures + (failures == 1 ? " result" : " results") + ", configured to "
                            + (fails ? "fail if " + test.errorIf() : "warn if " + test.warnIf());
            return new Done(status, message, null, failures);
        }

        private boolean storesFailures(DataTest test) {
            boolean says =
                    test.config().get("store_failures") != null || test.config().get("store_failures_as") != null;
            return says ? test.storesFailures() : flags.storeFailures();
        }

        /** Keeps the failing rows in a table, or their query in a view; gives the query for them. */
        private String store(Session session, DataTest test, String sql) {
            Relation relation = test.relation();
            String kind = test.config()
                    .text("store_failures_as")
                    .filter("view"::equals)
                    .orElse("table");
            session.lock(List.of(relation));
            Materializer.createSchema(session, relation);
            session.begin();
            session.relationType(relation).ifPresent(type -> session.execute("drop " + type + " " + relation.sql()));
            session.execute("create " + kind + " " + relation.sql() + " as (\n" + sql + "\n)");
            session.commit();
            return "select * from " + relation.sql();
        }

        private long load(Session session, Seed seed) {
            return new SeedLoader(session, seed, frame(seed, request(session, false))).load(flags.fullRefresh());
        }

        private Done verify(Session session, UnitTest test, LakeView lake) {
            UnitTestCheck check = new UnitTestCheck(session, project, test);
            String sql = context.compiler(project).compile(test, check.fixtures(), request(session, false));
            UnitTestCheck.Verdict verdict = check.compare(rendered(session, sql, lake));
            return verdict.differences() == 0
                    ? new Done(Status.PASS, "PASS", null, 0L)
                    : new Done(Status.FAIL, verdict.text(), null, 1L);
        }

        private Done keep(Session session, Snapshot snapshot, LakeView lake) {
            RenderRequest request = request(session, false);
            String sql = rendered(session, context.compiler(project).compile(snapshot, request), lake);
            Materializer.Outcome outcome = new SnapshotKeeper(session, snapshot, frame(snapshot, request)).keep(sql);
            return new Done(Status.SUCCESS, "OK", outcome.inserted(), null);
        }

        private RenderRequest request(Session session, boolean incremental) {
            return new RenderRequest(session, incremental, flags.fullRefresh(), flags.command(), Map.of(), Map.of());
        }

        /** Remembers the compiled SQL, and points its scans of object storage at files. */
        private String rendered(Session session, String sql, LakeView lake) {
            compiledSql = sql;
            String ready = new LakeScans(project, context.settings(), lake).rewrite(session, sql);
            compileTime = Duration.between(start, Instant.now());
            return ready;
        }

        /** As dbt: an increment is computed before its transaction begins. */
        private Materializer.Frame frame(Node framed, RenderRequest request) {
            return new Materializer.Frame() {
                @Override
                public String render(Hook hook) {
                    return context.compiler(project).render(framed, hook.sql(), request);
                }

                @Override
                public void beforeCommit(Materializer.Outcome outcome) {}

                @Override
                public boolean hasStrategy(String strategy) {
                    return framed instanceof Model model
                            && context.compiler(project).hasStrategy(model, strategy);
                }

                @Override
                public String strategySql(String strategy, Relation target, Relation batch, List<ColumnInfo> columns) {
                    return context.compiler(project)
                            .strategySql((Model) framed, strategy, target, batch, columns, request);
                }

                @Override
                public @Nullable Map<String, @Nullable Object> snapshotStrategy(
                        String strategy, String sql, boolean exists) {
                    return context.compiler(project)
                            .snapshotStrategy((Snapshot) framed, strategy, sql, exists, request);
                }

                @Override
                public Path directory() {
                    return project.directory();
                }

                @Override
                public void warn(String what) {
                    if (!warnings.contains(what)) {
                        warnings.add(what);
                    }
                }

                @Override
                public boolean oneTransaction() {
                    return false;
                }
            };
        }
    }
}
