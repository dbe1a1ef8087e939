package dev.landfall.run;

import dev.landfall.project.ColumnDoc;
import dev.landfall.project.Definition;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import dev.landfall.project.UniqueKey;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
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

    /** What stands around the rows of a model. */
    interface Frame {
        /** Renders a hook when it is its turn. */
        String render(Hook hook);

        /** Called within the transaction when the rows are written: what must be committed with them. */
        void beforeCommit(Outcome outcome);

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
            session.execute(
                    "create schema if not exists " + new Relation(relation.database(), null, relation.schema()).sql());
        }
    }

    /** Builds the model's relation from its compiled SQL as its configuration says. */
    Outcome materialize(String sql, boolean fullRefreshFlag) {
        session.lock(List.of(target));
        return switch (model.materialized()) {
            case "table" -> replace("table", sql);
            case "view" -> replace("view", sql);
            case "incremental" -> incremental(sql, fullRefresh(model, fullRefreshFlag));
            default ->
                throw new ModelFaultException(session.what() + ": the materialization '" + model.materialized()
                        + "' is not known; it is table, view, incremental or ephemeral");
        };
    }

    // --- table and view: build beside, then swap names

    private Outcome replace(String kind, String sql) {
        Relation temporary = target.withIdentifier(target.identifier() + "__dbt_tmp");
        Relation backup = target.withIdentifier(target.identifier() + "__dbt_backup");
        dropIfExists(temporary);
        dropIfExists(backup);
        Optional<String> existing = session.relationType(target);
        beginWithHooks();
        long rows = create(kind, temporary, sql);
        if (existing.isPresent()) {
            dropIndexes(existing.get());
            rename(existing.get(), target, backup.identifier());
        }
        rename(kind, temporary, target.identifier());
        if (kind.equals("table")) {
            createIndexes();
        }
        Outcome outcome = new Outcome(rows, 0);
        finish(outcome);
        existing.ifPresent(type -> drop(type, backup));
        runHooks(model.config().postHooks(), false);
        return outcome;
    }

    /** Creates a table or view from a query in dbt's own form; gives the rows of a table. */
    long create(String kind, Relation relation, String sql) {
        String header = model.config().sqlHeader().map(text -> text + "\n").orElse("");
        if (!header.isEmpty()) {
            session.execute(header);
        }
        return session.update("create " + kind + " " + relation.sql() + " as (\n" + sql + "\n)");
    }

    // --- incremental

    private Outcome incremental(String sql, boolean fullRefresh) {
        String strategy = Strategy.of(model);
        String refusal = Strategy.refusal(strategy, model.packageName());
        if (!refusal.isEmpty()) {
            throw new ModelFaultException(session.what() + ": " + refusal);
        }
        Optional<String> existing = session.relationType(target);
        if (existing.isPresent() && (fullRefresh || existing.get().equals("view"))) {
            return replace("table", sql);
        }
        if (existing.isEmpty()) {
            dropIfExists(target.withIdentifier(target.identifier() + "__dbt_tmp"));
            dropIfExists(target.withIdentifier(target.identifier() + "__dbt_backup"));
            beginWithHooks();
            Outcome outcome = new Outcome(create("table", target, sql), 0);
            createIndexes();
            finish(outcome);
            runHooks(model.config().postHooks(), false);
            return outcome;
        }
        if (frame.oneTransaction()) {
            beginWithHooks();
        } else {
            runHooks(model.config().preHooks(), false);
            if (model.config().preHooks().stream().anyMatch(Hook::transaction)) {
                session.begin();
                runHooks(model.config().preHooks(), true);
            }
        }
        Relation staged = stage(sql);
        try {
            session.begin();
            Outcome outcome = merge(strategy, staged);
            finish(outcome);
            runHooks(model.config().postHooks(), false);
            return outcome;
        } finally {
            dropStaged(staged);
        }
    }

    /** A temporary table of the query's rows; {@link #dropStaged} must follow. */
    Relation stage(String sql) {
        Relation staged = new Relation(
                null,
                null,
                target.identifier() + "__dbt_tmp"
                        + LocalDateTime.now(java.time.ZoneOffset.UTC)
                                .format(DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSSSSS"))
                        + "_" + STAGED.incrementAndGet());
        create("temporary table", staged, sql);
        return staged;
    }

    /** dbt leaves it to the end of the connection; a rollback has dropped it already. */
    void dropStaged(Relation staged) {
        session.execute("drop table if exists " + staged.sql());
    }

    /** Brings a batch into the target by the model's strategy, its schema first. */
    Outcome merge(String strategy, Relation staged) {
        String mode = SchemaChange.mode(model.config().onSchemaChange());
        List<String> columns = SchemaChange.process(session, staged, target, mode);
        if (strategy.equals("merge")) {
            return new Merge(session, model, target).apply(staged, columns);
        }
        long deleted = 0;
        UniqueKey key = model.config().uniqueKey();
        if (strategy.equals("delete+insert") && !(key instanceof UniqueKey.None)) {
            deleted = session.update(
                    Strategy.delete(target, staged, key, model.config().incrementalPredicates()));
            CrashPoint.AFTER_DELETE.reach();
        }
        long inserted = session.update(Strategy.insert(target, staged, columns));
        return new Outcome(inserted, deleted);
    }

    // --- around the rows

    void beginWithHooks() {
        runHooks(model.config().preHooks(), false);
        session.begin();
        runHooks(model.config().preHooks(), true);
    }

    /** Post hooks, comments, what the frame adds, and the commit. */
    void finish(Outcome outcome) {
        runHooks(model.config().postHooks(), true);
        persistDocs();
        CrashPoint.BEFORE_LEDGER.reach();
        frame.beforeCommit(outcome);
        CrashPoint.BEFORE_COMMIT.reach();
        session.commit();
        CrashPoint.AFTER_COMMIT.reach();
    }

    void runHooks(List<Hook> hooks, boolean inTransaction) {
        for (Hook hook : hooks) {
            if (hook.transaction() == inTransaction) {
                String sql = frame.render(hook).strip();
                if (!sql.isEmpty()) {
                    session.execute(sql);
                }
            }
        }
    }

    private void dropIfExists(Relation relation) {
        session.relationType(relation).ifPresent(type -> drop(type, relation));
    }

    private void drop(String type, Relation relation) {
        session.execute("drop " + type + " if exists " + relation.sql() + cascade());
    }

    private String cascade() {
        return session.target().duckLake() ? "" : " cascade";
    }

    private void rename(String type, Relation relation, String name) {
        session.execute("alter " + type + " " + relation.sql() + " rename to " + Relation.quote(name));
    }

    // --- indexes and comments

    private void dropIndexes(String type) {
        if (!type.equals("table")) {
            return;
        }
        for (List<@Nullable Object> row : session.query(
                        "select database_name, schema_name, index_name from duckdb_indexes() where"
                                + " lower(table_name) = lower(?) and lower(schema_name) = lower(?)"
                                + " and lower(database_name) = lower(?)",
                        List.of(
                                target.identifier(),
                                Optional.ofNullable(target.schema()).orElse("main"),
                                Optional.ofNullable(target.database())
                                        .orElse(session.target().database())))
                .rows()) {
            session.execute("drop index if exists "
                    + new Relation(String.valueOf(row.get(0)), String.valueOf(row.get(1)), String.valueOf(row.get(2)))
                            .sql());
        }
    }

    void createIndexes() {
        if (!(model.config().get("indexes") instanceof List<?> indexes)) {
            return;
        }
        for (Object index : indexes) {
            if (index instanceof Map<?, ?> map && map.get("columns") instanceof List<?> columns) {
                boolean unique = Boolean.TRUE.equals(map.get("unique"));
                String name = "__dbt_index_"
                        + Integer.toHexString(
                                (columns + "|" + target.sql() + "|" + unique + "|" + System.nanoTime()).hashCode());
                session.execute("create " + (unique ? "unique " : "") + "index " + Relation.quote(name) + " on "
                        + target.sql()
                        + columns.stream()
                                .map(column -> Relation.quote(String.valueOf(column)))
                                .collect(Collectors.joining(", ", " (", ")")));
            }
        }
    }

    private void persistDocs() {
        if (!(model.config().get("persist_docs") instanceof Map<?, ?> docs)) {
            return;
        }
        Definition definition = model.definition();
        String kind = session.relationType(target).orElse("table");
        if (Boolean.TRUE.equals(docs.get("relation"))
                && !definition.description().isEmpty()) {
            session.execute("comment on " + kind + " " + target.sql() + " is " + literal(definition.description()));
        }
        if (Boolean.TRUE.equals(docs.get("columns"))) {
            List<String> existing =
                    session.columns(target).stream().map(ColumnInfo::name).toList();
            for (ColumnDoc column : definition.columns().values()) {
                if (existing.contains(column.name()) && !column.description().isEmpty()) {
                    session.execute("comment on column " + target.sql() + "." + Relation.quote(column.name()) + " is "
                            + literal(column.description()));
                }
            }
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
