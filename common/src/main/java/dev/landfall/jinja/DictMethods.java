package dev.landfall.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of Python's dict. */
final class DictMethods {
    static final Methods<Map<@Nullable Object, @Nullable Object>> TABLE = new Methods<>("dict", mapType());

    private DictMethods() {}

    static {
        TABLE.add("items", (self, arguments) -> new DictView(DictView.Kind.ITEMS, self));
        TABLE.add("keys", (self, arguments) -> new DictView(DictView.Kind.KEYS, self));
        TABLE.add("values", (self, arguments) -> new DictView(DictView.Kind.VALUES, self));
        TABLE.add("get", 1, 2, (self, arguments) -> {
            Object key = Keys.find(self, Keys.require(arguments.require(0, "key")));
            return key == Keys.MISSING ? arguments.get(1, "default") : self.get(key);
        });
        TABLE.add("update", 0, Methods.ANY, (self, arguments) -> {
            update(self, arguments);
            return null;
        });
        TABLE.add("pop", 1, 2, DictMethods::pop);
        TABLE.add("popitem", (self, arguments) -> popItem(self));
        TABLE.add("setdefault", 1, 2, (self, arguments) -> {
            Object key = Keys.find(self, Keys.require(arguments.require(0, "key")));
            if (key != Keys.MISSING) {
                return self.get(key);
            }
            put(self, arguments.require(0, "key"), arguments.get(1, "default"));
            return arguments.get(1, "default");
        });
        TABLE.add("copy", (self, arguments) -> new LinkedHashMap<>(self));
        TABLE.add("clear", (self, arguments) -> {
            self.clear();
            return null;
        });
        TABLE.add("fromkeys", 1, 2, (self, arguments) -> {
            Map<@Nullable Object, @Nullable Object> made = new LinkedHashMap<>();
            for (Object key : Values.elements(arguments.require(0, "iterable"))) {
                put(made, key, arguments.get(1, "value"));
            }
            return made;
        });
    }

    @SuppressWarnings("unchecked") // what a map holds does not show at run time
    private static Class<Map<@Nullable Object, @Nullable Object>> mapType() {
        return (Class<Map<@Nullable Object, @Nullable Object>>) (Class<?>) Map.class;
    }

    private static void put(Map<@Nullable Object, @Nullable Object> map, @Nullable Object key, @Nullable Object value) {
        Budget.current().allow(map.size() + 1L);
        Keys.put(map, key, value);
    }

    /** Takes over another dict or pairs, then what is given by name. */
    static void update(Map<@Nullable Object, @Nullable Object> map, Arguments arguments) {
        if (arguments.positional().size() > 1) {
            throw new JinjaException("update expected at most 1 argument, got "
                    + arguments.positional().size());
        }
        if (!arguments.positional().isEmpty()) {
            updateFrom(map, arguments.positional().get(0));
        }
        arguments.keyword().forEach((name, value) -> put(map, name, value));
    }

    private static void updateFrom(Map<@Nullable Object, @Nullable Object> map, @Nullable Object other) {
        if (other instanceof Map<?, ?> dict) {
            new LinkedHashMap<>(dict).forEach((key, value) -> put(map, key, value));
        } else if (other instanceof HostObject object && object.isMapping()) {
            object.elements().forEach(key -> put(map, key, Attributes.item(object, key)));
        } else {
            int index = 0;
            for (Object pair : Values.elements(other)) {
                if (!Values.isIterable(pair)) {
                    throw new JinjaException(
                            "cannot convert dictionary update sequence element #" + index + " to a sequence");
                }
                List<@Nullable Object> parts = Values.list(pair);
                if (parts.size() != 2) {
                    throw new JinjaException("dictionary update sequence element #" + index + " has length "
                            + parts.size() + "; 2 is required");
                }
                put(map, parts.get(0), parts.get(1));
                index++;
            }
        }
    }

    private static @Nullable Object pop(Map<@Nullable Object, @Nullable Object> map, Arguments arguments) {
        Object wanted = Keys.require(arguments.require(0, "key"));
        Object key = Keys.find(map, wanted);
        if (key != Keys.MISSING) {
            return map.remove(key);
        }
        if (arguments.has(1, "default")) {
            return arguments.get(1, "default");
        }
        throw new JinjaException(Representation.repr(wanted));
    }

    private static Object popItem(Map<@Nullable Object, @Nullable Object> map) {
        if (map.isEmpty()) {
            throw new JinjaException("'popitem(): dictionary is empty'");
        }
        Object last = null;
        for (Object key : map.keySet()) {
            last = key;
        }
        return PyTuple.of(last, map.remove(last));
    }
}
