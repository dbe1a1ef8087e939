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
    private boolean hashable;
    private int hash;

    private PyTuple(@Nullable Object[] elements) {
        this.elements = elements;
    }

    public static PyTuple of(@Nullable Object... elements) {
        return elements.length == 0 ? EMPTY : new PyTuple(Arrays.copyOf(elements, elements.length));
    }

    public static PyTuple copyOf(Collection<? extends @Nullable Object> elements) {
        return elements.isEmpty() ? EMPTY : new PyTuple(elements.toArray());
    }

    /** Once for each tuple, however many others share it. */
    void requireHashable() {
        if (!hashable) {
            Budget.current().step();
            for (Object element : elements) {
                Keys.require(element);
            }
            hashable = true;
        }
    }

    /** The same for every thread that asks, and kept: tuples may share their parts, and then hashing has no end. */
    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Arrays.hashCode(elements);
        }
        return hash;
    }

    /** As Java's lists compare, counted, since tuples may share their parts. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        Budget.current().step();
        return super.equals(other);
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
