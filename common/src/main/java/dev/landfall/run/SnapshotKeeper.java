package dev.landfall.run;

import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import dev.landfall.project.Snapshot;
import dev.landfall.project.UniqueKey;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the versions of a snapshot's rows as dbt does: what changed is closed by the time of its change and added anew;
 * what vanished is left alone, closed, or closed and told by a row of its own.
 */
final class SnapshotKeeper {
    private static final String NOW = "now()::timestamp";
    private static final String CHANGE = "dbt_change_type";

    private final Session session;
    private final ModelConfig config;
    private final Relation target;
    private final Materializer.Frame frame;
    private final Envelope envelope;
    private UniqueKey key;
    private String hardDeletes;

    /**
     * How versions of a row are told apart.
     *
     * @param updatedAt since when a version is true, over the columns of the query
     * @param changed whether {@code source_data} is another version than {@code snapshotted_data}
     * @param id what a version is called by
     */
    private record Rule(String updatedAt, String changed, String id) {}

    SnapshotKeeper(Session session, Snapshot snapshot, Materializer.Frame frame) {
        this.session = session;
        this.config = snapshot.config();
        this.target = snapshot.relation();
        this.frame = frame;
        this.envelope = new Envelope(session, snapshot, target, frame);
        this.hardDeletes = hardDeletes();
        this.key = config.uniqueKey();
    }

    /** Brings the table up to what the query gives now. */
    Materializer.Outcome keep(String sql) {
        session.lock(List.of(target));
        Optional<String> existing = session.relationType(target);
        if (existing.equals(Optional.of("view"))) {
            throw fault("cannot keep a snapshot in " + target.sql() + ": it is a view; drop it, or give the snapshot"
                    + " another alias");
        }
        envelope.begin();
        Materializer.Outcome outcome = existing.isEmpty() ? start(sql) : goOn(sql);
        envelope.runHooks(config.postHooks(), false);
        return outcome;
    }

    private Materializer.Outcome start(String sql) {
        Rule rule = rule(sql, List.of(), false);
        long rows = create(
                "table",
                target,
                "select *, " + rule.id + " as " + scdIdColumn() + ", " + rule.updatedAt
                        + " as " + updatedAtColumn() + ", " + rule.updatedAt + " as " + validFromColumn() + ", "
                        + validToCurrent(rule) + " as " + validToColumn()
                        + (marksDeleted() ? ", 'False' as " + isDeletedColumn() : "") + " from (\n" + sql + "\n) sbq");
        KeyHoles.tell(session, target, "", config.uniqueKey(), frame);
        envelope.createIndexes();
        Materializer.Outcome outcome = new Materializer.Outcome(rows, 0);
        envelope.commit(outcome);
        return outcome;
    }

    private Materializer.Outcome goOn(String sql) {
        List<String> columns = names(target);
        requireSnapshot(columns);
        Relation staged = Materializer.temporary(target);
        create("temporary table", staged, changes(rule(sql, columns, true), sql, columns));
        try {
            KeyHoles.tell(session, staged, CHANGE + " = 'insert'", config.uniqueKey(), frame);
            Materializer.Outcome outcome = apply(staged, columns);
            envelope.commit(outcome);
            return outcome;
        } finally {
            session.execute("drop table if exists " + staged.sql());
        }
    }

    private long create(String kind, Relation relation, String sql) {
        return session.update("create " + kind + " " + relation.sql() + " as (\n" + sql + "\n)");
    }

    /** Closes what changed or vanished, and adds the new versions; columns that came are added first. */
    private Materializer.Outcome apply(Relation staged, List<String> columns) {
        List<ColumnInfo> inserted = session.columns(staged).stream()
                .filter(column -> !isOwn(column.name()))
                .toList();
        for (ColumnInfo column : inserted) {
            if (!columns.contains(column.name())) {
                session.execute("alter table " + target.sql() + " add column " + Relation.quote(column.name()) + " "
                        + column.type());
            }
        }
        long closed = session.update("update " + target.sql() + " as t set " + validToColumn() + " = s."
                + validToColumn() + " from " + staged.sql() + " as s where s." + scdIdColumn() + "::text = t."
                + scdIdColumn() + "::text and s." + CHANGE + " in ('update', 'delete') and " + current("t."));
        String list =
                inserted.stream().map(column -> Relation.quote(column.name())).collect(Collectors.joining(", "));
        long added = session.update("insert into " + target.sql() + " (" + list + ") select " + list + " from "
                + staged.sql() + " where " + CHANGE + " = 'insert'");
        return new Materializer.Outcome(added, closed);
    }

    private boolean isOwn(String column) {
        return column.matches("(?i)dbt_change_type|dbt_unique_key(_\\d+)?");
    }

    // --- what changed

    /** One row for each version to add and each to close. Columns are united by their places. */
    private String changes(Rule rule, String sql, List<String> columns) {
        String id = scdIdColumn();
        String deletedMark = marksDeleted() ? ", snapshotted_data." + isDeletedColumn() : "";
        String changed =
                rule.changed + (marksDeleted() ? " or snapshotted_data." + isDeletedColumn() + " = 'True'" : "");
        StringBuilder query = new StringBuilder("with snapshot_query as (\n" + sql
                + "\n),\nsnapshotted_data as (select *, "
                + keyFields() + " from " + target.sql() + " where " + current("") + "),\nnow_data as (select *, "
                + keyFields() + ", " + rule.updatedAt + " as " + updatedAtColumn() + ", " + rule.updatedAt + " as "
                + validFromColumn() + ", " + validToCurrent(rule) + " as " + validToColumn() + ", " + rule.id
                + " as " + id + " from snapshot_query),\nclosing_data as (select *, " + keyFields() + ", "
                + rule.updatedAt + " as " + updatedAtColumn() + ", " + rule.updatedAt + " as " + validFromColumn()
                + ", " + rule.updatedAt + " as " + validToColumn() + " from snapshot_query)");
        List<String> parts = new ArrayList<>();
        parts.add("select 'insert' as " + CHANGE + ", source_data.*"
                + (marksDeleted() ? ", 'False' as " + isDeletedColumn() : "")
                + " from now_data as source_data left join snapshotted_data on " + keysMatch() + " where "
                + keyIsNull("snapshotted_data") + " or (not " + keyIsNull("snapshotted_data") + " and (" + changed
                + "))");
        parts.add("select 'update' as " + CHANGE + ", source_data.*, snapshotted_data." + id + deletedMark
                + " from closing_data as source_data join snapshotted_data on " + keysMatch() + " where (" + changed
                + ")");
        if (!hardDeletes.equals("ignore")) {
            query.append(",\nthere_data as (select *, " + keyFields() + " from snapshot_query)");
            String gone = " from snapshotted_data left join there_data as source_data on " + keysMatch() + " where "
                    + keyIsNull("source_data")
                    + (marksDeleted()
                            ? " and not (snapshotted_data." + isDeletedColumn() + " = 'True' and "
                                    + exactlyCurrent("snapshotted_data.") + ")"
                            : "");
            parts.add("select 'delete' as " + CHANGE + ", source_data.*, " + NOW + ", " + NOW + ", " + NOW
                    + ", snapshotted_data." + id + deletedMark + gone);
            if (marksDeleted()) {
                parts.add("select 'insert' as " + CHANGE + ", " + lastKnown(sql, columns) + ", "
                        + each(i -> "snapshotted_data." + keyName(i)) + ", " + NOW + ", " + NOW + ", snapshotted_data."
                        + validToColumn() + ", " + hash(List.of("snapshotted_data." + id, NOW)) + ", 'True'" + gone);
            }
        }
        return query + "\n" + String.join("\nunion all\n", parts);
    }

    /** The columns of a row that is gone, as they were. */
    private String lastKnown(String sql, List<String> columns) {
        return queryColumns(sql).stream()
                .map(name -> (columns.contains(name) ? "snapshotted_data." : "source_data.") + Relation.quote(name))
                .collect(Collectors.joining(", "));
    }

    private Rule rule(String sql, List<String> columns, boolean exists) {
        String strategy = config.text("strategy").orElse("");
        Map<String, @Nullable Object> own = frame.snapshotStrategy(strategy, sql, exists);
        if (own != null) {
            return own(strategy, own);
        }
        Optional<String> updatedAt = config.text("updated_at");
        return switch (strategy) {
            case "timestamp" -> {
                String column = updatedAt.orElseThrow(() -> fault("the timestamp strategy needs updated_at"));
                yield new Rule(
                        column, "snapshotted_data." + validFromColumn() + " < source_data." + column, scdId(column));
            }
            case "check" -> {
                String since = updatedAt.orElse(NOW);
                yield new Rule(since, exists ? differs(sql, columns) : "true", scdId(since));
            }
            default ->
                throw fault("unknown snapshot strategy '" + strategy + "'; it is timestamp, check, or X where the"
                        + " project has a macro snapshot_X_strategy");
        };
    }

    /** What the project's own strategy says; its key and its way with deletes go before the configuration's. */
    private Rule own(String strategy, Map<String, @Nullable Object> said) {
        if (said.get("unique_key") != null) {
            key = new ModelConfig(said).uniqueKey();
        }
        hardDeletes =
                Objects.requireNonNullElse(said.get("hard_deletes"), "ignore").toString();
        return new Rule(
                text(strategy, said, "updated_at"),
                text(strategy, said, "row_changed"),
                text(strategy, said, "scd_id"));
    }

    private String text(String strategy, Map<String, @Nullable Object> said, String part) {
        Object value = said.get(part);
        if (value == null || value.toString().isBlank()) {
            throw fault("the macro snapshot_" + strategy + "_strategy returns no " + part);
        }
        return value.toString();
    }

    private String differs(String sql, List<String> columns) {
        Object configured = config.get("check_cols");
        List<String> checked = "all".equals(configured)
                ? queryColumns(sql)
                : queryColumns(
                        "select " + String.join(", ", config.texts("check_cols")) + " from (\n" + sql + "\n) subq");
        // A column that the table does not have yet makes a new version of every row.
        return columns.containsAll(checked)
                ? checked.stream()
                        .map(Relation::quote)
                        .map(column -> "snapshotted_data." + column + " is distinct from source_data." + column)
                        .collect(Collectors.joining(" or ", "(", ")"))
                : "true";
    }

    private List<String> queryColumns(String sql) {
        return session.describe("select * from (\n" + sql + "\n) sbq").stream()
                .map(ColumnInfo::name)
                .toList();
    }

    private List<String> names(Relation relation) {
        return session.columns(relation).stream().map(ColumnInfo::name).toList();
    }

    // --- keys

    private String keyName(int i) {
        return key instanceof UniqueKey.Columns ? "dbt_unique_key_" + (i + 1) : "dbt_unique_key";
    }

    private String each(Function<Integer, String> part) {
        return IntStream.range(0, key.parts().size()).boxed().map(part).collect(Collectors.joining(", "));
    }

    private String keyFields() {
        return each(i -> key.parts().get(i) + " as " + keyName(i));
    }

    private String keysMatch() {
        return IntStream.range(0, key.parts().size())
                .mapToObj(i -> "snapshotted_data." + keyName(i) + " = source_data." + keyName(i))
                .collect(Collectors.joining(" and "));
    }

    /** As in dbt, the first column of the key alone decides. */
    private String keyIsNull(String side) {
        return "(" + side + "." + keyName(0) + " is null)";
    }

    private String scdId(String updatedAt) {
        List<String> parts = new ArrayList<>(key.parts());
        parts.add(updatedAt);
        return hash(parts);
    }

    private static String hash(List<String> parts) {
        return parts.stream()
                .map(part -> "coalesce(cast(" + part + " as varchar), '')")
                .collect(Collectors.joining(" || '|' || ", "md5(", ")"));
    }

    // --- columns of the snapshot's own

    private boolean marksDeleted() {
        return hardDeletes.equals("new_record");
    }

    private String column(String name) {
        return config.get("snapshot_meta_column_names") instanceof Map<?, ?> map && map.get(name) != null
                ? String.valueOf(map.get(name))
                : name;
    }

    private String scdIdColumn() {
        return column("dbt_scd_id");
    }

    private String updatedAtColumn() {
        return column("dbt_updated_at");
    }

    private String validFromColumn() {
        return column("dbt_valid_from");
    }

    private String validToColumn() {
        return column("dbt_valid_to");
    }

    private String isDeletedColumn() {
        return column("dbt_is_deleted");
    }

    private String validToCurrent(Rule rule) {
        return "coalesce(nullif(" + rule.updatedAt + ", " + rule.updatedAt + "), "
                + config.text("dbt_valid_to_current").orElse("null") + ")";
    }

    /** Whether a version is the one that is true now; NULL is so always. */
    private String current(String prefix) {
        return config.text("dbt_valid_to_current")
                .map(value -> "(" + prefix + validToColumn() + " = " + value + " or " + prefix + validToColumn()
                        + " is null)")
                .orElse(prefix + validToColumn() + " is null");
    }

    private String exactlyCurrent(String prefix) {
        return prefix
                + validToColumn()
                + config.text("dbt_valid_to_current")
                        .map(value -> " = " + value)
                        .orElse(" is null");
    }

    private String hardDeletes() {
        Optional<String> word = config.text("hard_deletes");
        boolean old = config.flag("invalidate_hard_deletes").orElse(false);
        if (word.isPresent() && config.get("invalidate_hard_deletes") != null) {
            throw fault("You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the"
                    + " same snapshot.");
        }
        String chosen = old ? "invalidate" : word.orElse("ignore");
        if (!Set.of("ignore", "invalidate", "new_record").contains(chosen)) {
            throw fault("Invalid setting for property hard_deletes.");
        }
        return chosen;
    }

    private void requireSnapshot(List<String> columns) {
        Set<String> wanted = new LinkedHashSet<>(List.of(scdIdColumn(), validFromColumn(), validToColumn()));
        if (marksDeleted()) {
            wanted.add(isDeletedColumn());
        }
        wanted.removeIf(name -> columns.stream().anyMatch(name::equalsIgnoreCase));
        if (!wanted.isEmpty()) {
            throw fault("Snapshot target is missing configured columns (missing "
                    + wanted.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", ")) + ")");
        }
    }

    private ModelFaultException fault(String message) {
        return new ModelFaultException(session.what() + ": " + message);
    }
}
