package dev.landfall.sensor;

import dev.landfall.lake.KeyOrder;
import java.util.Collections;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a listing: the keys that begin with a prefix, after one key and up to another.
 *
 * @param after exclusive, null for the first key
 * @param upTo inclusive, null for the last key
 */
record Span(String prefix, @Nullable String after, @Nullable String upTo) {
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    /** Those of keys sorted by {@link KeyOrder} that lie in this stretch; a view. */
    NavigableSet<String> of(NavigableSet<String> keys) {
        boolean startsAtPrefix = after == null || KeyOrder.UTF_8.compare(after, prefix) < 0;
        String from = startsAtPrefix ? prefix : after;
        String last = prefix.isEmpty() ? LAST : prefix + LAST;
        String to = upTo == null || KeyOrder.UTF_8.compare(upTo, last) > 0 ? last : upTo;
        if (from == null || KeyOrder.UTF_8.compare(from, to) > 0) {
            return Collections.emptyNavigableSet();
        }
        return keys.subSet(from, startsAtPrefix, to, true);
    }
}
