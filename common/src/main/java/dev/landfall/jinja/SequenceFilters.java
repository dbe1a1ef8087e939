package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Filters over what can be gone through. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void register() {
        Filters.add("length", (value, arguments) -> (long) Values.length(value));
        Filters.add("count", (value, arguments) -> (long) Values.length(value));
        Filters.add("list", (value, arguments) -> Values.list(value));
        Filters.add("first", (value, arguments) -> first(value));
        Filters.add("last", (value, arguments) -> last(value));
        Filters.add("random", (value, arguments) -> random(value));
        Filters.add("reverse", (value, arguments) -> reverse(value));
        Filters.add("items", (value, arguments) -> items(value));
        Filters.add("dictsort", SequenceFilters::sortDict, "case_sensitive", "by", "reverse");
        Filters.add("sort", SequenceFilters::sort, "reverse", "case_sensitive", "attribute");
        Filters.add("unique", SequenceFilters::unique, "case_sensitive", "attribute");
        Filters.add("min", (value, arguments) -> extreme(value, arguments, false), "case_sensitive", "attribute");
        Filters.add("max", (value, arguments) -> extreme(value, arguments, true), "case_sensitive", "attribute");
        Filters.add("sum", SequenceFilters::sum, "attribute", "start");
        Filters.add("groupby", SequenceFilters::groupBy, "attribute", "default", "case_sensitive");
        Filters.add("batch", SequenceFilters::batch, "linecount", "fill_with");
        Filters.add("slice", SequenceFilters::slice, "slices", "fill_with");
    }

    private static @Nullable Object first(@Nullable Object value) {
        Iterator<? extends @Nullable Object> elements = Values.elements(value).iterator();
        return elements.hasNext() ? elements.next() : Undefined.because("first", "No first item, sequence was empty.");
    }

    private static @Nullable Object last(@Nullable Object value) {
        if (!Values.isIterable(value) || value instanceof Generator || value instanceof Set<?>) {
            throw new JinjaException("'" + Values.typeName(value) + "' object is not reversible");
        }
        List<@Nullable Object> elements = Values.list(value);
        return elements.isEmpty()
                ? Undefined.because("last", "No last item, sequence was empty.")
                : elements.get(elements.size() - 1);
    }

    private static @Nullable Object random(@Nullable Object value) {
        List<@Nullable Object> elements = Values.list(value);
        return elements.isEmpty()
                ? Undefined.because("random", "No random item, sequence was empty.")
                : elements.get(ThreadLocalRandom.current().nextInt(elements.size()));
    }

    private static Object reverse(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return new StringBuilder(text).reverse().toString();
        }
        if (!Values.isIterable(value) && !(value instanceof HostObject)) {
            throw new JinjaException("argument must be iterable");
        }
        List<@Nullable Object> elements = Values.list(value);
        Collections.reverse(elements);
        boolean lazy = value instanceof List<?> || value instanceof Map<?, ?> || value instanceof DictView;
        String type = value instanceof Map<?, ?> ? "dict_reversekeyiterator" : "list_reverseiterator";
        return lazy ? new Generator(type, "", elements.iterator()) : elements;
    }

    private static Object items(@Nullable Object value) {
        if (value instanceof Undefined) {
            return new Generator("do_items", Collections.emptyIterator());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new JinjaException("Can only get item pairs from a mapping.");
        }
        return new Generator("do_items", new DictView(DictView.Kind.ITEMS, map).iterator());
    }

    private static @Nullable Object foldCase(@Nullable Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof CharSequence
                ? value.toString().toLowerCase(Locale.ROOT)
                : value;
    }

    private static Object sortDict(@Nullable Object value, Arguments arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Values.unsuitable(value, "'" + Values.typeName(value) + "' object has no attribute 'items'");
        }
        String by = arguments.text(1, "by", "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw new JinjaException("You can only sort by either \"key\" or \"value\"");
        }
        boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
        int part = by.equals("key") ? 0 : 1;
        return Sorting.sorted(
                new ArrayList<>(new DictView(DictView.Kind.ITEMS, map)),
                pair -> foldCase(Attributes.item(pair, (long) part), caseSensitive),
                arguments.flag(2, "reverse", false));
    }

    private static Object sort(@Nullable Object value, Arguments arguments) {
        boolean caseSensitive = arguments.flag(1, "case_sensitive", false);
        List<AttributePath> paths = AttributePath.all(arguments.get(2, "attribute"), !caseSensitive);
        return Sorting.sorted(
                Values.list(value),
                element -> {
                    List<@Nullable Object> key = new ArrayList<>(paths.size());
                    for (AttributePath path : paths) {
                        key.add(path.get(element));
                    }
                    return key;
                },
                arguments.flag(0, "reverse", false));
    }

    private static Object unique(@Nullable Object value, Arguments arguments) {
        AttributePath path = AttributePath.of(arguments.get(1, "attribute"))
                .ignoringCase(!arguments.flag(0, "case_sensitive", false));
        Set<@Nullable Object> seen = new LinkedHashSet<>();
        return new Generator(
                "sync_do_unique", new FilteringIterator(Values.elements(value).iterator(), element -> {
                    Object key = Keys.require(path.get(element));
                    boolean isNew = Keys.find(seen, key) == Keys.MISSING;
                    if (isNew) {
                        seen.add(key);
                    }
                    return isNew;
                }));
    }

    private static @Nullable Object extreme(@Nullable Object value, Arguments arguments, boolean greatest) {
        AttributePath path = AttributePath.of(arguments.get(1, "attribute"))
                .ignoringCase(!arguments.flag(0, "case_sensitive", false));
        Iterator<? extends @Nullable Object> elements = Values.elements(value).iterator();
        if (!elements.hasNext()) {
            return Undefined.because(greatest ? "max" : "min", "No aggregated item, sequence was empty.");
        }
        Object best = elements.next();
        Object bestKey = path.get(best);
        while (elements.hasNext()) {
            Object element = elements.next();
            Object key = path.get(element);
            String operator = greatest ? ">" : "<";
            if (Comparison.ordered(key, bestKey, operator)) {
                best = element;
                bestKey = key;
            }
        }
        return best;
    }

    private static @Nullable Object sum(@Nullable Object value, Arguments arguments) {
        AttributePath path = AttributePath.of(arguments.get(0, "attribute"));
        Object sum = arguments.get(1, "start", 0L);
        if (sum instanceof CharSequence) {
            throw new JinjaException("sum() can't sum strings [use ''.join(seq) instead]");
        }
        Budget budget = Budget.current();
        for (Object element : Values.elements(value)) {
            budget.step();
            sum = Operators.add(sum, path.get(element));
        }
        return sum;
    }

    private static Object groupBy(@Nullable Object value, Arguments arguments) {
        boolean caseSensitive = arguments.flag(2, "case_sensitive", false);
        AttributePath path = AttributePath.of(arguments.require(0, "attribute")).otherwise(arguments.get(1, "default"));
        AttributePath key = path.ignoringCase(!caseSensitive);
        List<@Nullable Object> groups = new ArrayList<>();
        List<@Nullable Object> members = new ArrayList<>();
        Object lastKey = null;
        for (Object element : Sorting.sorted(Values.list(value), key::get, false)) {
            Object ofElement = key.get(element);
            if (groups.isEmpty() || !Comparison.equal(ofElement, lastKey)) {
                members = new ArrayList<>();
                groups.add(new Group(path.get(element), members));
                lastKey = ofElement;
            }
            members.add(element);
        }
        return groups;
    }

    private static Object batch(@Nullable Object value, Arguments arguments) {
        int size = Values.toIndex(arguments.require(0, "linecount"));
        Object filler = arguments.get(1, "fill_with");
        List<@Nullable Object> batches = new ArrayList<>();
        List<@Nullable Object> batch = new ArrayList<>();
        for (Object element : Values.list(value)) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(element);
        }
        if (!batch.isEmpty()) {
            Budget.current().allow(filler == null ? 0 : size);
            while (filler != null && batch.size() < size) {
                batch.add(filler);
            }
            batches.add(batch);
        }
        return new Generator("do_batch", batches.iterator());
    }

    private static Object slice(@Nullable Object value, Arguments arguments) {
        int count = Values.toIndex(arguments.require(0, "slices"));
        Object filler = arguments.get(1, "fill_with");
        List<@Nullable Object> elements = Values.list(value);
        if (count == 0) {
            throw new JinjaException("integer division or modulo by zero");
        }
        Budget.current().allow(count);
        int perSlice = Math.floorDiv(elements.size(), count);
        int withExtra = Math.floorMod(elements.size(), count);
        List<@Nullable Object> slices = new ArrayList<>();
        int start = 0;
        for (int number = 0; number < count; number++) {
            int end = start + perSlice + (number < withExtra ? 1 : 0);
            List<@Nullable Object> slice = new ArrayList<>(elements.subList(start, end));
            if (filler != null && number >= withExtra) {
                slice.add(filler);
            }
            slices.add(slice);
            start = end;
        }
        return new Generator("sync_do_slice", slices.iterator());
    }

    /** One group of {@code groupby}: a pair with names. */
    private static final class Group implements HostObject {
        private final PyTuple pair;

        Group(@Nullable Object grouper, List<@Nullable Object> members) {
            this.pair = PyTuple.of(grouper, members);
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "grouper" -> pair.get(0);
                case "list" -> pair.get(1);
                default -> Undefined.of(name);
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return Attributes.item(pair, key);
        }

        @Override
        public Iterable<? extends @Nullable Object> elements() {
            return pair;
        }

        @Override
        public int length() {
            return pair.size();
        }

        @Override
        public boolean isSequence() {
            return true;
        }

        @Override
        public String typeName() {
            return "jinja2.filters._GroupTuple";
        }

        @Override
        public String toString() {
            return Representation.repr(pair);
        }
    }
}
