package dev.landfall.run;

import dev.landfall.project.Model;
import dev.landfall.project.UniqueKey;
import dev.landfall.run.CoreCommit.Kind;
import dev.landfall.run.RunSettings.OnDroppedRows;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import java.util.List;
import java.util.Optional;

/** The table of a core model, and how a run writes to it: one transaction for each batch of files. */
final class CoreTable {
    private final CoreTask task;
    private final CoreReport report;
    private final CoreSql sql;
    private final RunContext context;
    private final Model model;
    private final LakeView lake;
    /** Everything is computed and nothing is kept: to find the files that fail. */
    private boolean probing;

    private String ordering;

    CoreTable(CoreTask task, CoreReport report, LakeView lake) {
        this.task = task;
        this.report = report;
        this.sql = new CoreSql(task, report, lake);
        this.context = task.context();
        this.model = task.model();
        this.lake = lake;
        this.ordering = task.state()
                .build()
                .map(Ledger.Build::ordering)
                .orElseGet(() -> orderingOf(model, task.state().columns()));
    }

    CoreTask task() {
        return task;
    }

    CoreReport report() {
        return report;
    }

    CoreSql sql() {
        return sql;
    }

    LakeView lake() {
        return lake;
    }

    boolean probing() {
        return probing;
    }

    void probing(boolean on) {
        probing = on;
    }

    /** How it tells older rows from newer ones: a word of {@link Upsert.Ordering}. */
    String ordering() {
        return ordering;
    }

    /** Whether landings may come in any order. */
    boolean anyOrder() {
        return Upsert.Ordering.anyOrder(ordering);
    }

    /** A table that is made from nothing has no ordering yet. */
    void forgetOrdering() {
        ordering = "";
    }

    /** How a table that no run has written yet tells older rows from newer ones. */
    static String orderingOf(Model model, List<ColumnInfo> table) {
        UniqueKey key = model.config().uniqueKey();
        if (key instanceof UniqueKey.None || Strategy.of(model).equals("append")) {
            return Upsert.Ordering.APPEND.word();
        }
        boolean sequence = model.config()
                .sequenceBy()
                .map(columns -> !columns.isEmpty())
                .orElseGet(
                        () -> table.stream().anyMatch(column -> column.name().equalsIgnoreCase(Upsert.EXTRACTED_AT)));
        return (sequence ? Upsert.Ordering.SEQUENCE : Upsert.Ordering.NONE).word();
    }

    /** Adds the rows of these files to the table, or makes the table of them. */
    void increment(List<LandedFile> batch, boolean last) {
        lake.work(context.warehouse(), task.label(), session -> {
            Ledger ledger = task.ledger(session);
            Materializer.createSchema(session, model.relation());
            session.lock(List.of(model.relation()));
            sql.look(session, ledger, !anyOrder());
            Optional<String> type = session.relationType(model.relation());
            boolean exists = type.equals(Optional.of("table"));
            CoreSql.Forms forms = sql.compile(session, ledger, batch, exists, true);
            boolean alone = last && report.commits() == 0;
            if (!forms.readsOwnStream() && !alone) {
                throw new FileBatches.AtOnce();
            }
            CoreCommit commit = new CoreCommit(this, session, ledger, batch, forms, Kind.INCREMENT);
            Materializer materializer = new Materializer(session, model, commit);
            if (!probing) {
                materializer.envelope().runHooks(model.config().preHooks(), false);
            }
            materializer.envelope().beginTransaction();
            Upsert upsert = new Upsert(session, model, model.relation(), materializer);
            Upsert.Result result;
            if (exists) {
                result = upsert.apply(
                        forms.sql(),
                        forms.whole(),
                        probing ? OnDroppedRows.WARN : context.settings().onDroppedRows());
            } else {
                type.ifPresent(
                        view -> session.execute("drop view " + model.relation().sql()));
                result = upsert.create(forms.sql());
                if (!alone && dependsOnOrder(result.ordering())) {
                    throw new FileBatches.AtOnce();
                }
                materializer.envelope().createIndexes();
            }
            if (!probing) {
                tell(result);
            }
            materializer.envelope().commit(new Materializer.Outcome(result.inserted(), result.deleted()));
            commit.committed();
            materializer.envelope().runHooks(model.config().postHooks(), false);
            return true;
        });
    }

    /** Makes the table anew of these files. */
    void whole(List<LandedFile> files, boolean fullRefresh) {
        lake.work(context.warehouse(), task.label(), session -> {
            Ledger ledger = task.ledger(session);
            Materializer.createSchema(session, model.relation());
            sql.look(session, ledger, !anyOrder());
            CoreSql.Forms forms = sql.compile(session, ledger, files, false, false);
            CoreCommit commit =
                    new CoreCommit(this, session, ledger, files, forms, fullRefresh ? Kind.FULL_REFRESH : Kind.WHOLE);
            new Materializer(session, model, commit).materialize(forms.sql(), true);
            commit.committed();
            return true;
        });
    }

    void tell(Upsert.Result result) {
        if (!ordering.equals(Upsert.Ordering.SEVERAL.word())) {
            ordering = result.ordering().word();
        }
        if (result.ordering() == Upsert.Ordering.SEVERAL) {
            report.warn(
                    "several rows have one unique_key; a later landing replaces all of an earlier one's. Where that is not"
                            + " meant, deduplicate in the model or name sequence_by");
        }
        if (result.dropped() > 0) {
            report.warn("its own filter dropped " + result.dropped()
                    + " rows of the landing that it ran for; they were "
                    + (context.settings().onDroppedRows() == OnDroppedRows.APPLY ? "applied all the same" : "left out")
                    + ". Filter with {{ landed_partitions() }} or read {{ var('files') }}");
        }
    }

    private static boolean dependsOnOrder(Upsert.Ordering ordering) {
        return ordering == Upsert.Ordering.NONE || ordering == Upsert.Ordering.SEVERAL;
    }
}
