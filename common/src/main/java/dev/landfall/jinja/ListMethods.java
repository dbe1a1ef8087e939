package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods of Python's list, and those of them that tuple and range have. */
final class ListMethods {
    static final Methods<List<@Nullable Object>> TABLE = new Methods<>("list", listType());
    static final Methods<List<@Nullable Object>> TUPLE_TABLE = new Methods<>("tuple", listType());

    private ListMethods() {}

    static {
        TABLE.add("append", 1, 1, (self, arguments) -> insert(self, self.size(), arguments.require(0, "object")));
        TABLE.add(
                "insert",
                2,
                2,
                (self, arguments) ->
                        insert(self, position(self, arguments.require(0, "index")), arguments.require(1, "object")));
        TABLE.add("extend", 1, 1, (self, arguments) -> {
            List<@Nullable Object> more = Values.list(arguments.require(0, "iterable"));
            Budget.current().allow((long) self.size() + more.size());
            self.addAll(more);
            return null;
        });
        TABLE.add("pop", 0, 1, (self, arguments) -> pop(self, Values.toIndex(arguments.get(0, "index", -1L))));
        TABLE.add("remove", 1, 1, (self, arguments) -> remove(self, arguments.require(0, "value")));
        TABLE.add("sort", 0, 2, ListMethods::sort);
        TABLE.add("reverse", (self, arguments) -> {
            Collections.reverse(self);
            return null;
        });
        TABLE.add("copy", (self, arguments) -> new ArrayList<>(self));
        TABLE.add("clear", (self, arguments) -> {
            self.clear();
            return null;
        });
        for (Methods<List<@Nullable Object>> table : List.of(TABLE, TUPLE_TABLE)) {
            table.add("index", 1, 3, ListMethods::index);
            table.add("count", 1, 1, (self, arguments) -> count(self, arguments.require(0, "value")));
        }
    }

    @SuppressWarnings("unchecked") // what a list holds does not show at run time
    private static Class<List<@Nullable Object>> listType() {
        return (Class<List<@Nullable Object>>) (Class<?>) List.class;
    }

    private static @Nullable Object insert(List<@Nullable Object> list, int position, @Nullable Object value) {
        Budget.current().allow(list.size() + 1L);
        list.add(position, value);
        return null;
    }

    private static int position(List<?> list, @Nullable Object index) {
        long position = Values.toIndex(index);
        return (int) Math.max(0, Math.min(list.size(), position < 0 ? position + list.size() : position));
    }

    private static @Nullable Object pop(List<@Nullable Object> list, int index) {
        if (list.isEmpty()) {
            throw new JinjaException("pop from empty list");
        }
        int position = index < 0 ? index + list.size() : index;
        if (position < 0 || position >= list.size()) {
            throw new JinjaException("pop index out of range");
        }
        return list.remove(position);
    }

    private static @Nullable Object remove(List<@Nullable Object> list, @Nullable Object value) {
        for (int index = 0; index < list.size(); index++) {
            if (Comparison.equal(list.get(index), value)) {
                list.remove(index);
                return null;
            }
        }
        throw new JinjaException("list.remove(x): x not in list");
    }

    private static @Nullable Object sort(List<@Nullable Object> list, Arguments arguments) {
        Object key = arguments.keyword().get("key");
        List<@Nullable Object> sorted = Sorting.sorted(
                list,
                key == null ? element -> element : element -> Calls.invoke(key, Arguments.of(element)),
                Values.truth(arguments.keyword().getOrDefault("reverse", false)));
        list.clear();
        list.addAll(sorted);
        return null;
    }

    private static Object index(List<@Nullable Object> list, Arguments arguments) {
        Object wanted = arguments.require(0, "value");
        int start = position(list, arguments.get(1, "start", 0L));
        int stop = position(list, arguments.get(2, "stop", (long) list.size()));
        for (int index = start; index < stop; index++) {
            if (Comparison.equal(list.get(index), wanted)) {
                return (long) index;
            }
        }
        throw new JinjaException(
                list instanceof PyTuple
                        ? "tuple.index(x): x not in tuple"
                        : Representation.repr(wanted) + " is not in list");
    }

    private static long count(List<@Nullable Object> list, @Nullable Object wanted) {
        long count = 0;
        for (Object element : list) {
            if (Comparison.equal(element, wanted)) {
                count++;
            }
        }
        return count;
    }
}
