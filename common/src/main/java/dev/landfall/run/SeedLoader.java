package dev.landfall.run;

import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.WarehouseException;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Loads a CSV file into its table as dbt-duckdb does: types as agate infers them, rows by DuckDB's {@code COPY}; a
 * second time the table is emptied and keeps its columns.
 */
final class SeedLoader {
    private static final String NOTHING = "(x is null or x = '' or lower(x) = 'null')";

    private static final String TIMESTAMP = "timestamp without time zone";

    /** What agate tries, in its order; the first type that takes every value wins. */
    private static final List<Map.Entry<String, String>> TYPES = List.of(
            Map.entry("integer", "regexp_full_match(trim(x), '[+-]?[0-9]+')"),
            Map.entry("float8", "regexp_full_match(trim(x), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')"),
            Map.entry("date", "try_strptime(trim(x), '%Y-%m-%d') is not null"),
            Map.entry(TIMESTAMP, "try_strptime(trim(x), '%Y-%m-%d %H:%M:%S') is not null"),
            Map.entry(
                    TIMESTAMP,
                    "regexp_full_match(trim(x), '[0-9]{4}-[0-9]{2}-[0-9]{2}T.*') and try_cast(x as timestamp) is not null"),
            Map.entry("boolean", "lower(x) in ('true', 'false')"));

    private final Session session;
    private final Seed seed;
    private final Materializer.Frame frame;

    SeedLoader(Session session, Seed seed, Materializer.Frame frame) {
        this.session = session;
        this.seed = seed;
        this.frame = frame;
    }

    /** Gives the number of rows. */
    long load(boolean fullRefreshFlag) {
        Relation table = seed.relation();
        session.lock(List.of(table));
        Optional<String> existing = session.relationType(table);
        if (existing.equals(Optional.of("view"))) {
            throw new WarehouseException(
                    "Cannot seed to '" + table.sql() + "', it is a view", Kind.PERMANENT, null, null);
        }
        Envelope envelope = new Envelope(session, seed, table, frame);
        envelope.begin();
        boolean fullRefresh = seed.config().fullRefresh().orElse(fullRefreshFlag);
        if (existing.isPresent() && fullRefresh) {
            session.execute("drop table " + table.sql() + session.target().cascade(table.database()));
        }
        if (existing.isPresent() && !fullRefresh) {
            session.execute("truncate table " + table.sql());
        } else {
            session.execute("create table " + table.sql() + " (" + columns() + ")");
        }
        long rows = session.update(
                "copy " + table.sql() + " from " + Relation.literal(seed.csv().toString())
                        + " (format csv, header true, delimiter " + Relation.literal(delimiter()) + ")");
        envelope.commit(new Materializer.Outcome(rows, 0));
        envelope.runHooks(seed.config().postHooks(), false);
        return rows;
    }

    private String columns() {
        String file = "read_csv(" + Relation.literal(seed.csv().toString())
                + ", header = true, all_varchar = true, delim = " + Relation.literal(delimiter()) + ")";
        List<String> names = session.query("describe select * from " + file).rows().stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
        Map<?, ?> chosen = seed.config().get("column_types") instanceof Map<?, ?> types ? types : Map.of();
        List<String> columns = new ArrayList<>();
        for (String name : names) {
            Object type = chosen.get(name);
            columns.add(Relation.quote(name) + " " + (type == null ? infer(file, name) : type));
        }
        return String.join(", ", columns);
    }

    private String infer(String file, String column) {
        String verdicts = TYPES.stream()
                .map(type -> "coalesce(bool_and(" + NOTHING + " or " + type.getValue() + "), true)")
                .collect(Collectors.joining(", "));
        List<@Nullable Object> row = session.query(
                        "select " + verdicts + " from (select " + Relation.quote(column) + " as x from " + file + ")")
                .rows()
                .get(0);
        for (int i = 0; i < TYPES.size(); i++) {
            if (Boolean.TRUE.equals(row.get(i))) {
                return TYPES.get(i).getKey();
            }
        }
        return "text";
    }

    private String delimiter() {
        return seed.config().text("delimiter").orElse(",");
    }
}
