package dev.landfall.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods that values of one type have.
 *
 * @param <T> the Java type of the values
 */
final class Methods<T> {

    /** What a method does with the value that it belongs to. */
    @FunctionalInterface
    interface Body<T> {
        @Nullable
        Object call(T self, Arguments arguments);
    }

    private record Method<T>(String name, int atLeast, int atMost, Body<T> body) {}

    /** As many arguments as the caller likes. */
    static final int ANY = Integer.MAX_VALUE;

    private final String typeName;
    private final Class<T> type;
    private final Map<String, Method<T>> methods = new HashMap<>();

    Methods(String typeName, Class<T> type) {
        this.typeName = typeName;
        this.type = type;
    }

    /** A method without arguments. */
    Methods<T> add(String name, Body<T> body) {
        return add(name, 0, 0, body);
    }

    Methods<T> add(String name, int atLeast, int atMost, Body<T> body) {
        methods.put(name, new Method<>(name, atLeast, atMost, body));
        return this;
    }

    /** The method of this value; null when the type has none of this name. */
    @Nullable
    Callable bind(@Nullable Object self, String name) {
        Method<T> method = methods.get(name);
        if (method == null) {
            return null;
        }
        T value = type.cast(Values.require(self));
        return new Bound<>(typeName, method, value);
    }

    /** A method with the value that it was taken from. */
    private record Bound<T>(String typeName, Method<T> method, T self) implements BuiltIn, TypedValue {
        @Override
        public @Nullable Object call(Arguments arguments) {
            int given = arguments.size();
            if (given < method.atLeast || given > method.atMost) {
                throw new JinjaException(wrongNumber(given));
            }
            return method.body.call(self, arguments);
        }

        private String wrongNumber(int given) {
            if (method.atLeast != method.atMost) {
                String bound = given < method.atLeast ? "at least " + method.atLeast : "at most " + method.atMost;
                boolean single = (given < method.atLeast ? method.atLeast : method.atMost) == 1;
                return method.name + " expected " + bound + (single ? " argument" : " arguments") + ", got " + given;
            }
            String expected = method.atMost == 0
                    ? "no arguments"
                    : method.atMost == 1 ? "exactly one argument" : "exactly " + method.atMost + " arguments";
            return typeName + "." + method.name + "() takes " + expected + " (" + given + " given)";
        }

        @Override
        public String typeName() {
            return "builtin_function_or_method";
        }

        @Override
        public String toString() {
            return "<built-in method " + method.name + " of " + typeName + " object>";
        }
    }
}
