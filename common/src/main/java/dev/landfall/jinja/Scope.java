package dev.landfall.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The names that a template sees: its own, then its parent's, up to the globals, jinja's own globals last. A scope
 * belongs to one thread at a time; templates and macros may be shared freely.
 */
public final class Scope {
    private final @Nullable Scope parent;
    private final Map<String, ? extends @Nullable Object> globals;
    private final Limits limits;
    private final Mode mode;
    private @Nullable Map<String, @Nullable Object> own;
    private @Nullable BiConsumer<Undefined, Location> unknownCalls;

    /** How the template that runs in a scope treats missing names and filters that make types. */
    enum Mode {
        TEXT,
        /** Missing names may be called and looked into: dbt's parse pass. */
        PERMISSIVE,
        /** The result is a value, not a text: dbt's YAML strings. */
        NATIVE
    }

    private Scope(@Nullable Scope parent, Map<String, ? extends @Nullable Object> globals, Limits limits, Mode mode) {
        this.parent = parent;
        this.globals = globals;
        this.limits = limits;
        this.mode = mode;
    }

    /**
     * A scope of its own. The globals are looked up when a name is asked for and are neither copied nor written, so a
     * map that makes its values on demand will do.
     */
    public static Scope root(Map<String, ? extends @Nullable Object> globals, Limits limits) {
        return new Scope(null, globals, limits, Mode.TEXT);
    }

    /** Sees everything that this one sees; what is set in it stays in it. */
    public Scope child() {
        return new Scope(this, Map.of(), limits, mode);
    }

    Scope child(Mode other) {
        return new Scope(this, Map.of(), limits, other);
    }

    /** From now on the listener hears of every call of what does not exist. */
    void listen(BiConsumer<Undefined, Location> listener) {
        unknownCalls = listener;
    }

    void unknownCall(Undefined callee, Location place) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            if (scope.unknownCalls != null) {
                scope.unknownCalls.accept(callee, place);
                return;
            }
        }
    }

    Mode mode() {
        return mode;
    }

    Limits limits() {
        return limits;
    }

    /** {@link Undefined} when no scope up to the root knows the name. */
    public @Nullable Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Map<String, @Nullable Object> names = scope.own;
            if (names != null) {
                Object value = names.get(name);
                if (value != null || names.containsKey(name)) {
                    return value;
                }
            }
            if (scope.parent == null) {
                Object value = scope.globals.get(name);
                if (value != null || scope.globals.containsKey(name)) {
                    return value;
                }
            }
        }
        Object value = Globals.get(name);
        return value == null ? missing(Undefined.of(name)) : value;
    }

    /** The value, and a permissive undefined if it is undefined and this scope is permissive. */
    @Nullable
    Object missing(@Nullable Object value) {
        return mode == Mode.PERMISSIVE && value instanceof Undefined undefined ? undefined.toPermissive() : value;
    }

    public void set(String name, @Nullable Object value) {
        Map<String, @Nullable Object> names = own;
        if (names == null) {
            names = new HashMap<>();
            own = names;
        }
        names.put(name, value);
    }
}
