package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code pprint.pformat}: on one line if it fits into 80 columns, else one element to a line, dicts sorted. */
final class PrettyPrint {
    private static final int WIDTH = 80;

    private PrettyPrint() {}

    static String format(@Nullable Object value) {
        return format(value, 0, 0);
    }

    /** @param after how many characters follow on the last line */
    private static String format(@Nullable Object value, int indent, int after) {
        Budget.current().step();
        String line = Representation.repr(sorted(value));
        if (line.length() <= WIDTH - indent - after) {
            return line;
        }
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            List<String> entries = new ArrayList<>();
            for (Map.Entry<?, ?> entry : entries(map)) {
                String key = Representation.repr(entry.getKey());
                entries.add(key + ": " + format(entry.getValue(), indent + key.length() + 3, 1));
            }
            return "{" + String.join(",\n" + " ".repeat(indent + 1), entries) + "}";
        }
        if (value instanceof List<?> list && !list.isEmpty() && !(value instanceof PyRange)) {
            List<String> elements = new ArrayList<>();
            for (Object element : list) {
                elements.add(format(element, indent + 1, 1));
            }
            boolean tuple = value instanceof PyTuple;
            String end = tuple ? (list.size() == 1 ? ",)" : ")") : "]";
            return (tuple ? "(" : "[") + String.join(",\n" + " ".repeat(indent + 1), elements) + end;
        }
        return line;
    }

    private static @Nullable Object sorted(@Nullable Object value) {
        Budget.current().step();
        if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> sorted = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : entries(map)) {
                sorted.put(entry.getKey(), sorted(entry.getValue()));
            }
            return sorted;
        }
        if (value instanceof List<?> list && !(value instanceof PyRange)) {
            List<@Nullable Object> elements = new ArrayList<>();
            list.forEach(element -> elements.add(sorted(element)));
            return value instanceof PyTuple ? PyTuple.copyOf(elements) : elements;
        }
        return value;
    }

    private static List<Map.Entry<?, ?>> entries(Map<?, ?> map) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        try {
            entries.sort((left, right) -> Comparison.compare(left.getKey(), right.getKey(), "<"));
        } catch (JinjaException noOrder) {
            return new ArrayList<>(map.entrySet());
        }
        return entries;
    }
}
