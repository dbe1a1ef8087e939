package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Python's {@code sorted}: stable, also when reversed, and every key is made once. */
final class Sorting {
    private Sorting() {}

    private record Keyed(@Nullable Object key, @Nullable Object value) {}

    static List<@Nullable Object> sorted(
            List<? extends @Nullable Object> values,
            Function<@Nullable Object, @Nullable Object> key,
            boolean reverse) {
        List<Keyed> keyed = new ArrayList<>(values.size());
        for (Object value : values) {
            keyed.add(new Keyed(key.apply(value), value));
        }
        if (reverse) {
            keyed.sort((left, right) -> Comparison.compare(right.key, left.key, "<"));
        } else {
            keyed.sort((left, right) -> Comparison.compare(left.key, right.key, "<"));
        }
        List<@Nullable Object> sorted = new ArrayList<>(keyed.size());
        for (Keyed pair : keyed) {
            sorted.add(pair.value);
        }
        return sorted;
    }
}
