package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template passes to a {@link Callable}: values by position and by name. Values are Python's, so null is None.
 *
 * @param location where the call stands; null when Java calls
 */
public record Arguments(
        List<@Nullable Object> positional,
        Map<String, @Nullable Object> keyword,
        @Nullable Location location) {

    private static final Arguments NONE = new Arguments(List.of(), Map.of(), null);

    public Arguments(List<@Nullable Object> positional, Map<String, @Nullable Object> keyword) {
        this(positional, keyword, null);
    }

    public static Arguments none() {
        return NONE;
    }

    /** Values by position only. */
    public static Arguments of(@Nullable Object... positional) {
        return new Arguments(Collections.unmodifiableList(new ArrayList<>(Arrays.asList(positional))), Map.of(), null);
    }

    /** The same values and one more by name. */
    public Arguments with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(keyword);
        more.put(name, value);
        return new Arguments(positional, more, location);
    }

    /** How many values were passed, by position and by name. */
    public int size() {
        return positional.size() + keyword.size();
    }

    public boolean has(int index, String name) {
        return index < positional.size() || keyword.containsKey(name);
    }

    /** The value at this position or of this name; None when not passed (ask {@link #has} to tell them apart). */
    public @Nullable Object get(int index, String name) {
        return get(index, name, null);
    }

    public @Nullable Object get(int index, String name, @Nullable Object otherwise) {
        if (index < positional.size()) {
            return positional.get(index);
        }
        return keyword.containsKey(name) ? keyword.get(name) : otherwise;
    }

    /**
     * The value at this position or of this name.
     *
     * @throws JinjaException when the argument was not passed
     */
    public @Nullable Object require(int index, String name) {
        if (!has(index, name)) {
            throw new JinjaException("missing a required argument: '" + name + "'");
        }
        return get(index, name);
    }

    /** The argument printed as {@code str()} does. */
    public String text(int index, String name) {
        return Python.str(require(index, name));
    }

    public String text(int index, String name, String otherwise) {
        return has(index, name) ? Python.str(get(index, name)) : otherwise;
    }

    /**
     * The argument as an int.
     *
     * @throws JinjaException when it is none
     */
    public int integer(int index, String name, int otherwise) {
        return has(index, name) ? Values.toIndex(get(index, name)) : otherwise;
    }

    /** The argument's truth value. */
    public boolean flag(int index, String name, boolean otherwise) {
        return has(index, name) ? Python.truth(get(index, name)) : otherwise;
    }
}
