package dev.landfall.jinja;

/**
 * The value of a name that does not exist. It prints nothing, is false, has length 0 and no elements; calling it,
 * looking into it or calculating with it raises its {@link #problem()}. A permissive one (see
 * {@link Template#renderPermissive}) may be called and looked into and stays undefined.
 */
public final class Undefined {
    private final String name;
    private final String problem;
    private final boolean permissive;

    private Undefined(String name, String problem, boolean permissive) {
        this.name = name;
        this.problem = problem;
        this.permissive = permissive;
    }

    public static Undefined of(String name) {
        return new Undefined(name, undefined(name), false);
    }

    private static String undefined(String name) {
        return Python.repr(name) + " is undefined";
    }

    /** With its own words for what is wrong. */
    public static Undefined because(String name, String problem) {
        return new Undefined(name, problem, false);
    }

    public static Undefined permissive(String name) {
        return new Undefined(name, undefined(name), true);
    }

    public String name() {
        return name;
    }

    public String problem() {
        return problem;
    }

    boolean hasOwnWords() {
        return !problem.equals(undefined(name));
    }

    public boolean isPermissive() {
        return permissive;
    }

    Undefined toPermissive() {
        return permissive ? this : new Undefined(name, problem, true);
    }

    JinjaException failure() {
        return new JinjaException(problem);
    }

    /** As in Python, every undefined equals every other. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    /** Nothing: this is what a template prints. */
    @Override
    public String toString() {
        return "";
    }
}
