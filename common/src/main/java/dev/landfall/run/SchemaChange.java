package dev.landfall.run;

import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** dbt's {@code on_schema_change}: what happens when a run's columns are not its table's. Names compare exactly. */
final class SchemaChange {
    private static final List<String> MODES = List.of("ignore", "fail", "append_new_columns", "sync_all_columns");

    private SchemaChange() {}

    /** The mode, {@code ignore} for a word that is none. */
    static String mode(String configured) {
        return MODES.contains(configured) ? configured : "ignore";
    }

    static boolean known(String configured) {
        return MODES.contains(configured);
    }

    /** Changes the target as the mode has it, and gives the columns that are inserted. */
    static List<String> process(Session session, Relation staged, Relation target, String mode) {
        List<ColumnInfo> old = session.describe(target);
        if (mode.equals("ignore")) {
            return names(old);
        }
        List<ColumnInfo> wanted = session.describe(staged);
        List<ColumnInfo> added = missing(wanted, old);
        List<ColumnInfo> removed = missing(old, wanted);
        List<ColumnInfo> retyped = wanted.stream()
                .filter(column -> old.stream()
                        .anyMatch(known -> known.name().equals(column.name())
                                && !known.type().equals(column.type())))
                .toList();
        boolean changed = !added.isEmpty() || !removed.isEmpty() || !retyped.isEmpty();
        if (changed && mode.equals("fail")) {
            throw outOfSync(session, added, removed, retyped);
        }
        if (mode.equals("append_new_columns") || mode.equals("sync_all_columns")) {
            added.forEach(column -> add(session, target, column.name(), column.type()));
        }
        if (mode.equals("sync_all_columns")) {
            removed.forEach(column ->
                    session.execute("alter table " + target.sql() + " drop column " + Relation.quote(column.name())));
            retyped.forEach(column -> retype(session, target, column));
        }
        return names(wanted);
    }

    /** Rows that lack a column of the table cannot be inserted: DuckDB's words for it name neither. */
    static void requireAll(Session session, Model model, Relation staged, List<String> columns) {
        List<String> had = names(session.describe(staged));
        String lost = columns.stream()
                .filter(name -> had.stream().noneMatch(name::equalsIgnoreCase))
                .collect(Collectors.joining(", "));
        if (!lost.isEmpty()) {
            throw new WarehouseException(
                    session.what() + ": its table has the column " + lost
                            + ", and what it selects now has not. Make the"
                            + " table anew (landfall run --full-refresh -s " + model.name()
                            + "), or have it follow the model: on_schema_change='append_new_columns' or"
                            + " 'sync_all_columns'",
                    WarehouseException.Kind.PERMANENT,
                    null,
                    null);
        }
    }

    private static void add(Session session, Relation target, String name, String type) {
        session.execute("alter table " + target.sql() + " add column " + Relation.quote(name) + " " + type);
    }

    /** As dbt does it: the column moves to the end. */
    private static void retype(Session session, Relation target, ColumnInfo column) {
        String name = Relation.quote(column.name());
        String temporary = Relation.quote(column.name() + "__dbt_alter");
        add(session, target, column.name() + "__dbt_alter", column.type());
        session.execute("update " + target.sql() + " set " + temporary + " = " + name);
        session.execute("alter table " + target.sql() + " drop column " + name
                + session.target().cascade(target.database()));
        session.execute("alter table " + target.sql() + " rename column " + temporary + " to " + name);
    }

    private static WarehouseException outOfSync(
            Session session, List<ColumnInfo> added, List<ColumnInfo> removed, List<ColumnInfo> retyped) {
        return new WarehouseException(
                session.what() + ": The source and target schemas on this incremental model are out of sync!"
                        + "\n  They can be reconciled in several ways:"
                        + "\n    - set the `on_schema_change` config to either append_new_columns or sync_all_columns,"
                        + " depending on your situation."
                        + "\n    - Re-run the incremental model with `full_refresh: True` to update the target schema."
                        + "\n    - update the schema manually and re-run the process."
                        + "\n  Additional troubleshooting context:"
                        + "\n     Source columns not in target: " + names(added)
                        + "\n     Target columns not in source: " + names(removed)
                        + "\n     New column types: "
                        + retyped.stream()
                                .map(column -> column.name() + " " + column.type())
                                .collect(Collectors.joining(", ", "[", "]")),
                WarehouseException.Kind.PERMANENT,
                null,
                null);
    }

    private static List<ColumnInfo> missing(List<ColumnInfo> from, List<ColumnInfo> in) {
        List<String> known = names(in);
        return from.stream().filter(column -> !known.contains(column.name())).toList();
    }

    private static List<String> names(List<ColumnInfo> columns) {
        List<String> names = new ArrayList<>();
        columns.forEach(column -> names.add(column.name()));
        return names;
    }
}
