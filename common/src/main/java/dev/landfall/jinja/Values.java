package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What kind of Python value a Java object is, and the questions that every kind answers. */
final class Values {
    private Values() {}

    /** int or bool, which is an int in Python. */
    static boolean isInt(@Nullable Object value) {
        return value instanceof Long
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof BigInteger
                || value instanceof Short
                || value instanceof Byte;
    }

    static boolean isFloat(@Nullable Object value) {
        return value instanceof Double || value instanceof Float;
    }

    static boolean isNumber(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static boolean isText(@Nullable Object value) {
        return value instanceof CharSequence;
    }

    /** Only of what {@link #isInt} accepts. */
    static BigInteger bigInteger(Object number) {
        if (number instanceof BigInteger big) {
            return big;
        }
        return BigInteger.valueOf(number instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) number).longValue());
    }

    static double toDouble(Object number) {
        if (number instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        double result = ((Number) number).doubleValue();
        if (Double.isInfinite(result) && number instanceof BigInteger) {
            throw new JinjaException("int too large to convert to float");
        }
        return result;
    }

    /** The smallest Java type that holds this int. */
    static Object integer(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    /** An int as an index, a count or a width. */
    static int toIndex(@Nullable Object value) {
        if (!isInt(value)) {
            throw unsuitable(value, "'" + typeName(value) + "' object cannot be interpreted as an integer");
        }
        BigInteger big = bigInteger(require(value));
        if (big.bitLength() >= Integer.SIZE) {
            return big.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        }
        return big.intValue();
    }

    /** Raises the undefined's own problem if the value is one, else this one. */
    static JinjaException unsuitable(@Nullable Object value, String problem) {
        return value instanceof Undefined undefined ? undefined.failure() : new JinjaException(problem);
    }

    static Object require(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("None where a value was checked before");
        }
        return value;
    }

    static void requireDefined(@Nullable Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
    }

    static boolean truth(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value == null || value instanceof Undefined) {
            return false;
        }
        if (value instanceof CharSequence text) {
            return text.length() > 0;
        }
        if (value instanceof Collection<?> collection) {
            return !collection.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.signum() != 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof HostObject object) {
            return object.truth();
        }
        if (value instanceof Duration duration) {
            return !duration.isZero();
        }
        return true;
    }

    static int length(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return Text.length(text.toString());
        }
        if (value instanceof Collection<?> collection) {
            return collection.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        if (value instanceof HostObject object) {
            return object.length();
        }
        throw new JinjaException("object of type '" + typeName(value) + "' has no len()");
    }

    static boolean isIterable(@Nullable Object value) {
        return value instanceof CharSequence
                || value instanceof Iterable<?>
                || value instanceof Map<?, ?>
                || value instanceof Undefined
                || (value instanceof HostObject object && object.isIterable());
    }

    static Iterable<? extends @Nullable Object> elements(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return () -> new ListIterator(list);
        }
        if (value instanceof Map<?, ?> map) {
            return () -> new HashIterator(map.keySet(), "dictionary");
        }
        if (value instanceof Set<?> set) {
            return () -> new HashIterator(set, "Set");
        }
        if (value instanceof CharSequence text) {
            return Text.characters(text.toString());
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        if (value instanceof HostObject object) {
            return object.elements();
        }
        if (value instanceof Iterable<?> iterable) {
            return iterable;
        }
        throw new JinjaException("'" + typeName(value) + "' object is not iterable");
    }

    /** A new list of the elements, within the limit on sizes. */
    static List<@Nullable Object> list(@Nullable Object value) {
        List<@Nullable Object> list = new ArrayList<>();
        Budget budget = Budget.current();
        for (Object element : elements(value)) {
            budget.step();
            budget.allow(list.size() + 1L);
            list.add(element);
        }
        return list;
    }

    static String typeName(@Nullable Object value) {
        if (value == null) {
            return "NoneType";
        }
        if (value instanceof CharSequence) {
            return value instanceof Markup ? "Markup" : "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (isInt(value)) {
            return "int";
        }
        if (value instanceof BigDecimal) {
            return "decimal.Decimal";
        }
        if (value instanceof Number) {
            return "float";
        }
        if (value instanceof TypedValue typed) {
            return typed.typeName();
        }
        if (value instanceof List<?>) {
            return value instanceof PyTuple ? "tuple" : "list";
        }
        if (value instanceof Map<?, ?>) {
            return "dict";
        }
        if (value instanceof Set<?>) {
            return "set";
        }
        if (value instanceof HostObject object) {
            return object.typeName();
        }
        if (value instanceof LocalDate) {
            return "datetime.date";
        }
        if (value instanceof LocalDateTime || value instanceof OffsetDateTime) {
            return "datetime.datetime";
        }
        if (value instanceof LocalTime) {
            return "datetime.time";
        }
        if (value instanceof Duration) {
            return "datetime.timedelta";
        }
        if (value instanceof Callable) {
            return "function";
        }
        return value.getClass().getSimpleName();
    }

    /** Sees what is appended while it runs, as Python's does. */
    private static final class ListIterator implements Iterator<@Nullable Object> {
        private final List<?> list;
        private int next;

        ListIterator(List<?> list) {
            this.list = list;
        }

        @Override
        public boolean hasNext() {
            return next < list.size();
        }

        @Override
        public @Nullable Object next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return list.get(next++);
        }
    }

    /** Says so when a dict or set changes under the loop. */
    private static final class HashIterator implements Iterator<@Nullable Object> {
        private final Collection<?> elements;
        private final int size;
        private final Iterator<?> iterator;
        private final String what;

        HashIterator(Collection<?> elements, String what) {
            this.elements = elements;
            this.size = elements.size();
            this.iterator = elements.iterator();
            this.what = what;
        }

        @Override
        public boolean hasNext() {
            if (elements.size() != size) {
                throw new JinjaException(what + " changed size during iteration");
            }
            return iterator.hasNext();
        }

        @Override
        public @Nullable Object next() {
            try {
                return iterator.next();
            } catch (ConcurrentModificationException changed) {
                throw new JinjaException(what + " changed size during iteration");
            }
        }
    }
}
