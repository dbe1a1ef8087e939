package dev.landfall.run;

import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import dev.landfall.project.UniqueKey;
import dev.landfall.run.RunSettings.OnDroppedRows;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of landings into an incremental table, within a transaction: dbt's strategy, and before it the guard
 * that keeps an older row from replacing a newer one.
 */
final class Upsert {
    static final String EXTRACTED_AT = "_airbyte_extracted_at";
    static final String RAW_ID = "_airbyte_raw_id";

    private final Session session;
    private final Model model;
    private final Relation target;
    private final Materializer materializer;
    private final UniqueKey key;
    private final String strategy;

    /** How a model tells older rows of a key from newer ones. */
    enum Ordering {
        /** By a sequence: landings may come in any order. */
        SEQUENCE,
        /** Several rows have one key: a later landing replaces an earlier one, whatever is in it. */
        SEVERAL,
        /** Not at all: a later landing replaces an earlier one. */
        NONE,
        /** Rows are only added. */
        APPEND;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether landings may come in any order and again. */
        static boolean anyOrder(String word) {
            return word.equals("sequence");
        }
    }

    /**
     * What became of a batch.
     *
     * @param dropped rows that the model's own filter had left out
     */
    record Result(long inserted, long deleted, Ordering ordering, long dropped) {}

    Upsert(Session session, Model model, Relation target, Materializer materializer) {
        this.session = session;
        this.model = model;
        this.target = target;
        this.materializer = materializer;
        this.key = model.config().uniqueKey();
        this.strategy = Strategy.of(model);
    }

    private boolean keyed() {
        return !(key instanceof UniqueKey.None) && !strategy.equals("append");
    }

    /** The first batch: the table does not exist yet. */
    Result create(String sql) {
        materializer.create("table", target, sql);
        List<String> sequence = keyed() ? sequence(target) : List.of();
        Ordering ordering = ordering(target, sequence);
        if (ordering == Ordering.SEQUENCE) {
            keepNewestOfEachKeyWhereNamed(target, sequence);
        }
        CrashPoint.AFTER_STAGING.reach();
        return new Result(count(target), 0, ordering, 0);
    }

    /**
     * A further batch.
     *
     * @param unfiltered the same without the model's own incremental filter, null when it has none
     */
    Result apply(String sql, @Nullable String unfiltered, OnDroppedRows onDropped) {
        Relation staged = materializer.stage(sql);
        Relation whole = unfiltered == null ? null : materializer.stage(unfiltered);
        try {
            CrashPoint.AFTER_STAGING.reach();
            List<String> sequence = keyed() ? sequence(staged) : List.of();
            long dropped = whole == null ? 0 : takeDropped(staged, whole, sequence, onDropped);
            Ordering ordering = ordering(staged, sequence);
            if (ordering == Ordering.SEQUENCE) {
                keepNewestOfEachKeyWhereNamed(staged, sequence);
                dropOlderThanTarget(staged, sequence);
            }
            Materializer.Outcome outcome = materializer.merge(strategy, staged);
            return new Result(outcome.inserted(), outcome.deleted(), ordering, dropped);
        } finally {
            materializer.dropStaged(staged);
            if (whole != null) {
                materializer.dropStaged(whole);
            }
        }
    }

    // --- the guard

    /** The columns that order the versions of a row, most telling first; empty when there are none. */
    private List<String> sequence(Relation rows) {
        Optional<List<String>> configured = model.config().sequenceBy();
        List<String> columns = names(rows);
        if (configured.isPresent()) {
            return configured.get();
        }
        if (!has(columns, EXTRACTED_AT)) {
            return List.of();
        }
        return has(columns, RAW_ID) ? List.of(EXTRACTED_AT, RAW_ID) : List.of(EXTRACTED_AT);
    }

    private static boolean has(List<String> columns, String name) {
        return columns.stream().anyMatch(name::equalsIgnoreCase);
    }

    private List<String> names(Relation relation) {
        return session.describe(relation).stream().map(ColumnInfo::name).toList();
    }

    private Ordering ordering(Relation rows, List<String> sequence) {
        if (!keyed()) {
            return Ordering.APPEND;
        }
        if (sequence.isEmpty()) {
            return Ordering.NONE;
        }
        // Who names the sequence wants one version of each key; else several rows may well be meant.
        boolean named = model.config().sequenceBy().isPresent();
        return named || !hasSeveralRowsOfAKey(rows) ? Ordering.SEQUENCE : Ordering.SEVERAL;
    }

    private boolean hasSeveralRowsOfAKey(Relation rows) {
        String notNull = keyColumns("").stream().map(k -> k + " is not null").collect(Collectors.joining(" and "));
        return session.number("select count(*) from (select 1 from " + rows.sql() + " where " + notNull + " group by "
                        + String.join(", ", keyColumns("")) + " having count(*) > 1 limit 1)")
                > 0;
    }

    /** The key as SQL: one expression, or its columns. */
    private List<String> keyColumns(String alias) {
        String prefix = alias.isEmpty() ? "" : alias + ".";
        if (key instanceof UniqueKey.Columns columns) {
            return columns.names().stream().map(name -> prefix + name).toList();
        }
        return List.of("(" + ((UniqueKey.Expression) key).sql() + ")");
    }

    /** A sequence that is not named counts only where no key has several rows. */
    private void keepNewestOfEachKeyWhereNamed(Relation rows, List<String> sequence) {
        if (model.config().sequenceBy().isEmpty() || !hasSeveralRowsOfAKey(rows)) {
            return;
        }
        String notNull = keyColumns("").stream().map(k -> k + " is not null").collect(Collectors.joining(" and "));
        session.update("delete from " + rows.sql() + " where rowid in (select r from (select rowid as r, rank() over"
                + " (partition by " + String.join(", ", keyColumns("")) + " order by "
                + sequence.stream().map(column -> column + " desc nulls last").collect(Collectors.joining(", "))
                + ") as n from " + rows.sql() + " where " + notNull + ") where n > 1)");
    }

    private void dropOlderThanTarget(Relation staged, List<String> sequence) {
        List<String> columns = names(target);
        if (model.config().sequenceBy().isEmpty() && !sequence.stream().allMatch(column -> has(columns, column))) {
            return;
        }
        String match = range(keyColumns("").size()).stream()
                .map(i -> "b.k" + i + " = t.k" + i)
                .collect(Collectors.joining(" and "));
        String older = older("b", "t", sequence.size());
        session.update("delete from " + staged.sql() + " where rowid in (select b.r from (select rowid as r, "
                + keysAndSequence(sequence) + " from " + staged.sql() + ") b join (select " + keysAndSequence(sequence)
                + " from " + target.sql() + notOlderThanBatch(staged, sequence.get(0)) + ") t on " + match + " and "
                + older + ")");
    }

    private String keysAndSequence(List<String> sequence) {
        List<String> parts = new ArrayList<>();
        List<String> keys = keyColumns("");
        range(keys.size()).forEach(i -> parts.add(keys.get(i) + " as k" + i));
        range(sequence.size()).forEach(i -> parts.add(sequence.get(i) + " as s" + i));
        return String.join(", ", parts);
    }

    private static List<Integer> range(int size) {
        return java.util.stream.IntStream.range(0, size).boxed().toList();
    }

    /** Whether the left row comes before the right one; NULL comes before everything. */
    private static String older(String left, String right, int size) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < size; i++) {
            String a = left + ".s" + i;
            String b = right + ".s" + i;
            sql.append("(coalesce(")
                    .append(a)
                    .append(" < ")
                    .append(b)
                    .append(", ")
                    .append(a)
                    .append(" is null and ")
                    .append(b)
                    .append(" is not null)");
            if (i < size - 1) {
                sql.append(" or (")
                        .append(a)
                        .append(" is not distinct from ")
                        .append(b)
                        .append(" and ");
            }
        }
        return sql + ")".repeat(2 * size - 1);
    }

    /** A literal bound on the target's sequence, so that DuckDB skips what cannot be newer than the batch. */
    private String notOlderThanBatch(Relation staged, String column) {
        Optional<String> type = session.describe(target).stream()
                .filter(each -> each.name().equalsIgnoreCase(column))
                .map(ColumnInfo::type)
                .findFirst();
        if (type.isEmpty()) {
            return "";
        }
        List<@Nullable Object> row = session.query("select count(*) filter (where " + column + " is null), min("
                        + column + ")::varchar from " + staged.sql())
                .rows()
                .get(0);
        if (!Long.valueOf(0).equals(row.get(0)) || row.get(1) == null) {
            return "";
        }
        return " where " + column + " >= " + Relation.literal(String.valueOf(row.get(1))) + "::" + type.get();
    }

    // --- what a model's own filter leaves out

    /** Adds the rows of the whole that the filtered batch does not have, as the setting says. */
    private long takeDropped(Relation staged, Relation whole, List<String> sequence, OnDroppedRows onDropped) {
        if (!keyed()) {
            return takeDroppedRows(staged, whole, onDropped);
        }
        String match = range(keyColumns("").size()).stream()
                .map(i -> "a.k" + i + " is not distinct from b.k" + i)
                .collect(Collectors.joining(" and "));
        String condition = sequence.isEmpty() ? "a.n >= b.n" : "not " + older("a", "b", sequence.size());
        String left =
                sequence.isEmpty() ? counted(staged) : "select " + keysAndSequence(sequence) + " from " + staged.sql();
        String right = sequence.isEmpty()
                ? "select w.rowid as r, " + keysAndSequence(List.of()) + ", count(*) over (partition by "
                        + String.join(", ", keyColumns("")) + ") as n from " + whole.sql() + " w"
                : "select rowid as r, " + keysAndSequence(sequence) + " from " + whole.sql();
        // What is not dropped goes, so that the whole holds the dropped rows alone.
        session.update("delete from " + whole.sql() + " where rowid in (select b.r from (" + right + ") b where exists"
                + " (select 1 from (" + left + ") a where " + match + " and " + condition + "))");
        long dropped = count(whole);
        decide(dropped, onDropped);
        if (dropped > 0 && onDropped == OnDroppedRows.APPLY) {
            String keys = range(keyColumns("").size()).stream()
                    .map(i -> "s.k" + i + " is not distinct from w.k" + i)
                    .collect(Collectors.joining(" and "));
            session.update("delete from " + staged.sql() + " where rowid in (select s.r from (select rowid as r, "
                    + keysAndSequence(List.of()) + " from " + staged.sql() + ") s join (select distinct "
                    + keysAndSequence(List.of()) + " from " + whole.sql() + ") w on " + keys + ")");
            insertCommon(staged, whole);
        }
        return dropped;
    }

    private String counted(Relation rows) {
        return "select " + keysAndSequence(List.of()) + ", count(*) as n from " + rows.sql() + " group by "
                + String.join(", ", keyColumns(""));
    }

    /** Without a key, rows are compared as a whole. */
    private long takeDroppedRows(Relation staged, Relation whole, OnDroppedRows onDropped) {
        String common = common(staged, whole);
        Relation rest = staged.withIdentifier(staged.identifier() + "_rest");
        long dropped = session.update("create temporary table " + rest.sql() + " as select " + common + " from "
                + whole.sql() + " except all select " + common + " from " + staged.sql());
        try {
            decide(dropped, onDropped);
            if (dropped > 0 && onDropped == OnDroppedRows.APPLY) {
                insertCommon(staged, rest);
            }
        } finally {
            materializer.dropStaged(rest);
        }
        return dropped;
    }

    private void decide(long dropped, OnDroppedRows onDropped) {
        if (dropped > 0 && onDropped == OnDroppedRows.FAIL) {
            throw new ModelFaultException(
                    session.what() + ": its own filter drops " + dropped + " rows of the files that it runs for; filter"
                            + " with {{ landed_partitions() }} or read {{ var('files') }}, or set"
                            + " landfall.core.on-dropped-rows=apply");
        }
    }

    private void insertCommon(Relation to, Relation from) {
        String columns = common(to, from);
        session.update("insert into " + to.sql() + " (" + columns + ") select " + columns + " from " + from.sql());
    }

    private String common(Relation one, Relation other) {
        List<String> names = names(other);
        return names(one).stream()
                .filter(name -> has(names, name))
                .map(Relation::quote)
                .collect(Collectors.joining(", "));
    }

    long count(Relation relation) {
        return session.number("select count(*) from " + relation.sql());
    }
}
