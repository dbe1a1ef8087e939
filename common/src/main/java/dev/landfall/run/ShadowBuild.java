package dev.landfall.run;

import dev.landfall.jinja.JinjaException;
import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import dev.landfall.run.RunSettings.OnDroppedRows;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A table built anew beside the one that serves, and swapped in at the end. */
final class ShadowBuild {
    private final CoreTable table;
    private final CoreTask task;
    private final CoreReport report;
    private final RunContext context;
    private final Model model;
    private final LakeView lake;
    private final @Nullable Map<String, Ledger.Entry> before;
    private final Relation shadow;
    private final List<LandedFile> written = new ArrayList<>();
    private List<LandedFile> files;
    private @Nullable FileBatches batches;
    private boolean exists;
    private String checksum = "";

    /**
     * Builds nothing yet.
     *
     * @param before what the ledger had when the refresh was asked for: what it got since is taken in, too; or null
     */
    ShadowBuild(CoreTable table, List<LandedFile> files, @Nullable Map<String, Ledger.Entry> before, Relation shadow) {
        this.table = table;
        this.task = table.task();
        this.report = table.report();
        this.context = task.context();
        this.model = task.model();
        this.lake = table.lake();
        this.files = files;
        this.before = before;
        this.shadow = shadow;
    }

    /** These files, and what the ledger got since then; one version of each, the later one. */
    static List<LandedFile> withLater(
            CoreTask task, @Nullable Map<String, Ledger.Entry> before, List<LandedFile> files) {
        return with(files, meanwhile(task, before, files));
    }

    Relation relation() {
        return shadow;
    }

    boolean exists() {
        return exists;
    }

    /** How many files are in it. */
    int filesDone() {
        return written.size();
    }

    /** Empty when it paused. */
    Optional<RunResult> run(BooleanSupplier pause) {
        Optional<RunResult> failure = build(pause);
        if (failure.isEmpty() && paused()) {
            return failure;
        }
        if (failure.isEmpty() && exists) {
            CrashPoint.BEFORE_SWAP.reach();
            failure = swapped();
        }
        if (failure.isPresent() && !mayPass(failure.get())) {
            dropLeftover();
        }
        return Optional.of(failure.orElseGet(report::succeeded));
    }

    private boolean paused() {
        return batches != null && batches.paused();
    }

    private static boolean mayPass(RunResult result) {
        return result instanceof RunResult.Failed failed && failed.retryable();
    }

    /** The gates look at the new table before it takes the old one's place. */
    private Optional<RunResult> swapped() {
        try {
            swap();
            return Optional.empty();
        } catch (JinjaException | ModelFaultException | WarehouseException e) {
            return Optional.of(report.failed(FileBatches.message(e), RunContext.retryable(e), List.of()));
        }
    }

    /** Builds it and does not swap; gives a result when that cannot be done. */
    Optional<RunResult> build(BooleanSupplier pause) {
        if (batches == null) {
            dropLeftover();
            table.forgetOrdering();
            files = withLater(task, before, files);
            if (files.isEmpty()) {
                return Optional.of(new RunResult.Skipped(model.uniqueId(), "there is no file to build it from"));
            }
            batches = new FileBatches(table, files, files, List::of, this::write, false);
        }
        while (true) {
            Optional<RunResult> failure = goOn(batches, pause);
            if (failure.isPresent() || paused()) {
                return failure;
            }
            List<LandedFile> later = meanwhile(task, before, files);
            if (later.isEmpty()) {
                return Optional.empty();
            }
            files = with(files, later);
            batches = new FileBatches(table, later, later, List::of, this::write, false).after(batches);
        }
    }

    private Optional<RunResult> goOn(FileBatches underway, BooleanSupplier pause) {
        try {
            return underway.run(pause);
        } catch (FileBatches.AtOnce e) {
            batches = new FileBatches(table, files, files, List::of, this::write, true);
            return batches.run(pause);
        }
    }

    void dropLeftover() {
        exists = false;
        written.clear();
        context.warehouse().with(task.label(), session -> {
            session.execute("drop table if exists " + shadow.sql());
            return true;
        });
    }

    private void write(List<LandedFile> batch, boolean last) {
        lake.work(context.warehouse(), task.label() + ", full refresh", session -> {
            Ledger ledger = task.ledger(session);
            Materializer.createSchema(session, shadow);
            session.lock(List.of(shadow));
            table.sql().look(session, ledger, !table.anyOrder());
            CoreSql.Forms forms = table.sql().compile(session, ledger, batch, false, !task.whole());
            boolean alone = last && !exists;
            if (!forms.readsOwnStream() && !alone) {
                throw new FileBatches.AtOnce();
            }
            Materializer materializer = new Materializer(
                    session,
                    model,
                    shadow,
                    new CoreCommit(table, session, ledger, batch, forms, CoreCommit.Kind.INCREMENT));
            session.begin();
            if (task.holdsLane()) {
                task.fence(ledger);
            }
            Upsert upsert = new Upsert(session, model, shadow, materializer);
            Upsert.Result result =
                    exists ? upsert.apply(forms.sql(), null, OnDroppedRows.WARN) : upsert.create(forms.sql());
            if (!alone && result.ordering() != Upsert.Ordering.SEQUENCE) {
                session.rollback();
                dropLeftoverIn(session);
                throw new FileBatches.AtOnce();
            }
            if (table.probing()) {
                session.rollback();
                throw new FileBatches.Probed();
            }
            table.tell(result);
            session.commit();
            CrashPoint.AFTER_SHADOW_BATCH.reach();
            exists = true;
            written.addAll(batch);
            report.read(forms.files(), LandingFiles.bytes(batch));
            checksum = forms.checksum();
            return true;
        });
    }

    private void dropLeftoverIn(Session session) {
        session.execute("drop table if exists " + shadow.sql());
        exists = false;
        written.clear();
        report.readAnew();
    }

    private void swap() {
        context.warehouse().with(task.label() + ", full refresh", session -> {
            Ledger ledger = task.ledger(session);
            session.lock(List.of(model.relation(), shadow));
            CoreCommit commit = new CoreCommit(
                    table,
                    session,
                    ledger,
                    written,
                    new CoreSql.Forms("", checksum, true, 0, null),
                    CoreCommit.Kind.SWAP);
            Materializer materializer = new Materializer(session, model, commit);
            materializer.envelope().begin();
            Optional<String> old = session.relationType(model.relation());
            old.ifPresent(type ->
                    session.execute("drop " + type + " " + model.relation().sql()));
            session.execute("alter table " + shadow.sql() + " rename to "
                    + Relation.quote(model.relation().identifier()));
            materializer.envelope().createIndexes();
            long rows =
                    session.number("select count(*) from " + model.relation().sql());
            materializer.envelope().commit(new Materializer.Outcome(rows, 0));
            commit.committed();
            materializer.envelope().runHooks(model.config().postHooks(), false);
            return true;
        });
    }

    /** What the ledger got since then, and these files do not have. */
    private static List<LandedFile> meanwhile(
            CoreTask task, @Nullable Map<String, Ledger.Entry> before, Collection<LandedFile> files) {
        if (before == null) {
            return List.of();
        }
        Set<String> have = new HashSet<>();
        files.forEach(landed -> have.add(version(landed)));
        return task.entriesNow().values().stream()
                .filter(entry -> !entry.dead() && !have.contains(version(entry.landed())))
                .filter(entry -> {
                    Ledger.Entry old = before.get(entry.landed().key());
                    return old == null || !old.runId().equals(entry.runId());
                })
                .map(Ledger.Entry::landed)
                .toList();
    }

    private static String version(LandedFile landed) {
        return landed.key() + "@" + landed.file().etag();
    }

    /** One version of each file, the later one. */
    private static List<LandedFile> with(List<LandedFile> files, List<LandedFile> later) {
        Map<String, LandedFile> byKey = new LinkedHashMap<>();
        files.forEach(landed -> byKey.put(landed.key(), landed));
        later.forEach(landed -> byKey.put(landed.key(), landed));
        return byKey.values().stream().sorted(LandedFile.OLDEST_FIRST).toList();
    }
}
