package dev.landfall.jinja;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code value.name} and {@code value[key]}. What a value has is written down in tables, one for each type; nothing is
 * found by reflection. When an attribute is missing the item of that name is tried, and the other way round.
 */
final class Attributes {
    private Attributes() {}

    /** {@link Undefined} when there is no such attribute and no such item. */
    static @Nullable Object attribute(@Nullable Object value, String name) {
        if (value instanceof Undefined undefined) {
            return ofUndefined(undefined);
        }
        if (isInternal(name) && !(value instanceof HostObject)) {
            return internal(value, name);
        }
        Object own = own(value, name);
        if (!(own instanceof Undefined)) {
            return own;
        }
        Object item = Undefined.of(name);
        if (value instanceof Map<?, ?> map && map.containsKey(name)) {
            item = map.get(name);
        } else if (value instanceof HostObject object) {
            item = object.item(name);
        }
        if (item instanceof Undefined) {
            return own instanceof Undefined told && told.hasOwnWords() ? told : missing(value, name);
        }
        return item;
    }

    /** As {@link #attribute}, without trying the item of that name: the filter {@code attr}. */
    static @Nullable Object ownAttribute(@Nullable Object value, String name) {
        if (value instanceof Undefined undefined) {
            return ofUndefined(undefined);
        }
        if (isInternal(name) && !(value instanceof HostObject)) {
            return internal(value, name);
        }
        Object own = own(value, name);
        return own instanceof Undefined ? missing(value, name) : own;
    }

    /** {@link Undefined} when there is no such item and no such attribute. */
    static @Nullable Object item(@Nullable Object value, @Nullable Object key) {
        if (value instanceof Undefined undefined) {
            return ofUndefined(undefined);
        }
        Object item = MISSING;
        if (value instanceof Map<?, ?> map) {
            if (isHashable(key)) {
                Object stored = Keys.find(map, Keys.require(key));
                item = stored == Keys.MISSING ? MISSING : map.get(stored);
            }
        } else if (value instanceof HostObject object) {
            item = object.item(key);
        } else if (Values.isInt(key)) {
            item = element(value, Values.toIndex(key));
        }
        if (item != MISSING && !(item instanceof Undefined && value instanceof HostObject)) {
            return item;
        }
        if (key instanceof CharSequence name) {
            return ownAttribute(value, name.toString());
        }
        return missing(value, key);
    }

    private static final Object MISSING = new Object();

    private static Object ofUndefined(Undefined undefined) {
        if (undefined.isPermissive()) {
            return undefined;
        }
        throw undefined.failure();
    }

    private static boolean isHashable(@Nullable Object key) {
        return !(key instanceof Map<?, ?>)
                && !(key instanceof Set<?>)
                && (!(key instanceof List<?>) || key instanceof PyTuple);
    }

    private static @Nullable Object element(@Nullable Object value, int index) {
        if (value instanceof List<?> list) {
            int position = index < 0 ? index + list.size() : index;
            return position < 0 || position >= list.size() ? MISSING : list.get(position);
        }
        if (value instanceof CharSequence) {
            String text = value.toString();
            int length = Text.length(text);
            int position = index < 0 ? index + length : index;
            return position < 0 || position >= length ? MISSING : Text.character(text, position);
        }
        return MISSING;
    }

    /**
     * {@code value[start:stop:step]}
     *
     * @throws JinjaException when the value is no sequence or the slice has something else than ints
     */
    static @Nullable Object slice(@Nullable Object value, Slice slice) {
        if (value instanceof Undefined undefined) {
            return ofUndefined(undefined);
        }
        boolean host = value instanceof HostObject object && object.isIterable();
        if (!host && !(value instanceof List<?>) && !(value instanceof CharSequence)) {
            throw new JinjaException(
                    value instanceof Map<?, ?>
                            ? "unhashable type: 'slice'"
                            : "'" + Values.typeName(value) + "' object is not subscriptable");
        }
        if (!slice.isValid()) {
            throw new JinjaException("slice indices must be integers or None or have an __index__ method");
        }
        if (value instanceof PyRange range) {
            return slice.of(range);
        }
        if (value instanceof CharSequence text) {
            return slice.of(text.toString());
        }
        List<@Nullable Object> elements = slice.of(value instanceof List<?> list ? list : Values.list(value));
        return value instanceof List<?> && !(value instanceof PyTuple) ? elements : PyTuple.copyOf(elements);
    }

    private static @Nullable Object own(@Nullable Object value, String name) {
        if (value instanceof HostObject object) {
            return object.attribute(name);
        }
        Methods<?> methods = methods(value);
        if (methods != null) {
            Callable method = methods.bind(value, name);
            return method == null ? Undefined.of(name) : method;
        }
        if (value instanceof LocalDate
                || value instanceof LocalDateTime
                || value instanceof OffsetDateTime
                || value instanceof LocalTime
                || value instanceof Duration) {
            return TemporalAttributes.get(value, name);
        }
        if (Values.isNumber(value)) {
            return NumberAttributes.get(Values.require(value), name);
        }
        return Undefined.of(name);
    }

    private static @Nullable Methods<?> methods(@Nullable Object value) {
        if (value instanceof CharSequence) {
            return StringMethods.TABLE;
        }
        if (value instanceof Map<?, ?>) {
            return DictMethods.TABLE;
        }
        if (value instanceof Set<?>) {
            return SetMethods.TABLE;
        }
        if (value instanceof PyTuple || value instanceof PyRange) {
            return ListMethods.TUPLE_TABLE;
        }
        return value instanceof List<?> ? ListMethods.TABLE : null;
    }

    /** Python's own names, such as {@code __class__}. */
    private static boolean isInternal(String name) {
        return name.startsWith("__") && name.endsWith("__");
    }

    private static @Nullable Object internal(@Nullable Object value, String name) {
        if (value instanceof Map<?, ?> map && map.containsKey(name)) {
            return map.get(name);
        }
        return Undefined.because(
                name,
                "access to attribute " + Representation.repr(name) + " of '" + Values.typeName(value)
                        + "' object is unsafe.");
    }

    private static Undefined missing(@Nullable Object value, @Nullable Object key) {
        String type = value == null ? "None" : Values.typeName(value) + " object";
        if (key instanceof CharSequence name) {
            return Undefined.because(
                    name.toString(),
                    Representation.repr(type) + " has no attribute " + Representation.repr(name.toString()));
        }
        return Undefined.because(Representation.str(key), type + " has no element " + Representation.repr(key));
    }
}
