package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python's {@code ==}, {@code <} and {@code in}. */
final class Comparison {
    private Comparison() {}

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return !(left instanceof Double number && number.isNaN());
        }
        if (left == null || right == null) {
            return false;
        }
        Budget.current().step();
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return !isNan(left) && !isNan(right) && compareNumbers(left, right) == 0;
        }
        if (left instanceof CharSequence ours && right instanceof CharSequence theirs) {
            return ours.toString().contentEquals(theirs);
        }
        if (left instanceof List<?> ours && right instanceof List<?> theirs) {
            return Values.typeName(left).equals(Values.typeName(right)) && equalLists(ours, theirs);
        }
        if (left instanceof Map<?, ?> ours && right instanceof Map<?, ?> theirs) {
            return equalMaps(ours, theirs);
        }
        if (left instanceof Set<?> || left instanceof DictView) {
            return isSetLike(left)
                    && isSetLike(right)
                    && ((Collection<?>) left).size() == ((Collection<?>) right).size()
                    && containsAll((Collection<?>) left, (Collection<?>) right);
        }
        return left.equals(right);
    }

    private static boolean equalLists(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int index = 0; index < left.size(); index++) {
            if (!equal(left.get(index), right.get(index))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object key = Keys.find(right, entry.getKey());
            if (key == Keys.MISSING || !equal(entry.getValue(), right.get(key))) {
                return false;
            }
        }
        return true;
    }

    static boolean isSetLike(@Nullable Object value) {
        return value instanceof Set<?> || (value instanceof DictView view && view.kind() != DictView.Kind.VALUES);
    }

    static boolean containsAll(Collection<?> collection, Iterable<?> elements) {
        for (Object element : elements) {
            if (!contains(collection, element)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNan(Object number) {
        return Values.isFloat(number) && Double.isNaN(((Number) number).doubleValue());
    }

    private static int compareNumbers(Object left, Object right) {
        if (left instanceof Long ours && right instanceof Long theirs) {
            return Long.compare(ours, theirs);
        }
        if (Values.isInt(left) && Values.isInt(right)) {
            return Values.bigInteger(left).compareTo(Values.bigInteger(right));
        }
        if (Values.isFloat(left) && Values.isFloat(right)) {
            double ours = Values.toDouble(left);
            double theirs = Values.toDouble(right);
            return ours < theirs ? -1 : ours > theirs ? 1 : 0;
        }
        if (isInfinite(left) || isInfinite(right)) {
            return Double.compare(((Number) asNumber(left)).doubleValue(), ((Number) asNumber(right)).doubleValue());
        }
        return exact(left).compareTo(exact(right));
    }

    private static boolean isInfinite(Object number) {
        return Values.isFloat(number) && Double.isInfinite(((Number) number).doubleValue());
    }

    private static Object asNumber(Object value) {
        return value instanceof Boolean ? Values.bigInteger(value) : value;
    }

    private static BigDecimal exact(Object number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        return Values.isInt(number)
                ? new BigDecimal(Values.bigInteger(number))
                : new BigDecimal(((Number) number).doubleValue());
    }

    /** @param operator for the message when the two have no order */
    static int compare(@Nullable Object left, @Nullable Object right, String operator) {
        Values.requireDefined(left);
        Values.requireDefined(right);
        Budget.current().step();
        if (left != null && right != null) {
            if (Values.isNumber(left) && Values.isNumber(right)) {
                return compareNumbers(left, right);
            }
            if (left instanceof CharSequence && right instanceof CharSequence) {
                return compareTexts(left.toString(), right.toString());
            }
            if (left instanceof List<?> ours && right instanceof List<?> theirs) {
                if (Values.typeName(left).equals(Values.typeName(right)) && !(left instanceof PyRange)) {
                    return compareLists(ours, theirs, operator);
                }
            }
            Integer temporal = compareTemporals(left, right);
            if (temporal != null) {
                return temporal;
            }
        }
        throw new JinjaException("'" + operator + "' not supported between instances of '" + Values.typeName(left)
                + "' and '" + Values.typeName(right) + "'");
    }

    /** By code point, where Java compares UTF-16 units. */
    private static int compareTexts(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int index = 0; index < common; index++) {
            if (left.charAt(index) != right.charAt(index)) {
                int start = index > 0 && Character.isHighSurrogate(left.charAt(index - 1)) ? index - 1 : index;
                return Integer.compare(left.codePointAt(start), right.codePointAt(start));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static int compareLists(List<?> left, List<?> right, String operator) {
        for (int index = 0; index < Math.min(left.size(), right.size()); index++) {
            if (!equal(left.get(index), right.get(index))) {
                return compare(left.get(index), right.get(index), operator);
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static @Nullable Integer compareTemporals(Object left, Object right) {
        if (left instanceof LocalDate ours && right instanceof LocalDate theirs) {
            return ours.compareTo(theirs);
        }
        if (left instanceof LocalDateTime ours && right instanceof LocalDateTime theirs) {
            return ours.compareTo(theirs);
        }
        if (left instanceof OffsetDateTime ours && right instanceof OffsetDateTime theirs) {
            return ours.toInstant().compareTo(theirs.toInstant());
        }
        if (left instanceof LocalTime ours && right instanceof LocalTime theirs) {
            return ours.compareTo(theirs);
        }
        if (left instanceof Duration ours && right instanceof Duration theirs) {
            return ours.compareTo(theirs);
        }
        boolean mixed = (left instanceof LocalDateTime && right instanceof OffsetDateTime)
                || (left instanceof OffsetDateTime && right instanceof LocalDateTime);
        if (mixed) {
            throw new JinjaException("can't compare offset-naive and offset-aware datetimes");
        }
        return null;
    }

    /** {@code <}, {@code <=}, {@code >} or {@code >=}, which sets answer by inclusion and NaN always with false. */
    static boolean ordered(@Nullable Object left, @Nullable Object right, String operator) {
        if (isSetLike(left) && isSetLike(right)) {
            Collection<?> ours = (Collection<?>) Values.require(left);
            Collection<?> theirs = (Collection<?>) Values.require(right);
            boolean less = operator.startsWith("<");
            Collection<?> small = less ? ours : theirs;
            Collection<?> large = less ? theirs : ours;
            return containsAll(large, small) && (operator.length() == 2 || small.size() < large.size());
        }
        int order = compare(left, right, operator);
        if (left != null && right != null && (isNan(left) || isNan(right))) {
            return false;
        }
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** {@code element in container} */
    static boolean contains(@Nullable Object container, @Nullable Object element) {
        if (container instanceof CharSequence text) {
            if (!(element instanceof CharSequence)) {
                throw new JinjaException(
                        "'in <string>' requires string as left operand, not " + Values.typeName(element));
            }
            return Search.indexOf(text.toString(), element.toString(), 0) >= 0;
        }
        if (container instanceof Map<?, ?> map) {
            return Keys.find(map, Keys.require(element)) != Keys.MISSING;
        }
        if (container instanceof Set<?> set) {
            return Keys.find(set, Keys.require(element)) != Keys.MISSING;
        }
        if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
            Keys.require(element);
        }
        if (container != null && !Values.isIterable(container) && !(container instanceof HostObject)) {
            throw new JinjaException("argument of type '" + Values.typeName(container) + "' is not iterable");
        }
        if (container == null) {
            throw new JinjaException("argument of type 'NoneType' is not iterable");
        }
        for (Object candidate : Values.elements(container)) {
            if (candidate == element || equal(candidate, element)) {
                return true;
            }
        }
        return false;
    }

    /** {@code left is right}, as far as Java can tell: numbers and texts are the same when they are equal. */
    static boolean same(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return true;
        }
        if (left instanceof Number || left instanceof String || left instanceof Boolean) {
            return left.equals(right) || (left instanceof BigInteger && equal(left, right));
        }
        return false;
    }
}
