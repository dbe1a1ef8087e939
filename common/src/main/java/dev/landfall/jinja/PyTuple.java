package dev.landfall.jinja;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Python's tuple: a list that cannot change. */
public final class PyTuple extends AbstractList<@Nullable Object> implements RandomAccess {
    public static final PyTuple EMPTY = new PyTuple(new Object[0]);

    private final @Nullable Object[] elements;

    private PyTuple(@Nullable Object[] elements) {
        this.elements = elements;
    }

    public static PyTuple of(@Nullable Object... elements) {
        return elements.length == 0 ? EMPTY : new PyTuple(Arrays.copyOf(elements, elements.length));
    }

    public static PyTuple copyOf(Collection<? extends @Nullable Object> elements) {
        return elements.isEmpty() ? EMPTY : new PyTuple(elements.toArray());
    }

    @Override
    public @Nullable Object get(int index) {
        return elements[index];
    }

    @Override
    public int size() {
        return elements.length;
    }
}
