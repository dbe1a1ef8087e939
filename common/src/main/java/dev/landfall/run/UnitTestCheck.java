package dev.landfall.run;

import dev.landfall.jinja.Python;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.SourceTable;
import dev.landfall.project.UnitTest;
import dev.landfall.project.UnitTest.Fixture;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs a model's SQL over the rows of a unit test, and compares what comes with what is expected, in any order. */
final class UnitTestCheck {
    private static final int SHOWN = 20;

    private final Session session;
    private final Project project;
    private final UnitTest test;

    UnitTestCheck(Session session, Project project, UnitTest test) {
        this.session = session;
        this.project = project;
        this.test = test;
    }

    /** Rows that differ, and the first of them in words; none when all is as expected. */
    record Verdict(long differences, String text) {}

    /** The queries that stand in place of what the model reads, by unique id. */
    Map<String, String> fixtures() {
        Map<String, String> fixtures = new LinkedHashMap<>();
        for (Fixture given : test.given()) {
            String input = given.input();
            if (!input.equals("this")
                    && !project.nodes().containsKey(input)
                    && !project.sources().containsKey(input)) {
                throw new ModelFaultException(session.what() + ": there is no " + input + ", whose rows are given");
            }
            String sql = given.sql();
            fixtures.put(given.input(), sql == null ? rows(given, columnsOf(given.input()), inputName(given)) : sql);
        }
        return fixtures;
    }

    /** @param sql the model's query over the fixtures */
    Verdict compare(String sql) {
        List<ColumnInfo> actual = session.describe("select * from (\n" + sql + "\n) d");
        Fixture expect = test.expect();
        List<String> names = expect.rows().isEmpty()
                ? actual.stream().map(ColumnInfo::name).toList()
                : expect.rows().get(0).keySet().stream()
                        .map(name -> column(actual, name, "expected output").name())
                        .toList();
        String list = names.stream().map(Relation::quote).collect(Collectors.joining(", "));
        String wanted = expect.sql() == null
                ? rows(
                        expect,
                        actual.stream()
                                .filter(column -> names.contains(column.name()))
                                .toList(),
                        "expected output")
                : Objects.requireNonNull(expect.sql());
        String common =
                "with actual_rows as (select " + list + " from (\n" + sql + "\n) a), expected_rows as (select " + list
                        + " from (\n" + wanted
                        + "\n) e), differences as (select '-' as \"@@\", * from (from expected_rows except"
                        + " all from actual_rows) union all select '+', * from (from actual_rows except all from"
                        + " expected_rows)) ";
        long count = session.number(common + "select count(*) from differences");
        if (count == 0) {
            return new Verdict(0, "");
        }
        List<List<@Nullable Object>> rows = session.query(common + "from differences order by all limit " + SHOWN)
                .rows();
        return new Verdict(
                count,
                "actual differs from expected ('-' is missing, '+' is too much):\n\n@@ | " + String.join(" | ", names)
                        + "\n"
                        + rows.stream()
                                .map(row -> row.stream()
                                        .map(value -> value == null ? "NULL" : String.valueOf(value))
                                        .collect(Collectors.joining(" | ")))
                                .collect(Collectors.joining("\n"))
                        + (count > SHOWN ? "\n… " + (count - SHOWN) + " more" : ""));
    }

    private List<ColumnInfo> columnsOf(String input) {
        Node node = project.nodes().get(input.equals("this") ? test.model() : input);
        Optional<Relation> relation = node == null ? Optional.empty() : RunContext.relation(node);
        SourceTable source = project.sources().get(input);
        List<ColumnInfo> columns = List.of();
        if (relation.isPresent()) {
            columns = session.columns(relation.get());
        } else if (source != null) {
            columns = source.externalLocation() == null
                    ? session.columns(source.relation())
                    : session.describe("select * from " + source.externalLocation());
        }
        if (columns.isEmpty()) {
            throw new ModelFaultException(session.what() + ": the columns of " + input
                    + " are not known, because it was never built; build it first, or give its rows with format: sql");
        }
        return columns;
    }

    private String inputName(Fixture given) {
        return "'" + given.input().substring(given.input().lastIndexOf('.') + 1) + "'";
    }

    /** The rows as SQL; a column that a row does not name is NULL. */
    private String rows(Fixture fixture, List<ColumnInfo> columns, String what) {
        for (Map<String, @Nullable Object> row : fixture.rows()) {
            row.keySet().forEach(name -> column(columns, name, what));
        }
        Function<Map<String, @Nullable Object>, String> select = row -> columns.stream()
                .map(column -> "cast(" + literal(value(row, column.name())) + " as " + column.type() + ") as "
                        + Relation.quote(column.name()))
                .collect(Collectors.joining(", ", "select ", ""));
        return fixture.rows().isEmpty()
                ? select.apply(Map.of()) + " limit 0"
                : fixture.rows().stream().map(select).collect(Collectors.joining("\nunion all\n"));
    }

    private static @Nullable Object value(Map<String, @Nullable Object> row, String name) {
        for (Map.Entry<String, @Nullable Object> entry : row.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(name)) {
                return entry.getValue();
            }
        }
        return null;
    }

    private ColumnInfo column(List<ColumnInfo> columns, String name, String what) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new ModelFaultException(session.what() + ": Invalid column name: '" + name
                        + "' in unit test fixture for " + what + ".\nAccepted columns for " + what + " are: "
                        + new ArrayList<>(columns.stream()
                                .map(column -> column.name().toLowerCase(Locale.ROOT))
                                .toList())));
    }

    private static String literal(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return value instanceof Number || value instanceof Boolean || value instanceof List || value instanceof Map
                ? Python.str(value)
                : Relation.literal(value.toString());
    }
}
