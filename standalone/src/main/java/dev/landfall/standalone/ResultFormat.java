package dev.landfall.standalone;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How the rows of a query are written. */
enum ResultFormat {
    /** For people: aligned columns, numbers to the right, NULL as nothing. */
    TABLE {
        @Override
        void write(List<String> names, List<List<@Nullable Object>> rows, PrintStream out) {
            TextTable table = new TextTable(names);
            rows.forEach(row -> table.row(row.stream()
                    .map(value -> value == null ? "" : Values.text(value))
                    .toList()));
            for (int column = 0; column < names.size(); column++) {
                if (isNumeric(rows, column)) {
                    table.alignRight(column);
                }
            }
            table.lines().forEach(out::println);
            out.println("(" + rows.size() + (rows.size() == 1 ? " row)" : " rows)"));
        }
    },

    /** RFC 4180 with a header; NULL is empty, an empty text is {@code ""}. */
    CSV {
        @Override
        void write(List<String> names, List<List<@Nullable Object>> rows, PrintStream out) {
            out.println(names.stream().map(ResultFormat::quoted).collect(Collectors.joining(",")));
            rows.forEach(row -> out.println(row.stream()
                    .map(value -> value == null ? "" : quoted(Values.text(value)))
                    .collect(Collectors.joining(","))));
        }
    },

    /** An array of objects, one a line. */
    JSON {
        @Override
        void write(List<String> names, List<List<@Nullable Object>> rows, PrintStream out) {
            out.println(json(names, rows));
        }
    };

    abstract void write(List<String> names, List<List<@Nullable Object>> rows, PrintStream out);

    /** As the command line spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The rows as an array of objects. */
    private static String json(List<String> names, List<List<@Nullable Object>> rows) {
        return rows.isEmpty()
                ? "[]"
                : rows.stream()
                        .map(row -> "  {" + String.join(", ", members(names, row)) + "}")
                        .collect(Collectors.joining(",\n", "[\n", "\n]"));
    }

    /** A row as the members of a JSON object. */
    static List<String> members(List<String> names, List<@Nullable Object> row) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> Values.jsonText(names.get(i)) + ": " + Values.json(row.get(i)))
                .toList();
    }

    private static boolean isNumeric(List<List<@Nullable Object>> rows, int column) {
        return !rows.isEmpty()
                && rows.stream()
                        .map(row -> row.get(column))
                        .allMatch(value -> value == null || value instanceof Number);
    }

    private static String quoted(String text) {
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
