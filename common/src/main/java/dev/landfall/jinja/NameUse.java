package dev.landfall.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Notes, for each macro that is being read, which of the names caller, varargs and kwargs its body reads before setting
 * them: only then does the macro accept them.
 */
final class NameUse {
    private static final Set<String> SPECIAL = Set.of("caller", "varargs", "kwargs");

    private static final class Frame {
        private final Set<String> used = new HashSet<>();
        private final Set<String> stored = new HashSet<>();
    }

    private final Deque<Frame> macros = new ArrayDeque<>();
    private boolean storing;

    void enterMacro() {
        macros.push(new Frame());
    }

    Set<String> leaveMacro() {
        return Set.copyOf(macros.pop().used);
    }

    /** From now on names are being assigned to. */
    void startStoring() {
        storing = true;
    }

    void stopStoring() {
        storing = false;
    }

    /** A name in an expression, which may be the target of an assignment. */
    void use(String name) {
        if (storing) {
            store(name);
        } else {
            load(name);
        }
    }

    void load(String name) {
        if (SPECIAL.contains(name)) {
            for (Frame macro : macros) {
                if (!macro.stored.contains(name)) {
                    macro.used.add(name);
                }
            }
        }
    }

    void store(String name) {
        if (SPECIAL.contains(name)) {
            macros.forEach(macro -> macro.stored.add(name));
        }
    }
}
