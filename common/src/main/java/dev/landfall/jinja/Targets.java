package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands left of an equals sign, or between {@code for} and {@code in}. */
final class Targets {
    private Targets() {}

    interface Target {
        void assign(Scope scope, @Nullable Object value);
    }

    /** {@code a} */
    record NameTarget(String name) implements Target {
        @Override
        public void assign(Scope scope, @Nullable Object value) {
            scope.set(name, value);
        }
    }

    /** {@code namespace.a} */
    record NamespaceTarget(String namespace, String attribute) implements Target {
        @Override
        public void assign(Scope scope, @Nullable Object value) {
            if (scope.get(namespace) instanceof Namespace found) {
                found.set(attribute, value);
            } else {
                throw new JinjaException("cannot assign attribute on non-namespace object");
            }
        }
    }

    /** {@code a, b} */
    record TupleTarget(List<Target> targets) implements Target {
        @Override
        public void assign(Scope scope, @Nullable Object value) {
            if (!Values.isIterable(value)) {
                throw new JinjaException("cannot unpack non-iterable " + Values.typeName(value) + " object");
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (Object element : Values.elements(value)) {
                values.add(element);
                if (values.size() > targets.size()) {
                    break;
                }
            }
            if (values.size() != targets.size()) {
                throw new JinjaException(unpackProblem(targets.size(), values.size()));
            }
            for (int index = 0; index < targets.size(); index++) {
                targets.get(index).assign(scope, values.get(index));
            }
        }
    }

    static String unpackProblem(int expected, int found) {
        return found > expected
                ? "too many values to unpack (expected " + expected + ")"
                : "not enough values to unpack (expected " + expected + ", got " + found + ")";
    }
}
