package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agate table that run_query gives, as far as the golden cases look into it. */
final class MockTable implements HostObject {
    private final List<String> columnNames;
    private final List<Line> rows = new ArrayList<>();
    private final List<Line> columns = new ArrayList<>();

    MockTable(List<String> columnNames, List<List<Object>> cells) {
        this.columnNames = columnNames;
        cells.forEach(row -> rows.add(new Line(columnNames, PyTuple.copyOf(row))));
        for (int index = 0; index < columnNames.size(); index++) {
            int column = index;
            columns.add(new Line(
                    List.of(),
                    PyTuple.copyOf(cells.stream().map(row -> row.get(column)).toList())));
        }
    }

    List<Line> rows() {
        return rows;
    }

    @Override
    public Object attribute(String name) {
        return switch (name) {
            case "rows" -> new Line(List.of(), PyTuple.copyOf(rows));
            case "columns" -> new Line(columnNames, PyTuple.copyOf(columns));
            case "column_names" -> PyTuple.copyOf(columnNames);
            default -> Undefined.of(name);
        };
    }

    @Override
    public int length() {
        return rows.size();
    }

    @Override
    public boolean truth() {
        return !rows.isEmpty();
    }

    /** Values that can be had by number and by name: a row, a column, all rows, all columns. */
    record Line(List<String> names, PyTuple values) implements HostObject {
        @Override
        public Object attribute(String name) {
            return name.equals("values") ? (Callable) arguments -> values : Undefined.of(name);
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            if (key instanceof Long index) {
                int position = index.intValue() < 0 ? index.intValue() + values.size() : index.intValue();
                return position >= 0 && position < values.size() ? values.get(position) : Undefined.of("" + key);
            }
            int index = names.indexOf(Python.str(key));
            return index < 0 ? Undefined.of(Python.str(key)) : values.get(index);
        }

        @Override
        public Iterable<? extends @Nullable Object> elements() {
            return values;
        }

        @Override
        public int length() {
            return values.size();
        }

        @Override
        public boolean isSequence() {
            return true;
        }
    }
}
