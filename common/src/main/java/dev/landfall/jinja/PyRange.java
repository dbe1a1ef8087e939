package dev.landfall.jinja;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Python's {@code range}: a list of ints that is never laid out. */
final class PyRange extends AbstractList<Object> implements RandomAccess, TypedValue {
    /** What jinja's sandbox allows. */
    private static final long MAX_SIZE = 100_000;

    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    PyRange(long start, long stop, long step) {
        if (step == 0) {
            throw new JinjaException("range() arg 3 must not be zero");
        }
        this.start = start;
        this.stop = stop;
        this.step = step;
        double span = step > 0 ? (double) stop - start : (double) start - stop;
        double count = Math.max(0, Math.ceil(span / Math.abs((double) step)));
        if (count > MAX_SIZE) {
            throw new LimitExceededException(
                    "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAX_SIZE + ").");
        }
        this.size = (int) count;
    }

    /** Every {@code stride}-th element from one index up to, or down to, another. */
    PyRange slice(int from, int to, int stride) {
        return new PyRange(start + from * step, start + to * step, step * stride);
    }

    @Override
    public Object get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return start + index * step;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String typeName() {
        return "range";
    }

    @Override
    public String toString() {
        return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
    }
}
