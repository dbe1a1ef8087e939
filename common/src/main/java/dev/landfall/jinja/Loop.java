package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. It looks ahead, and counts the elements, only when it is asked. */
final class Loop implements HostObject, BuiltIn {
    private final @Nullable Object sized;
    private final @Nullable Function<@Nullable Object, String> recursion;
    private final int depth;
    private Iterator<? extends @Nullable Object> elements;
    private long index = -1;
    private @Nullable Object previous;
    private @Nullable Object current;
    private @Nullable Object next;
    private boolean lookedAhead;
    private @Nullable PyTuple lastChanged;
    private long length = -1;

    /**
     * Before the first pass.
     *
     * @param sized what has the elements, to ask for their number; null when they must be counted
     * @param recursion what calling the loop does; null when it is not recursive
     */
    Loop(
            @Nullable Object sized,
            Iterator<? extends @Nullable Object> elements,
            int depth,
            @Nullable Function<@Nullable Object, String> recursion) {
        this.sized = sized;
        this.elements = elements;
        this.depth = depth;
        this.recursion = recursion;
    }

    /** Goes to the next element; false when there is none. */
    boolean advance() {
        if (!lookedAhead && !elements.hasNext()) {
            return false;
        }
        Object following = lookedAhead ? next : elements.next();
        lookedAhead = false;
        previous = current;
        current = following;
        index++;
        return true;
    }

    @Nullable
    Object item() {
        return current;
    }

    private boolean hasNext() {
        if (!lookedAhead && elements.hasNext()) {
            next = elements.next();
            lookedAhead = true;
        }
        return lookedAhead;
    }

    @Override
    public int length() {
        if (length < 0) {
            length = sized == null || sized instanceof Generator ? count() : Values.length(sized);
        }
        return (int) length;
    }

    private long count() {
        List<@Nullable Object> rest = new ArrayList<>();
        elements.forEachRemaining(rest::add);
        elements = rest.iterator();
        return rest.size() + index + 1 + (lookedAhead ? 1 : 0);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "index" -> index + 1;
            case "index0" -> index;
            case "revindex" -> length() - index;
            case "revindex0" -> length() - index - 1;
            case "first" -> index == 0;
            case "last" -> !hasNext();
            case "length" -> (long) length();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index == 0 ? Undefined.because(name, "there is no previous item") : previous;
            case "nextitem" -> hasNext() ? next : Undefined.because(name, "there is no next item");
            case "cycle" -> (BuiltIn) this::cycle;
            case "changed" -> (BuiltIn) this::changed;
            default -> Undefined.of(name);
        };
    }

    private @Nullable Object cycle(Arguments arguments) {
        List<@Nullable Object> values = arguments.positional();
        if (values.isEmpty()) {
            throw new JinjaException("no items for cycling given");
        }
        return values.get((int) (index % values.size()));
    }

    private Object changed(Arguments arguments) {
        PyTuple values = PyTuple.copyOf(arguments.positional());
        boolean changed = lastChanged == null || !Comparison.equal(lastChanged, values);
        lastChanged = values;
        return changed;
    }

    @Override
    public @Nullable Object call(Arguments arguments) {
        if (recursion == null) {
            throw new JinjaException("The loop must have the 'recursive' marker to be called recursively.");
        }
        return recursion.apply(arguments.require(0, "iterable"));
    }

    @Override
    public boolean isIterable() {
        return true;
    }

    @Override
    public String typeName() {
        return "jinja2.runtime.LoopContext";
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index + 1) + "/" + length() + ">";
    }
}
