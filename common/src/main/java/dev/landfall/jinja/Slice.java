package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code slice(start, stop, step)}, applied to sequences. None means: as far as it goes. */
record Slice(
        @Nullable Object start,
        @Nullable Object stop,
        @Nullable Object step) implements TypedValue {

    /** Whether the three are ints or None; Python has no element for another slice. */
    boolean isValid() {
        return isIndex(start) && isIndex(stop) && isIndex(step);
    }

    private static boolean isIndex(@Nullable Object value) {
        return value == null || Values.isInt(value);
    }

    private int stride() {
        int stride = step == null ? 1 : Values.toIndex(step);
        if (stride == 0) {
            throw new JinjaException("slice step cannot be zero");
        }
        // the smallest int has no counterpart, and a sequence is never that long
        return Math.max(stride, -Integer.MAX_VALUE);
    }

    private int from(int length) {
        int stride = stride();
        if (start == null) {
            return stride > 0 ? 0 : length - 1;
        }
        return bounded(start, length, stride);
    }

    private int to(int length) {
        int stride = stride();
        if (stop == null) {
            return stride > 0 ? length : -1;
        }
        return bounded(stop, length, stride);
    }

    private static int bounded(Object index, int length, int stride) {
        long position = Values.toIndex(index);
        if (position < 0) {
            position += length;
        }
        int lowest = stride > 0 ? 0 : -1;
        int highest = stride > 0 ? length : length - 1;
        return (int) Math.max(lowest, Math.min(highest, position));
    }

    String of(String text) {
        if (step == null && Text.isSimple(text)) {
            int from = from(text.length());
            return text.substring(from, Math.max(from, to(text.length())));
        }
        int[] characters = text.codePoints().toArray();
        StringBuilder result = new StringBuilder();
        for (int index : indexes(characters.length)) {
            result.appendCodePoint(characters[index]);
        }
        return result.toString();
    }

    List<@Nullable Object> of(List<? extends @Nullable Object> list) {
        List<@Nullable Object> result = new ArrayList<>();
        for (int index : indexes(list.size())) {
            result.add(list.get(index));
        }
        return result;
    }

    PyRange of(PyRange range) {
        return range.slice(from(range.size()), to(range.size()), stride());
    }

    private int[] indexes(int length) {
        int stride = stride();
        long from = from(length);
        long to = to(length);
        long distance = stride > 0 ? to - from : from - to;
        int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs((long) stride) + 1);
        int[] indexes = new int[count];
        for (int position = 0; position < count; position++) {
            indexes[position] = (int) (from + (long) position * stride);
        }
        return indexes;
    }

    @Override
    public String typeName() {
        return "slice";
    }

    @Override
    public String toString() {
        return "slice(" + Representation.repr(start) + ", " + Representation.repr(stop) + ", "
                + Representation.repr(step) + ")";
    }
}
