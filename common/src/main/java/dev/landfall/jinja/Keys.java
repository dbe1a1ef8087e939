package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of dicts and elements of sets. In Python 1, 1.0 and True are the same key; in a Java map they are three, so
 * that looking one up tries its equals too.
 */
final class Keys {
    /** What {@link #find} gives when there is no such key; None may be a key. */
    static final Object MISSING = new Object();

    private Keys() {}

    /** The key in the form in which it is stored. */
    static @Nullable Object require(@Nullable Object key) {
        if (key instanceof Integer || key instanceof Short || key instanceof Byte) {
            return ((Number) key).longValue();
        }
        if (key instanceof CharSequence) {
            return key.toString();
        }
        if (key instanceof PyTuple tuple) {
            tuple.requireHashable();
            return key;
        }
        if (key instanceof Map<?, ?> || key instanceof Set<?>) {
            throw new JinjaException("unhashable type: '" + Values.typeName(key) + "'");
        }
        if (key instanceof List<?> && !(key instanceof PyRange)) {
            throw new JinjaException("unhashable type: 'list'");
        }
        return key;
    }

    static @Nullable Object find(Map<?, ?> map, @Nullable Object key) {
        return find(map.keySet(), key);
    }

    /** The key under which an equal one is stored, or {@link #MISSING}. */
    static @Nullable Object find(Collection<?> keys, @Nullable Object key) {
        if (keys.contains(key)) {
            return key;
        }
        if (key == null || !Values.isNumber(key)) {
            return MISSING;
        }
        for (Object other : equalNumbers(key)) {
            if (keys.contains(other)) {
                return other;
            }
        }
        return MISSING;
    }

    private static List<Object> equalNumbers(Object number) {
        BigDecimal exact;
        if (Values.isInt(number)) {
            exact = new BigDecimal(Values.bigInteger(number));
        } else if (number instanceof BigDecimal decimal) {
            exact = decimal;
        } else {
            double value = ((Number) number).doubleValue();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                return List.of();
            }
            exact = new BigDecimal(value);
        }
        double floating = exact.doubleValue();
        BigInteger whole = exact.toBigInteger();
        if (exact.compareTo(new BigDecimal(whole)) != 0) {
            return List.of(floating, exact);
        }
        Object integer = Values.integer(whole);
        if (whole.bitLength() < Integer.SIZE - 1) {
            return whole.signum() >= 0 && whole.bitLength() <= 1
                    ? List.of(integer, floating, whole.signum() > 0, exact, whole.intValue())
                    : List.of(integer, floating, exact, whole.intValue());
        }
        return List.of(integer, floating, exact);
    }

    /** {@code map[key] = value}: an equal key that is there keeps its place and its form. */
    static void put(Map<@Nullable Object, @Nullable Object> map, @Nullable Object key, @Nullable Object value) {
        Object stored = require(key);
        Object found = find(map, stored);
        map.put(found == MISSING ? stored : found, value);
    }

    static void add(Set<@Nullable Object> set, @Nullable Object element) {
        Object stored = require(element);
        if (find(set, stored) == MISSING) {
            set.add(stored);
        }
    }
}
