package dev.landfall.run;

import dev.landfall.project.ColumnDoc;
import dev.landfall.project.Definition;
import dev.landfall.project.Hook;
import dev.landfall.project.Node;
import dev.landfall.project.Relation;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What stands around the rows of a node: hooks, the names of what is built, indexes, comments and the commit. */
final class Envelope {
    private final Session session;
    private final Node node;
    private final Relation target;
    private final Materializer.Frame frame;

    Envelope(Session session, Node node, Relation target, Materializer.Frame frame) {
        this.session = session;
        this.node = node;
        this.target = target;
        this.frame = frame;
    }

    /** Hooks before the transaction, its begin, and hooks within it. */
    void begin() {
        runHooks(node.config().preHooks(), false);
        beginTransaction();
    }

    void beginTransaction() {
        session.begin();
        runHooks(node.config().preHooks(), true);
    }

    /** Post hooks within the transaction, comments, what the frame adds, and the commit. */
    void commit(Materializer.Outcome outcome) {
        runHooks(node.config().postHooks(), true);
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

    void dropIfExists(Relation relation) {
        session.relationType(relation).ifPresent(type -> drop(type, relation));
    }

    void drop(String type, Relation relation) {
        session.execute("drop " + type + " if exists " + relation.sql()
                + session.target().cascade(relation.database()));
    }

    void rename(String type, Relation relation, String name) {
        session.execute("alter " + type + " " + relation.sql() + " rename to " + Relation.quote(name));
    }

    // --- indexes and comments

    void dropIndexes(String type) {
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
        if (!(node.config().get("indexes") instanceof List<?> indexes)) {
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
        if (!(node.config().get("persist_docs") instanceof Map<?, ?> docs)) {
            return;
        }
        boolean relation = Boolean.TRUE.equals(docs.get("relation"));
        boolean columns = Boolean.TRUE.equals(docs.get("columns"));
        if (!relation && !columns) {
            return;
        }
        Definition definition = node.definition();
        String kind = session.relationType(target).orElse("table");
        if (relation && !definition.description().isEmpty()) {
            session.execute(
                    "comment on " + kind + " " + target.sql() + " is " + Relation.literal(definition.description()));
        }
        if (columns) {
            List<String> existing =
                    session.columns(target).stream().map(ColumnInfo::name).toList();
            for (ColumnDoc column : definition.columns().values()) {
                if (existing.contains(column.name()) && !column.description().isEmpty()) {
                    session.execute("comment on column " + target.sql() + "." + Relation.quote(column.name()) + " is "
                            + Relation.literal(column.description()));
                }
            }
        }
    }
}
