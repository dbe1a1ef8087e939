package dev.landfall.run;

import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is committed with the rows: the lane, the ledger, the version, the history. */
final class CoreCommit implements Materializer.Frame {
    /** Rows from which on counting them costs more than a landing may. */
    private static final long LARGE_TABLE = 1_000_000;

    private final CoreTask task;
    private final CoreReport report;
    private final CoreTable table;
    private final RunContext context;
    private final Project project;
    private final Model model;
    private final Session session;
    private final Ledger ledger;
    private final List<LandedFile> files;
    private final CoreSql.Forms forms;
    private final Kind kind;
    private @Nullable ModelMaterialized made;

    /** What the files are to the table. */
    enum Kind {
        /** Some of what it is made of. */
        INCREMENT,
        /** All of it, as with every run of this model. */
        WHOLE,
        /** All of it, because somebody asked for that. */
        FULL_REFRESH,
        /** The same, read before: another table takes its place. */
        SWAP
    }

    CoreCommit(
            CoreTable table, Session session, Ledger ledger, List<LandedFile> files, CoreSql.Forms forms, Kind kind) {
        this.task = table.task();
        this.report = table.report();
        this.table = table;
        this.context = task.context();
        this.project = task.project();
        this.model = task.model();
        this.session = session;
        this.ledger = ledger;
        this.files = files;
        this.forms = forms;
        this.kind = kind;
    }

    private boolean everything() {
        return kind != Kind.INCREMENT;
    }

    private boolean fullRefresh() {
        return kind == Kind.FULL_REFRESH || kind == Kind.SWAP;
    }

    @Override
    public String render(Hook hook) {
        return context.compiler(project)
                .render(model, hook.sql(), table.sql().request(session, files, false, !everything()));
    }

    @Override
    public void beforeCommit(Materializer.Outcome outcome) {
        task.fence(ledger);
        Gates.check(session, project, context.compiler(project), model);
        if (table.probing()) {
            session.rollback();
            throw new FileBatches.Probed();
        }
        String id = model.uniqueId();
        if (everything()) {
            ledger.forgetApplied(id);
        }
        ledger.record(
                id,
                task.streamName(),
                files,
                null,
                report.runId(),
                task.lane().position().firstOffset(),
                task.lane().position().lastOffset());
        long total = total(outcome);
        ModelMaterialized event = report.event(
                outcome,
                files,
                fullRefresh(),
                total,
                kind == Kind.SWAP ? 0 : forms.files(),
                kind == Kind.SWAP ? 0 : LandingFiles.bytes(files),
                ledger.applied(model.uniqueId()));
        made = event;
        String code = context.compiler(project).codeChecksum(model);
        boolean refreshed = everything() || (task.state().relationType().isEmpty() && report.commits() == 0);
        ledger.put(new Ledger.Build(
                id,
                model.relation().sql(),
                "core",
                event.version(),
                event.finishedAt(),
                forms.checksum(),
                model.checksum(),
                project.checksum(),
                parentVersions(),
                total,
                table.ordering(),
                refreshed
                        ? code
                        : task.state()
                                .build()
                                .map(Ledger.Build::refreshedChecksum)
                                .orElse(code),
                EventJson.write(event)));
        Contents.record(session, ledger, project, model, model.relation(), outcome, event.version());
        ledger.add(new Ledger.Run(
                event.version(),
                id,
                "core",
                task.streamName(),
                "success",
                report.startedAt(),
                event.finishedAt(),
                outcome.inserted(),
                outcome.deleted(),
                total,
                files.size(),
                LandingFiles.bytes(files),
                fullRefresh(),
                null,
                project.checksum()));
    }

    /** Counting a table that has rows deleted in this transaction reads all of it: of a large one the change is added. */
    private long total(Materializer.Outcome outcome) {
        long before = report.rows()
                .orElseGet(() -> task.state().build().map(Ledger.Build::rows).orElse(0L));
        boolean others = !model.config().preHooks().isEmpty()
                || !model.config().postHooks().isEmpty();
        return everything()
                        || others
                        || before < LARGE_TABLE
                        || task.state().relationType().isEmpty()
                ? session.number("select count(*) from " + model.relation().sql())
                : before + outcome.inserted() - outcome.deleted();
    }

    private Map<String, String> parentVersions() {
        List<Node> parents = RunContext.parents(project, model);
        Map<String, Ledger.Build> builds =
                ledger.builds(parents.stream().map(Node::uniqueId).toList());
        Map<String, String> versions = new TreeMap<>();
        parents.forEach(parent -> Optional.ofNullable(builds.get(parent.uniqueId()))
                .ifPresent(build -> versions.put(parent.uniqueId(), build.version())));
        return versions;
    }

    /** The transaction stands. */
    void committed() {
        if (made != null) {
            report.committed(made);
        }
    }
}
