package dev.landfall.run;

import dev.landfall.project.Relation;
import dev.landfall.project.UniqueKey;
import dev.landfall.template.QueryResult;
import dev.landfall.warehouse.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What dbt does with keys and its users seldom expect: it is done, and told with its remedy. */
final class KeyHoles {
    private KeyHoles() {}

    /**
     * Looks for keys that are NULL or come twice.
     *
     * @param condition which of the rows are looked at, empty for all
     */
    static void tell(Session session, Relation rows, String condition, UniqueKey key, Materializer.Frame frame) {
        if (key instanceof UniqueKey.None) {
            return;
        }
        boolean tuple = key instanceof UniqueKey.Expression expression && isTuple(expression.sql());
        String columns = String.join(", ", key.parts());
        String isNull = key instanceof UniqueKey.Columns list
                ? list.names().stream().map(name -> name + " is null").collect(Collectors.joining(" or "))
                : "(" + columns + ") is null";
        // NULL equals NULL within a tuple.
        QueryResult counts =
                session.query("select coalesce(sum(n) filter (where absent), 0), count(*) filter (where n > 1"
                        + " and not absent) from (select count(*) as n, "
                        + (tuple ? "false" : "bool_or(" + isNull + ")")
                        + " as absent from " + rows.sql() + (condition.isEmpty() ? "" : " where " + condition)
                        + " group by "
                        + columns + ")");
        long absent = number(counts, 0);
        long twice = number(counts, 1);
        List<String> holes = new ArrayList<>();
        if (absent > 0) {
            holes.add(absent + (absent == 1 ? " row has" : " rows have") + " no " + columns
                    + ": as in dbt such rows never match and add up with every run; leave them out, or give them a key"
                    + " with coalesce()");
        }
        if (twice > 0) {
            holes.add(twice + (twice == 1 ? " key comes" : " keys come")
                    + " more than once: as in dbt all of the rows are kept; keep one of each with qualify row_number()"
                    + " over (partition by " + columns + " order by …) = 1");
        }
        if (!holes.isEmpty()) {
            frame.warn(session.what() + ": unique_key: " + String.join("; ", holes));
        }
    }

    private static long number(QueryResult result, int column) {
        return result.rows().get(0).get(column) instanceof Number number ? number.longValue() : 0;
    }

    /** {@code 'a, b'}: a comma outside of parentheses and quotes. */
    private static boolean isTuple(String sql) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            quoted ^= c == '\'' || c == '"';
            if (!quoted) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (c == ',' && depth == 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
