package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/**
 * What the rendering on this thread has used of its {@link Limits}. The outermost rendering opens it, everything that
 * runs inside shares it, whichever scope it runs in. Outside of a rendering the limits of {@link Limits#DEFAULT} hold
 * for the size of one value and nothing else is counted.
 */
final class Budget {
    private static final ThreadLocal<@Nullable Budget> CURRENT = new ThreadLocal<>();
    private static final Budget IDLE = new Budget(Limits.DEFAULT, false);
    /** How many steps pass between two looks at the clock. */
    private static final int STEPS_PER_LOOK = 0x100;

    private final Limits limits;
    private final boolean counting;
    private long steps;
    private long outputChars;
    private int recursion;
    private long deadline;

    private Budget(Limits limits, boolean counting) {
        this.limits = limits;
        this.counting = counting;
        this.deadline = System.nanoTime() + limits.deadline().toNanos();
    }

    static Budget current() {
        Budget budget = CURRENT.get();
        return budget == null ? IDLE : budget;
    }

    /** Work to be done within a budget: the one that this thread has, or a new one. */
    @FunctionalInterface
    interface Work {
        @Nullable
        Object run();
    }

    static @Nullable Object spend(Limits limits, Work work) {
        if (CURRENT.get() != null) {
            return work.run();
        }
        CURRENT.set(new Budget(limits, true));
        try {
            return work.run();
        } catch (StackOverflowError overflow) {
            throw new LimitExceededException("maximum recursion depth exceeded");
        } finally {
            CURRENT.remove();
        }
    }

    /** Counts one unit of work. */
    void step() {
        if (!counting) {
            return;
        }
        steps++;
        if (steps > limits.steps()) {
            throw new LimitExceededException("the template took more than " + limits.steps() + " steps");
        }
        if (steps % STEPS_PER_LOOK == 0) {
            checkDeadline();
        }
    }

    private void checkDeadline() {
        if (System.nanoTime() - deadline > 0) {
            throw new LimitExceededException(
                    "the template ran longer than " + limits.deadline().toMillis() + " ms");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new JinjaException("the rendering was interrupted");
        }
    }

    /** Time spent in a function of the host is not the template's. */
    void excuse(long nanos) {
        if (counting) {
            deadline += nanos;
        }
    }

    void enterMacro(String name) {
        if (!counting) {
            return;
        }
        if (recursion >= limits.recursion()) {
            throw new LimitExceededException(
                    "maximum recursion depth exceeded: macro '" + name + "' is " + limits.recursion() + " calls deep");
        }
        recursion++;
    }

    void leaveMacro() {
        if (counting) {
            recursion--;
        }
    }

    void wrote(int chars) {
        if (!counting) {
            return;
        }
        outputChars += chars;
        if (outputChars > limits.outputChars()) {
            throw new LimitExceededException("the template wrote more than " + limits.outputChars() + " characters");
        }
    }

    /** Refuses a value before it is made. */
    void allow(long size) {
        if (size > limits.valueSize()) {
            throw new LimitExceededException("a value would be larger than " + limits.valueSize());
        }
    }
}
