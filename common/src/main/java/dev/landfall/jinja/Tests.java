package dev.landfall.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may follow {@code is}. */
final class Tests {

    @FunctionalInterface
    private interface Body {
        boolean test(@Nullable Object value, Arguments arguments);
    }

    private record Test(int arguments, Body body) {}

    private static final Map<String, Test> TESTS = new HashMap<>();

    private Tests() {}

    static {
        kinds();
        add("defined", (value, arguments) -> !(value instanceof Undefined));
        add("undefined", (value, arguments) -> value instanceof Undefined);
        add("odd", (value, arguments) -> Comparison.equal(Operators.Binary.MODULO.apply(value, 2L), 1L));
        add("even", (value, arguments) -> Comparison.equal(Operators.Binary.MODULO.apply(value, 2L), 0L));
        add(
                "divisibleby",
                1,
                (value, arguments) ->
                        Comparison.equal(Operators.Binary.MODULO.apply(value, arguments.require(0, "num")), 0L));
        add("lower", (value, arguments) -> StringMethods.isLower(Representation.str(value)));
        add("upper", (value, arguments) -> StringMethods.isUpper(Representation.str(value)));
        add("escaped", (value, arguments) -> value instanceof Markup);
        add("filter", (value, arguments) -> Filters.exists(name(value)));
        add("test", (value, arguments) -> exists(name(value)));
        add("in", 1, (value, arguments) -> Comparison.contains(arguments.require(0, "seq"), value));
        add("sameas", 1, (value, arguments) -> Comparison.same(value, arguments.require(0, "other")));
        comparisons();
    }

    private static void kinds() {
        add("none", (value, arguments) -> value == null);
        add("string", (value, arguments) -> value instanceof CharSequence);
        add("number", (value, arguments) -> Values.isNumber(value));
        add("integer", (value, arguments) -> Values.isInt(value) && !(value instanceof Boolean));
        add("float", (value, arguments) -> Values.isFloat(value));
        add("boolean", (value, arguments) -> value instanceof Boolean);
        add("true", (value, arguments) -> Boolean.TRUE.equals(value));
        add("false", (value, arguments) -> Boolean.FALSE.equals(value));
        add("mapping", (value, arguments) -> isMapping(value));
        add("sequence", (value, arguments) -> isSequence(value));
        add("iterable", (value, arguments) -> Values.isIterable(value));
        add("callable", (value, arguments) -> value instanceof Callable || value instanceof Undefined);
    }

    private static void comparisons() {
        for (String name : List.of("==", "eq", "equalto")) {
            add(name, 1, (value, arguments) -> Comparison.equal(value, arguments.require(0, "other")));
        }
        for (String name : List.of("!=", "ne")) {
            add(name, 1, (value, arguments) -> !Comparison.equal(value, arguments.require(0, "other")));
        }
        order("<", "lt", "lessthan");
        order("<=", "le");
        order(">", "gt", "greaterthan");
        order(">=", "ge");
    }

    private static void order(String operator, String... otherNames) {
        Body body = (value, arguments) -> Comparison.ordered(value, arguments.require(0, "other"), operator);
        add(operator, 1, body);
        for (String name : otherNames) {
            add(name, 1, body);
        }
    }

    private static void add(String name, Body body) {
        add(name, 0, body);
    }

    private static void add(String name, int arguments, Body body) {
        TESTS.put(name, new Test(arguments, body));
    }

    static boolean exists(String name) {
        return TESTS.containsKey(name);
    }

    static boolean apply(String name, @Nullable Object value, Arguments arguments) {
        Test test = TESTS.get(name);
        if (test == null) {
            throw new JinjaException("No test named " + Representation.repr(name) + ".");
        }
        if (arguments.size() != test.arguments) {
            throw new JinjaException("test '" + name + "' takes " + test.arguments + " argument(s) but "
                    + arguments.size() + " were given");
        }
        return test.body.test(value, arguments);
    }

    private static String name(@Nullable Object value) {
        return Representation.str(Keys.require(value));
    }

    private static boolean isMapping(@Nullable Object value) {
        return value instanceof Map<?, ?> || (value instanceof HostObject object && object.isMapping());
    }

    /** Whether it has a length and items. */
    private static boolean isSequence(@Nullable Object value) {
        return value instanceof CharSequence
                || value instanceof List<?>
                || value instanceof Map<?, ?>
                || value instanceof Undefined
                || (value instanceof HostObject object && object.isSequence());
    }
}
