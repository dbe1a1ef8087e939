package dev.landfall.jinja;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What lazy filters such as {@code map} give: a sequence that can be gone through once, as far as anybody asks. */
final class Generator implements Iterable<@Nullable Object>, TypedValue {
    private final String typeName;
    private final String name;
    private final Iterator<? extends @Nullable Object> iterator;

    Generator(String name, Iterator<? extends @Nullable Object> iterator) {
        this("generator", name, iterator);
    }

    Generator(String typeName, String name, Iterator<? extends @Nullable Object> iterator) {
        this.typeName = typeName;
        this.name = name;
        this.iterator = iterator;
    }

    @Override
    @SuppressWarnings("unchecked") // an iterator only gives
    public Iterator<@Nullable Object> iterator() {
        return (Iterator<@Nullable Object>) iterator;
    }

    @Override
    public String typeName() {
        return typeName;
    }

    @Override
    public String toString() {
        return "<" + typeName + " object" + (name.isEmpty() ? "" : " " + name) + ">";
    }
}
