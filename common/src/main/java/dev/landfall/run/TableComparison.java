package dev.landfall.run;

import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import dev.landfall.project.UniqueKey;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares two tables of one model, in any order of rows: by digest, and row by row only where that differs. */
final class TableComparison {
    private final Session session;
    private final Model model;
    private final Relation table;
    private final Relation lake;
    private final List<String> columns;

    TableComparison(Session session, Model model, Relation table, Relation lake) {
        this.session = session;
        this.model = model;
        this.table = table;
        this.lake = lake;
        List<String> other =
                session.columns(lake).stream().map(ColumnInfo::name).toList();
        this.columns = session.columns(table).stream()
                .map(ColumnInfo::name)
                .filter(name -> other.stream().anyMatch(name::equalsIgnoreCase))
                .toList();
    }

    Audit compare(long files, long gone, int sample) {
        List<@Nullable Object> mine = digest(table);
        List<@Nullable Object> theirs = digest(lake);
        boolean same = mine.equals(theirs);
        if (!same) {
            collect();
        }
        Audit audit = new Audit(
                model.uniqueId(),
                files,
                gone,
                number(mine.get(0)),
                number(theirs.get(0)),
                String.valueOf(mine.get(1)),
                String.valueOf(theirs.get(1)),
                same ? 0 : session.number("select count(*) from audit_differences"),
                same ? 0 : session.number("select count(*) from audit_differences where tie"),
                same ? List.of() : differences(sample),
                null);
        session.execute("drop table if exists audit_differences");
        return audit;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private String list() {
        return columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
    }

    private List<@Nullable Object> digest(Relation relation) {
        return session.query("select count(*), coalesce(sum(hash(" + list() + ")::hugeint), 0)::varchar from "
                        + relation.sql())
                .rows()
                .get(0);
    }

    /** Rows that one side alone has, paired by their key. */
    private void collect() {
        UniqueKey unique = model.config().uniqueKey();
        String key = unique instanceof UniqueKey.None ? "hash(" + list() + ")" : Strategy.keyExpression(unique);
        List<String> sequence = sequence();
        String order = IntStream.range(0, sequence.size())
                .mapToObj(i -> ", " + sequence.get(i) + " as s" + i)
                .collect(Collectors.joining());
        String json = columns.stream()
                .map(name -> Relation.quote(name) + " := " + Relation.quote(name))
                .collect(Collectors.joining(", "));
        String rows = "(select (" + key + ")::varchar as k, to_json(struct_pack(" + json + "))::varchar as row_json"
                + order + ", row_number() over (partition by (" + key + ") order by " + list() + ") as n from ";
        String tie = sequence.isEmpty() || sequence.stream().anyMatch(TableComparison::isRawId)
                ? "false"
                : "a.row_json is not null and b.row_json is not null and "
                        + IntStream.range(0, sequence.size())
                                .mapToObj(i -> "a.s" + i + " is not distinct from b.s" + i)
                                .collect(Collectors.joining(" and "));
        session.execute("create or replace temporary table audit_differences as select coalesce(a.k, b.k) as k,"
                + " a.row_json as table_row, b.row_json as lake_row, (" + tie + ") as tie from " + rows
                + onlyIn(table, lake) + ") a full outer join " + rows + onlyIn(lake, table)
                + ") b on a.k is not distinct from b.k and a.n = b.n");
    }

    private String onlyIn(Relation one, Relation other) {
        return "(select " + list() + " from " + one.sql() + " except all select " + list() + " from " + other.sql()
                + ")";
    }

    private List<String> sequence() {
        return model.config()
                .sequenceBy()
                .orElseGet(() -> columns.stream()
                        .filter(name ->
                                name.equalsIgnoreCase(Upsert.EXTRACTED_AT) || name.equalsIgnoreCase(Upsert.RAW_ID))
                        .map(Relation::quote)
                        .toList());
    }

    /** Airbyte gives each record another one: what has the same is the same record. */
    private static boolean isRawId(String column) {
        return column.replace("\"", "").equalsIgnoreCase(Upsert.RAW_ID);
    }

    private List<Audit.Difference> differences(int sample) {
        return session
                .query("select k, table_row, lake_row, tie from audit_differences order by tie, k limit " + sample)
                .rows()
                .stream()
                .map(row -> new Audit.Difference(
                        String.valueOf(row.get(0)),
                        text(row.get(1)),
                        text(row.get(2)),
                        Boolean.TRUE.equals(row.get(3))))
                .toList();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
