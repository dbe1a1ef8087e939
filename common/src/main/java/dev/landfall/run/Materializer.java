package dev.landfall.run;

import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import dev.landfall.project.UniqueKey;
import dev.landfall.template.Batch;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** dbt's materializations of one model, statement by statement, on one session. */
final class Materializer {
    private static final AtomicInteger STAGED = new AtomicInteger();

    private final Session session;
    private final Model model;
    private final Relation target;
    private final Frame frame;
    private final Envelope envelope;
    private @Nullable Batch batch;

    /** What stands around the rows of a model. */
    interface Frame {
        /** Renders a hook when it is its turn. */
        String render(Hook hook);

        /** Called within the transaction when the rows are written: what must be committed with them. */
        void beforeCommit(Outcome outcome);

        /** What works as dbt has it and is seldom meant. */
        default void warn(String what) {}

        /** Whether the project has an incremental strategy of this name of its own. */
        default boolean hasStrategy(String strategy) {
            return false;
        }

        /** What that strategy makes of a batch. */
        default String strategySql(String strategy, Relation target, Relation batch, List<ColumnInfo> columns) {
            throw new UnsupportedOperationException(strategy);
        }

        /** What a snapshot strategy of the project's own says, null when it has none of this name. */
        default @Nullable Map<String, @Nullable Object> snapshotStrategy(String strategy, String sql, boolean exists) {
            return null;
        }

        /** The project's folder. */
        default Path directory() {
            return Path.of("").toAbsolutePath();
        }

        /** True begins the transaction before the first row is computed, where dbt computes an increment outside. */
        default boolean oneTransaction() {
            return true;
        }
    }

    /** Rows written by one materialization. */
    record Outcome(long inserted, long deleted) {}

    Materializer(Session session, Model model, Frame frame) {
        this(session, model, model.relation(), frame);
    }

    /** Builds into another relation than the model's own: a shadow. */
    Materializer(Session session, Model model, Relation target, Frame frame) {
        this.session = session;
        this.model = model;
        this.target = target;
        this.frame = frame;
        this.envelope = new Envelope(session, model, target, frame);
    }

    /** Builds a microbatch model's rows of one span of time. */
    Materializer of(Batch span) {
        batch = span;
        return this;
    }

    /** What dbt's {@code is_incremental()} answers for a model. */
    static boolean isIncremental(Session session, Model model, boolean fullRefreshFlag) {
        return model.materialized().equals("incremental")
                && !fullRefresh(model, fullRefreshFlag)
                && session.relationType(model.relation()).equals(Optional.of("table"));
    }

    /** The model's own word wins over the command's, either way. */
    static boolean fullRefresh(Model model, boolean flag) {
        return model.config().fullRefresh().orElse(flag);
    }

    static void createSchema(Session session, Relation relation) {
        if (relation.schema() != null) {
            // DuckDB fails one of two that create it at once.
            synchronized (Materializer.class) {
                session.execute("create schema if not exists "
                        + new Relation(relation.database(), null, relation.schema()).sql());
            }
        }
    }

    /** Builds the model's relation from its compiled SQL as its configuration says. */
    Outcome materialize(String sql, boolean fullRefreshFlag) {
        session.lock(List.of(target));
        return switch (model.materialized()) {
            case "table" -> replace("table", sql);
            case "view" -> replace("view", sql);
            case "incremental" -> incremental(sql, fullRefresh(model, fullRefreshFlag));
            case "external" -> external(sql);
            case "table_function" -> function(sql);
            default ->
                throw new ModelFaultException(session.what() + ": no materialization '" + model.materialized()
                        + "' was found for DuckDB; it is table, view, incremental, external, table_function, ephemeral,"
                        + " or a {% materialization %} block of the project, which landfall run and build take and the"
                        + " services do not");
        };
    }

    // --- table and view: in place of the old table, else built beside it, with the names swapped

    private Outcome replace(String kind, String sql) {
        Relation temporary = target.withIdentifier(target.identifier() + "__dbt_tmp");
        Relation backup = target.withIdentifier(target.identifier() + "__dbt_backup");
        Map<Relation, String> found = session.relationTypes(List.of(target, temporary, backup));
        Optional<String> existing = Optional.ofNullable(found.get(target));
        found.entrySet().stream()
                .filter(leftover -> !leftover.getKey().equals(target))
                .forEach(leftover -> envelope.drop(leftover.getValue(), leftover.getKey()));
        // DuckDB replaces a table by a query of itself, too, in one statement that a rollback takes back. A contract's
        // table is there before its rows are, a view and a table do not replace each other, and a catalog elsewhere
        // has its own ways.
        boolean inPlace = kind.equals("table")
                && existing.equals(Optional.of("table"))
                && !model.config().contractEnforced()
                && !session.target().isDuckLake(target.database());
        envelope.begin();
        long rows = create(inPlace ? "or replace table" : kind, inPlace ? target : temporary, sql);
        if (!inPlace) {
            existing.ifPresent(type -> {
                envelope.dropIndexes(type);
                envelope.rename(type, target, backup.identifier());
            });
            envelope.rename(kind, temporary, target.identifier());
        }
        if (kind.equals("table")) {
            envelope.createIndexes();
        }
        Outcome outcome = new Outcome(rows, 0);
        envelope.commit(outcome);
        if (!inPlace) {
            existing.ifPresent(type -> envelope.drop(type, backup));
        }
        envelope.runHooks(model.config().postHooks(), false);
        return outcome;
    }

    /** The rows go to files by way of a table; a view over the files takes the model's name. */
    private Outcome external(String sql) {
        Relation rows = target.withIdentifier(target.identifier() + "__dbt_tmp");
        Relation view = target.withIdentifier(target.identifier() + "__dbt_int");
        Relation backup = target.withIdentifier(target.identifier() + "__dbt_backup");
        List.of(view, rows, backup).forEach(envelope::dropIfExists);
        Optional<String> existing = session.relationType(target);
        envelope.begin();
        Outcome outcome = new Outcome(create("table", rows, sql), 0);
        String reading = new ExternalFile(session, model, target, frame, frame.directory()).write(rows);
        session.execute("create or replace view " + view.sql() + " as (" + reading + ")");
        existing.ifPresent(type -> envelope.rename(type, target, backup.identifier()));
        envelope.rename("view", view, target.identifier());
        envelope.commit(outcome);
        existing.ifPresent(type -> envelope.drop(type, backup));
        envelope.drop("table", rows);
        envelope.runHooks(model.config().postHooks(), false);
        return outcome;
    }

    /** A query with parameters: {@code select * from {{ ref('upto') }}(10)}. */
    private Outcome function(String sql) {
        Object parameters = model.config().get("parameters");
        String list = parameters instanceof List<?> names
                ? names.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : Objects.requireNonNullElse(parameters, "").toString();
        envelope.begin();
        session.execute("create or replace function " + target.sql() + "(" + list + ") as table (\n" + sql + "\n)");
        Outcome outcome = new Outcome(0, 0);
        envelope.commit(outcome);
        envelope.runHooks(model.config().postHooks(), false);
        return outcome;
    }

    /** Creates a table or view from a query in dbt's own form; gives the rows of a table. */
    long create(String kind, Relation relation, String sql) {
        String header = model.config().sqlHeader().map(text -> text + "\n").orElse("");
        if (!header.isEmpty()) {
            session.execute(header);
        }
        if (model.config().contractEnforced()) {
            Contract contract = new Contract(session, model, frame);
            contract.check(sql);
            if (kind.equals("table")) {
                session.execute("create table " + relation.sql() + " (" + contract.definition() + ")");
                return session.update("insert into " + relation.sql() + " (" + contract.names() + ") select "
                        + contract.names() + " from (\n" + sql + "\n) as model_subq");
            }
        }
        return session.update("create " + kind + " " + relation.sql() + " as (\n" + sql + "\n)");
    }

    // --- incremental

    private Outcome incremental(String sql, boolean fullRefresh) {
        String strategy = Strategy.of(model);
        String refusal = frame.hasStrategy(strategy) ? "" : Strategy.refusal(strategy, model.packageName());
        String mode = model.config().onSchemaChange();
        if (model.config().contractEnforced() && !mode.equals("append_new_columns") && !mode.equals("fail")) {
            throw new ModelFaultException(session.what() + ": Invalid value for on_schema_change: " + mode
                    + ". Models materialized as incremental with contracts enabled must set on_schema_change to"
                    + " 'append_new_columns' or 'fail'");
        }
        Optional<String> existing = session.relationType(target);
        if (existing.isPresent() && (fullRefresh || existing.get().equals("view"))) {
            return replace("table", sql);
        }
        if (existing.isEmpty()) {
            envelope.dropIfExists(target.withIdentifier(target.identifier() + "__dbt_tmp"));
            envelope.dropIfExists(target.withIdentifier(target.identifier() + "__dbt_backup"));
            envelope.begin();
            Outcome outcome = new Outcome(create("table", target, sql), 0);
            envelope.createIndexes();
            envelope.commit(outcome);
            envelope.runHooks(model.config().postHooks(), false);
            foretell(strategy, refusal);
            return outcome;
        }
        if (!refusal.isEmpty()) {
            throw new ModelFaultException(session.what() + ": " + refusal);
        }
        if (frame.oneTransaction()) {
            envelope.begin();
        } else {
            envelope.runHooks(model.config().preHooks(), false);
            if (model.config().preHooks().stream().anyMatch(Hook::transaction)) {
                session.begin();
                envelope.runHooks(model.config().preHooks(), true);
            }
        }
        Relation staged = stage(sql);
        try {
            session.begin();
            tellHoles(strategy, staged);
            Outcome outcome = merge(strategy, staged);
            envelope.commit(outcome);
            envelope.runHooks(model.config().postHooks(), false);
            return outcome;
        } finally {
            dropStaged(staged);
        }
    }

    /** The first run needs neither strategy nor key, as with dbt; what the second will fail with is told now. */
    private void foretell(String strategy, String refusal) {
        if (!refusal.isEmpty()) {
            frame.warn(session.what() + ": the next run will fail: " + refusal);
            return;
        }
        try {
            tellHoles(strategy, target);
        } catch (WarehouseException e) {
            frame.warn(session.what() + ": the next run will fail: its unique_key: " + e.getMessage());
        }
    }

    private void tellHoles(String strategy, Relation rows) {
        if (!strategy.equals("append")) {
            KeyHoles.tell(session, rows, "", model.config().uniqueKey(), frame);
        }
    }

    /** A temporary table of the query's rows; {@link #dropStaged} must follow. */
    Relation stage(String sql) {
        Relation staged = temporary(target);
        create("temporary table", staged, sql);
        return staged;
    }

    /** A name for a temporary table that no other run uses. */
    static Relation temporary(Relation target) {
        return new Relation(
                null,
                null,
                target.identifier() + "__dbt_tmp"
                        + LocalDateTime.now(java.time.ZoneOffset.UTC)
                                .format(DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSSSSS"))
                        + "_" + STAGED.incrementAndGet());
    }

    /** dbt leaves it to the end of the connection; a rollback has dropped it already. */
    void dropStaged(Relation staged) {
        session.execute("drop table if exists " + staged.sql());
    }

    /** Brings a batch into the target by the model's strategy, its schema first. */
    Outcome merge(String strategy, Relation staged) {
        String mode = SchemaChange.mode(model.config().onSchemaChange());
        List<String> columns = SchemaChange.process(session, staged, target, mode);
        if (frame.hasStrategy(strategy)) {
            List<ColumnInfo> inserted = session.describe(target).stream()
                    .filter(column -> columns.contains(column.name()))
                    .toList();
            return new Outcome(session.update(frame.strategySql(strategy, target, staged, inserted)), 0);
        }
        if (strategy.equals("merge")) {
            return new Merge(session, model, target).apply(staged, columns);
        }
        if (strategy.equals("microbatch")) {
            return replaceBatch(staged, columns);
        }
        SchemaChange.requireAll(session, model, staged, columns);
        long deleted = 0;
        UniqueKey key = model.config().uniqueKey();
        if (strategy.equals("delete+insert") && !(key instanceof UniqueKey.None)) {
            if (model.config().predicatesAreText()) {
                throw new ModelFaultException(session.what() + ": delete+insert takes a list of predicates, here stands"
                        + " a text: write incremental_predicates=['…']");
            }
            deleted = session.update(
                    Strategy.delete(target, staged, key, model.config().incrementalPredicates()));
            CrashPoint.AFTER_DELETE.reach();
        }
        long inserted = session.update(Strategy.insert(target, staged, columns));
        return new Outcome(inserted, deleted);
    }

    /** What stands around the rows. */
    Envelope envelope() {
        return envelope;
    }

    /** What the table has of a batch's time goes, what the query gives of it comes. */
    private Outcome replaceBatch(Relation staged, List<String> columns) {
        Batch span = batch;
        if (span == null) {
            throw new ModelFaultException(
                    session.what() + ": microbatch models are built by time, not by landings; take"
                            + " its stream's tag away, or use delete+insert with a unique_key");
        }
        String within = span.condition(model.config().text("event_time").orElseThrow());
        String and = model.config().incrementalPredicates().stream()
                .map(predicate -> " and (" + predicate + ")")
                .collect(Collectors.joining());
        long deleted = session.update("delete from " + target.sql() + " where " + within + and);
        CrashPoint.AFTER_DELETE.reach();
        String list = columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
        long inserted = session.update("insert into " + target.sql() + " (" + list + ") select " + list + " from "
                + staged.sql() + " where " + within);
        return new Outcome(inserted, deleted);
    }
}
