package dev.landfall.jinja;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's set. Ours keeps the order in which elements came. */
final class SetMethods {
    static final Methods<Set<@Nullable Object>> TABLE = new Methods<>("set", setType());

    private SetMethods() {}

    static {
        TABLE.add("add", 1, 1, (self, arguments) -> {
            add(self, arguments.require(0, "element"));
            return null;
        });
        TABLE.add("update", 0, Methods.ANY, (self, arguments) -> {
            for (Object others : arguments.positional()) {
                Values.list(others).forEach(element -> add(self, element));
            }
            return null;
        });
        TABLE.add("remove", 1, 1, (self, arguments) -> {
            Object element = Keys.require(arguments.require(0, "element"));
            if (!discard(self, element)) {
                throw new JinjaException(Representation.repr(element));
            }
            return null;
        });
        TABLE.add("discard", 1, 1, (self, arguments) -> {
            discard(self, Keys.require(arguments.require(0, "element")));
            return null;
        });
        TABLE.add("pop", (self, arguments) -> pop(self));
        TABLE.add("clear", (self, arguments) -> {
            self.clear();
            return null;
        });
        TABLE.add("copy", (self, arguments) -> new LinkedHashSet<>(self));
        TABLE.add("union", 0, Methods.ANY, (self, arguments) -> {
            Set<@Nullable Object> union = new LinkedHashSet<>(self);
            for (Object others : arguments.positional()) {
                Values.elements(others).forEach(element -> add(union, element));
            }
            return union;
        });
        TABLE.add("intersection", 0, Methods.ANY, (self, arguments) -> retain(self, arguments, true));
        TABLE.add("difference", 0, Methods.ANY, (self, arguments) -> retain(self, arguments, false));
        TABLE.add("symmetric_difference", 1, 1, (self, arguments) -> {
            Set<@Nullable Object> result = new LinkedHashSet<>(self);
            for (Object element : set(arguments.require(0, "other"))) {
                if (!discard(result, element)) {
                    add(result, element);
                }
            }
            return result;
        });
        TABLE.add(
                "issubset",
                1,
                1,
                (self, arguments) -> Comparison.containsAll(set(arguments.require(0, "other")), self));
        TABLE.add(
                "issuperset",
                1,
                1,
                (self, arguments) -> Comparison.containsAll(self, set(arguments.require(0, "other"))));
        TABLE.add("isdisjoint", 1, 1, (self, arguments) -> isDisjoint(self, set(arguments.require(0, "other"))));
    }

    @SuppressWarnings("unchecked") // what a set holds does not show at run time
    private static Class<Set<@Nullable Object>> setType() {
        return (Class<Set<@Nullable Object>>) (Class<?>) Set.class;
    }

    private static void add(Set<@Nullable Object> set, @Nullable Object element) {
        Budget.current().allow(set.size() + 1L);
        Keys.add(set, element);
    }

    private static Set<@Nullable Object> set(@Nullable Object elements) {
        Set<@Nullable Object> set = new LinkedHashSet<>();
        Values.elements(elements).forEach(element -> add(set, element));
        return set;
    }

    private static boolean discard(Set<@Nullable Object> set, @Nullable Object element) {
        Object stored = Keys.find(set, element);
        return stored != Keys.MISSING && set.remove(stored);
    }

    private static @Nullable Object pop(Set<@Nullable Object> set) {
        Iterator<@Nullable Object> elements = set.iterator();
        if (!elements.hasNext()) {
            throw new JinjaException("'pop from an empty set'");
        }
        Object first = elements.next();
        elements.remove();
        return first;
    }

    /** The elements that are, or that are not, in each of the arguments. */
    private static Set<@Nullable Object> retain(Set<@Nullable Object> self, Arguments arguments, boolean present) {
        Set<@Nullable Object> result = new LinkedHashSet<>(self);
        for (Object others : arguments.positional()) {
            Set<@Nullable Object> other = set(others);
            result.removeIf(element -> (Keys.find(other, element) != Keys.MISSING) != present);
        }
        return result;
    }

    private static boolean isDisjoint(Collection<?> left, Collection<?> right) {
        for (Object element : left) {
            if (Keys.find(right, element) != Keys.MISSING) {
                return false;
            }
        }
        return true;
    }
}
