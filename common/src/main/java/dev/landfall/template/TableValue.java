package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.HostObject;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.PyTuple;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query's rows as templates see them: an agate table. */
final class TableValue implements HostObject {
    static final TableValue EMPTY = new TableValue(List.of(), List.of());

    private final List<String> names;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Integer> positions = new LinkedHashMap<>();

    private TableValue(List<String> names, List<List<@Nullable Object>> values) {
        this.names = unique(names);
        for (String name : this.names) {
            positions.put(name, positions.size());
        }
        for (List<@Nullable Object> row : values) {
            rows.add(new Row(row));
        }
    }

    static TableValue of(QueryResult result) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (List<@Nullable Object> row : result.rows()) {
            List<@Nullable Object> values = new ArrayList<>(row.size());
            for (Object value : row) {
                values.add(DatabaseValues.toPython(value));
            }
            rows.add(values);
        }
        return new TableValue(result.names(), rows);
    }

    /** agate's way with names that come twice: {@code a}, {@code a_2}. */
    private static List<String> unique(List<String> names) {
        Set<String> taken = new LinkedHashSet<>();
        for (String name : names) {
            String free = name;
            for (int copy = 2; !taken.add(free); copy++) {
                free = name + "_" + copy;
            }
        }
        return List.copyOf(taken);
    }

    /** Rows as lists: {@code load_result(…).data}. */
    List<Object> matrix() {
        List<Object> matrix = new ArrayList<>();
        for (Row row : rows) {
            matrix.add(new ArrayList<>(row.values));
        }
        return matrix;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "columns" -> new Columns();
            case "rows" -> new Rows();
            case "column_names" -> PyTuple.of(names.toArray());
            case "print_table", "print_csv", "print_json" -> (Callable) arguments -> null;
            case "select" -> (Callable) this::select;
            case "exclude" -> (Callable) this::exclude;
            case "rename" -> (Callable) this::rename;
            case "limit" -> (Callable) this::limit;
            default -> Undefined.because(name, "'agate.table.Table object' has no attribute '" + name + "'");
        };
    }

    private TableValue select(Arguments arguments) {
        return project(strings(arguments.require(0, "key")));
    }

    private TableValue exclude(Arguments arguments) {
        List<String> left = new ArrayList<>(names);
        left.removeAll(strings(arguments.require(0, "key")));
        return project(left);
    }

    private TableValue project(List<String> wanted) {
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (Row row : rows) {
            List<@Nullable Object> picked = new ArrayList<>();
            for (String name : wanted) {
                picked.add(row.values.get(position(name)));
            }
            values.add(picked);
        }
        return new TableValue(wanted, values);
    }

    private TableValue rename(Arguments arguments) {
        Object renames = arguments.get(0, "column_names");
        List<String> renamed = new ArrayList<>(names);
        if (renames instanceof Map<?, ?> map) {
            renamed.replaceAll(name -> map.containsKey(name) ? Python.str(map.get(name)) : name);
        } else if (renames != null) {
            renamed = strings(renames);
        }
        return new TableValue(renamed, plainRows(0, rows.size()));
    }

    private TableValue limit(Arguments arguments) {
        int end = arguments.get(0, "start_or_stop") instanceof Long stop
                ? (int) Math.min(stop, rows.size())
                : rows.size();
        return new TableValue(names, plainRows(0, Math.max(0, end)));
    }

    private List<List<@Nullable Object>> plainRows(int from, int to) {
        List<List<@Nullable Object>> plain = new ArrayList<>();
        for (Row row : rows.subList(from, to)) {
            plain.add(row.values);
        }
        return plain;
    }

    private static List<String> strings(@Nullable Object value) {
        List<String> strings = new ArrayList<>();
        if (value instanceof String text) {
            strings.add(text);
        } else {
            Python.elements(value).forEach(item -> strings.add(Python.str(item)));
        }
        return strings;
    }

    private int position(String name) {
        Integer position = positions.get(name);
        if (position == null) {
            throw new JinjaException("no column '" + name + "' in the result, which has: " + String.join(", ", names));
        }
        return position;
    }

    @Override
    public @Nullable Object item(@Nullable Object key) {
        return new Rows().item(key);
    }

    @Override
    public Iterable<? extends @Nullable Object> elements() {
        return rows;
    }

    @Override
    public int length() {
        return rows.size();
    }

    @Override
    public boolean truth() {
        return !rows.isEmpty();
    }

    @Override
    public boolean isIterable() {
        return true;
    }

    @Override
    public String typeName() {
        return "Table";
    }

    /** As agate prints a table: its columns. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("| column | data_type |\n| ------ | --------- |\n");
        names.forEach(name -> text.append("| ").append(name).append(" |  |\n"));
        return text.toString();
    }

    /** A position counted from the front, or from the back when negative; -1 when it is outside. */
    private static int index(Object key, int size) {
        if (!(key instanceof Long number)) {
            return -1;
        }
        long index = number < 0 ? number + size : number;
        return index >= 0 && index < size ? (int) index : -1;
    }

    /** What agate's rows and columns, and their parts, have in common. */
    private abstract static class MappedSequence implements HostObject {
        abstract List<? extends @Nullable Object> list();

        @Nullable
        Object get(Arguments arguments) {
            Object found = item(arguments.require(0, "key"));
            return found instanceof Undefined ? arguments.get(1, "default") : found;
        }

        @Override
        public Iterable<? extends @Nullable Object> elements() {
            return list();
        }

        @Override
        public int length() {
            return list().size();
        }

        @Override
        public boolean truth() {
            return !list().isEmpty();
        }

        @Override
        public boolean isSequence() {
            return true;
        }

        @Override
        public String typeName() {
            return "MappedSequence";
        }
    }

    private final class Row extends MappedSequence {
        private final List<@Nullable Object> values;

        Row(List<@Nullable Object> values) {
            this.values = Collections.unmodifiableList(values);
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "values" -> (Callable) arguments -> PyTuple.of(values.toArray());
                case "keys" -> (Callable) arguments -> PyTuple.of(names.toArray());
                case "items" -> (Callable) arguments -> items();
                case "dict" -> (Callable) arguments -> mapping();
                case "get" -> (Callable) this::get;
                case "count" ->
                    (Callable) arguments -> values.stream()
                            .filter(value -> Python.equal(value, arguments.get(0, "value")))
                            .count();
                case "index" -> (Callable) arguments -> (long) values.indexOf(arguments.get(0, "value"));
                default -> Undefined.because(name, "'agate.rows.Row object' has no attribute '" + name + "'");
            };
        }

        private List<Object> items() {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                items.add(PyTuple.of(names.get(i), values.get(i)));
            }
            return items;
        }

        private Map<String, @Nullable Object> mapping() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                map.put(names.get(i), values.get(i));
            }
            return map;
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            if (key instanceof String name) {
                Integer position = positions.get(name);
                return position == null
                        ? Undefined.because(name, "the row has no column '" + name + "'")
                        : values.get(position);
            }
            int index = key == null ? -1 : index(key, values.size());
            return index < 0 ? Undefined.because(Python.str(key), "row index out of range") : values.get(index);
        }

        @Override
        List<? extends @Nullable Object> list() {
            return values;
        }

        @Override
        public String typeName() {
            return "Row";
        }

        @Override
        public String toString() {
            return "<agate.Row: " + Python.str(PyTuple.of(values.toArray())) + ">";
        }
    }

    private final class Column extends MappedSequence {
        private final int position;

        Column(int position) {
            this.position = position;
        }

        private List<@Nullable Object> values() {
            List<@Nullable Object> values = new ArrayList<>(rows.size());
            for (Row row : rows) {
                values.add(row.values.get(position));
            }
            return values;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "values" -> (Callable) arguments -> PyTuple.of(values().toArray());
                case "values_distinct" -> (Callable) arguments -> PyTuple.of(new LinkedHashSet<>(values()).toArray());
                case "values_without_nulls" ->
                    (Callable) arguments -> {
                        List<@Nullable Object> present = values();
                        present.removeIf(value -> value == null);
                        return PyTuple.of(present.toArray());
                    };
                case "name" -> names.get(position);
                case "index" -> (long) position;
                default -> Undefined.because(name, "'agate.columns.Column object' has no attribute '" + name + "'");
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            int index = key == null ? -1 : index(key, rows.size());
            return index < 0
                    ? Undefined.because(Python.str(key), "column index out of range")
                    : rows.get(index).values.get(position);
        }

        @Override
        List<? extends @Nullable Object> list() {
            return values();
        }

        @Override
        public String typeName() {
            return "Column";
        }

        @Override
        public String toString() {
            return "<agate.Column: " + Python.str(PyTuple.of(values().toArray())) + ">";
        }
    }

    private final class Columns extends MappedSequence {
        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "keys" -> (Callable) arguments -> PyTuple.of(names.toArray());
                case "values" -> (Callable) arguments -> PyTuple.of(all().toArray());
                case "items" ->
                    (Callable) arguments -> {
                        List<Object> items = new ArrayList<>();
                        names.forEach(each -> items.add(PyTuple.of(each, new Column(position(each)))));
                        return items;
                    };
                case "get" -> (Callable) this::get;
                default -> Undefined.of(name);
            };
        }

        private List<Column> all() {
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                columns.add(new Column(i));
            }
            return columns;
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            if (key instanceof String name) {
                Integer position = positions.get(name);
                return position == null
                        ? Undefined.because(
                                name, "the result has no column '" + name + "'; it has: " + String.join(", ", names))
                        : new Column(position);
            }
            int index = key == null ? -1 : index(key, names.size());
            return index < 0
                    ? Undefined.because(
                            Python.str(key),
                            "the result has " + names.size() + " columns, no column " + Python.str(key))
                    : new Column(index);
        }

        @Override
        List<? extends @Nullable Object> list() {
            return all();
        }
    }

    private final class Rows extends MappedSequence {
        @Override
        public @Nullable Object attribute(String name) {
            return name.equals("values") ? (Callable) arguments -> PyTuple.of(rows.toArray()) : Undefined.of(name);
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            int index = key == null ? -1 : index(key, rows.size());
            return index < 0
                    ? Undefined.because(
                            Python.str(key), "the result has " + rows.size() + " rows, no row " + Python.str(key))
                    : rows.get(index);
        }

        @Override
        List<? extends @Nullable Object> list() {
            return rows;
        }
    }
}
