package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template sees: range, dict, namespace, cycler and joiner. */
final class Globals {
    private static final Map<String, BuiltIn> FUNCTIONS = Map.of(
            "range", Globals::range,
            "dict", Globals::dict,
            "namespace", arguments -> new Namespace(named(dict(arguments))),
            "cycler", arguments -> new Cycler(arguments.positional()),
            "joiner", arguments -> new Joiner(arguments.text(0, "sep", ", ")));

    private Globals() {}

    /** Null when there is no such function. */
    static @Nullable Object get(String name) {
        return FUNCTIONS.get(name);
    }

    private static PyRange range(Arguments arguments) {
        List<@Nullable Object> bounds = arguments.positional();
        if (bounds.isEmpty()) {
            throw new JinjaException("range expected at least 1 argument, got 0");
        }
        if (bounds.size() > 3) {
            throw new JinjaException("range expected at most 3 arguments, got " + bounds.size());
        }
        long start = bounds.size() == 1 ? 0 : Values.toIndex(bounds.get(0));
        long stop = Values.toIndex(bounds.get(bounds.size() == 1 ? 0 : 1));
        return new PyRange(start, stop, bounds.size() < 3 ? 1 : Values.toIndex(bounds.get(2)));
    }

    private static Map<@Nullable Object, @Nullable Object> dict(Arguments arguments) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        DictMethods.update(map, arguments);
        return map;
    }

    private static Map<String, @Nullable Object> named(Map<@Nullable Object, @Nullable Object> map) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        map.forEach((key, value) -> named.put(Representation.str(key), value));
        return named;
    }

    /** Gives its values one after the other, again and again. */
    private static final class Cycler implements HostObject {
        private final List<@Nullable Object> values;
        private int next;

        Cycler(List<@Nullable Object> values) {
            if (values.isEmpty()) {
                throw new JinjaException("at least one item has to be provided");
            }
            this.values = new ArrayList<>(values);
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "current" -> values.get(next);
                case "next" ->
                    (BuiltIn) arguments -> {
                        Object value = values.get(next);
                        next = (next + 1) % values.size();
                        return value;
                    };
                case "reset" ->
                    (BuiltIn) arguments -> {
                        next = 0;
                        return null;
                    };
                default -> Undefined.of(name);
            };
        }

        @Override
        public String typeName() {
            return "jinja2.utils.Cycler";
        }
    }

    /** Gives nothing at the first call and its separator at every other. */
    private static final class Joiner implements BuiltIn {
        private final String separator;
        private boolean used;

        Joiner(String separator) {
            this.separator = separator;
        }

        @Override
        public Object call(Arguments arguments) {
            boolean first = !used;
            used = true;
            return first ? "" : separator;
        }
    }
}
