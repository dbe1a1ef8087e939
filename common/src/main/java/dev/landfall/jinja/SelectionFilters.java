package dev.landfall.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** map, select and reject: they apply another filter or test to each element, lazily. */
final class SelectionFilters {
    private SelectionFilters() {}

    static void register() {
        Filters.addOpen("map", SelectionFilters::map);
        Filters.addOpen("select", (value, arguments) -> select(value, arguments, true));
        Filters.addOpen("reject", (value, arguments) -> select(value, arguments, false));
        Filters.addOpen("selectattr", (value, arguments) -> selectByAttribute(value, arguments, true));
        Filters.addOpen("rejectattr", (value, arguments) -> selectByAttribute(value, arguments, false));
    }

    private static Object map(@Nullable Object value, Arguments arguments) {
        if (!Values.truth(value)) {
            return new Generator("sync_do_map", Collections.emptyIterator());
        }
        Function<@Nullable Object, @Nullable Object> function = mapping(arguments);
        Iterator<? extends @Nullable Object> elements = Values.elements(value).iterator();
        return new Generator("sync_do_map", new Iterator<@Nullable Object>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public @Nullable Object next() {
                Budget.current().step();
                return function.apply(elements.next());
            }
        });
    }

    private static Function<@Nullable Object, @Nullable Object> mapping(Arguments arguments) {
        if (arguments.positional().isEmpty() && arguments.keyword().containsKey("attribute")) {
            Map<String, @Nullable Object> options = new LinkedHashMap<>(arguments.keyword());
            AttributePath path = AttributePath.of(options.remove("attribute")).otherwise(options.remove("default"));
            if (!options.isEmpty()) {
                String name = options.keySet().iterator().next();
                throw new JinjaException("Unexpected keyword argument " + Representation.repr(name));
            }
            return path::get;
        }
        if (arguments.positional().isEmpty()) {
            throw new JinjaException("map requires a filter argument");
        }
        String filter = Representation.str(arguments.positional().get(0));
        Arguments rest = without(arguments, 1);
        return element -> Filters.apply(filter, element, rest);
    }

    private static Arguments without(Arguments arguments, int leading) {
        List<@Nullable Object> positional = arguments.positional();
        return new Arguments(positional.subList(leading, positional.size()), arguments.keyword(), arguments.location());
    }

    private static Object select(@Nullable Object value, Arguments arguments, boolean wanted) {
        return select(value, AttributePath.of(null), arguments, wanted);
    }

    private static Object selectByAttribute(@Nullable Object value, Arguments arguments, boolean wanted) {
        if (arguments.positional().isEmpty()) {
            throw new JinjaException("Missing parameter for attribute name");
        }
        AttributePath path = AttributePath.of(arguments.positional().get(0));
        return select(value, path, without(arguments, 1), wanted);
    }

    private static Object select(@Nullable Object value, AttributePath path, Arguments arguments, boolean wanted) {
        if (!Values.truth(value)) {
            return new Generator("select_or_reject", Collections.emptyIterator());
        }
        Iterator<? extends @Nullable Object> elements = Values.elements(value).iterator();
        if (arguments.positional().isEmpty()) {
            return new Generator(
                    "select_or_reject",
                    new FilteringIterator(elements, element -> Values.truth(path.get(element)) == wanted));
        }
        String test = Representation.str(arguments.positional().get(0));
        Arguments rest = without(arguments, 1);
        return new Generator(
                "select_or_reject",
                new FilteringIterator(elements, element -> Tests.apply(test, path.get(element), rest) == wanted));
    }
}
