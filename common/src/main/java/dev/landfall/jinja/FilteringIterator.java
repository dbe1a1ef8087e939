package dev.landfall.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The elements that pass a test, which is asked only as far as somebody goes. */
final class FilteringIterator implements Iterator<@Nullable Object> {
    private final Iterator<? extends @Nullable Object> elements;
    private final Predicate<@Nullable Object> test;
    private @Nullable Object next;
    private boolean found;

    FilteringIterator(Iterator<? extends @Nullable Object> elements, Predicate<@Nullable Object> test) {
        this.elements = elements;
        this.test = test;
    }

    @Override
    public boolean hasNext() {
        while (!found && elements.hasNext()) {
            Budget.current().step();
            next = elements.next();
            found = test.test(next);
        }
        return found;
    }

    @Override
    public @Nullable Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        found = false;
        return next;
    }
}
