package dev.landfall.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All filters by name. What they do stands in TextFilters, SequenceFilters and NumberFilters. */
final class Filters {

    /** What a filter makes of a value. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Object apply(@Nullable Object value, Arguments arguments);
    }

    /** @param parameters their names in order; null if the filter takes whatever it gets */
    private record Filter(Body body, @Nullable List<String> parameters) {}

    private static final Map<String, Filter> FILTERS = new HashMap<>();

    /** They call other filters or tests by name, or chance. */
    private static final Set<String> IMPURE = Set.of(
            "map", "select", "reject", "selectattr", "rejectattr", "random", "unique", "batch", "slice", "items");

    private Filters() {}

    static {
        TextFilters.register();
        SequenceFilters.register();
        SelectionFilters.register();
        NumberFilters.register();
        add("default", Filters::otherwise, "default_value", "boolean");
        add("d", Filters::otherwise, "default_value", "boolean");
        add("attr", (value, arguments) -> Attributes.ownAttribute(value, arguments.text(0, "name")), "name");
        add("as_text", (value, arguments) -> value);
        add("as_bool", (value, arguments) -> value);
        add("as_native", (value, arguments) -> value);
        add("as_number", (value, arguments) -> value);
        add(
                "is_list",
                (value, arguments) ->
                        value instanceof List<?> && !(value instanceof PyTuple) && !(value instanceof PyRange));
    }

    static void add(String name, Body body, String... parameters) {
        FILTERS.put(name, new Filter(body, List.of(parameters)));
    }

    static void addOpen(String name, Body body) {
        FILTERS.put(name, new Filter(body, null));
    }

    static boolean exists(String name) {
        return FILTERS.containsKey(name);
    }

    /** Whether the result depends on nothing but the value and the arguments. */
    static boolean isPure(String name) {
        return !IMPURE.contains(name) && !name.startsWith("as_");
    }

    static @Nullable Object apply(String name, @Nullable Object value, Arguments arguments, Scope.Mode mode) {
        if (mode == Scope.Mode.NATIVE) {
            NativeMarker.Kind kind = NativeMarker.Kind.of(name);
            if (kind != null) {
                return new NativeMarker(kind, Representation.str(value));
            }
        }
        return apply(name, value, arguments);
    }

    static @Nullable Object apply(String name, @Nullable Object value, Arguments arguments) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw new JinjaException("No filter named " + Representation.repr(name) + ".");
        }
        List<String> parameters = filter.parameters;
        if (parameters != null) {
            check(name, parameters, arguments);
        }
        return filter.body.apply(value, arguments);
    }

    private static void check(String name, List<String> parameters, Arguments arguments) {
        if (arguments.positional().size() > parameters.size()) {
            throw new JinjaException("filter '" + name + "' takes at most " + parameters.size() + " argument(s) but "
                    + arguments.positional().size() + " were given");
        }
        for (String keyword : arguments.keyword().keySet()) {
            int index = parameters.indexOf(keyword);
            if (index < 0) {
                throw new JinjaException("filter '" + name + "' got an unexpected keyword argument '" + keyword + "'");
            }
            if (index < arguments.positional().size()) {
                throw new JinjaException("filter '" + name + "' got multiple values for argument '" + keyword + "'");
            }
        }
    }

    private static @Nullable Object otherwise(@Nullable Object value, Arguments arguments) {
        boolean replace = value instanceof Undefined || (arguments.flag(1, "boolean", false) && !Values.truth(value));
        return replace ? arguments.get(0, "default_value", "") : value;
    }
}
