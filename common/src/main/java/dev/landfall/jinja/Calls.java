package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions that call functions, filters and tests. */
final class Calls {
    private Calls() {}

    /** {@code name=value} */
    record Keyword(String name, Expression value) {}

    /** {@code (a, *b, c=d, **e)} */
    record ArgumentList(
            List<Expression> positional,
            List<Keyword> keywords,
            @Nullable Expression spread,
            @Nullable Expression spreadKeywords) {

        static final ArgumentList EMPTY = new ArgumentList(List.of(), List.of(), null, null);

        Arguments evaluate(Scope scope, Location location) {
            List<@Nullable Object> values = new ArrayList<>(positional.size());
            for (Expression argument : positional) {
                values.add(argument.evaluate(scope));
            }
            if (spread != null) {
                values.addAll(elements(spread.evaluate(scope)));
            }
            if (keywords.isEmpty() && spreadKeywords == null) {
                return new Arguments(values, Map.of(), location);
            }
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            for (Keyword keyword : keywords) {
                add(named, keyword.name(), keyword.value().evaluate(scope));
            }
            if (spreadKeywords != null) {
                addAll(named, spreadKeywords.evaluate(scope));
            }
            return new Arguments(values, named, location);
        }

        private static List<@Nullable Object> elements(@Nullable Object value) {
            if (!Values.isIterable(value)) {
                throw Values.unsuitable(value, "argument after * must be an iterable, not " + Values.typeName(value));
            }
            return Values.list(value);
        }

        private static void addAll(Map<String, @Nullable Object> named, @Nullable Object value) {
            if (value instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    add(named, name(entry.getKey()), entry.getValue());
                }
            } else if (value instanceof HostObject object && object.isMapping()) {
                for (Object key : object.elements()) {
                    add(named, name(key), Attributes.item(object, key));
                }
            } else {
                throw Values.unsuitable(value, "argument after ** must be a mapping, not " + Values.typeName(value));
            }
        }

        private static String name(@Nullable Object key) {
            if (key instanceof CharSequence) {
                return key.toString();
            }
            throw new JinjaException("keywords must be strings");
        }

        private static void add(Map<String, @Nullable Object> named, String name, @Nullable Object value) {
            if (named.containsKey(name)) {
                throw new JinjaException("got multiple values for keyword argument '" + name + "'");
            }
            named.put(name, value);
        }

        boolean isConstant() {
            return Literals.allConstant(positional)
                    && Literals.allConstant(
                            keywords.stream().map(Keyword::value).toList())
                    && spread == null
                    && spreadKeywords == null;
        }
    }

    /** {@code function(arguments)} */
    record Call(Location location, Expression function, ArgumentList arguments) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return evaluate(scope, null);
        }

        /** @param caller what a call block hands to the macro that it calls */
        @Nullable
        Object evaluate(Scope scope, @Nullable Callable caller) {
            Object callee = function.evaluate(scope);
            try {
                Budget.current().step();
                Arguments values = arguments.evaluate(scope, location);
                if (callee instanceof Undefined unknown && unknown.isPermissive()) {
                    scope.unknownCall(unknown, location);
                }
                return scope.missing(invoke(callee, caller == null ? values : values.with("caller", caller)));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }
    }

    static @Nullable Object invoke(@Nullable Object callee, Arguments arguments) {
        if (callee instanceof BuiltIn builtIn) {
            return builtIn.call(arguments);
        }
        if (callee instanceof Callable function) {
            return callHost(function, arguments);
        }
        if (callee instanceof Undefined undefined) {
            if (undefined.isPermissive()) {
                return undefined;
            }
            throw undefined.failure();
        }
        throw new JinjaException("'" + Values.typeName(callee) + "' object is not callable");
    }

    /** The host knows nothing of {@link Markup}, and the time that it takes is not the template's. */
    private static @Nullable Object callHost(Callable function, Arguments arguments) {
        List<@Nullable Object> positional = new ArrayList<>(arguments.positional());
        positional.replaceAll(Markup::plain);
        Map<String, @Nullable Object> keyword = new LinkedHashMap<>(arguments.keyword());
        keyword.replaceAll((name, value) -> Markup.plain(value));
        long start = System.nanoTime();
        try {
            return function.call(new Arguments(
                    Collections.unmodifiableList(positional),
                    Collections.unmodifiableMap(keyword),
                    arguments.location()));
        } finally {
            Budget.current().excuse(System.nanoTime() - start);
        }
    }

    /** {@code value | name(arguments)}; {@code value} is null at the begin of a filter block */
    record FilterCall(Location location, @Nullable Expression value, String name, ArgumentList arguments)
            implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            if (value == null) {
                throw new IllegalStateException("a filter block has no value of its own");
            }
            return apply(scope, value.evaluate(scope));
        }

        @Nullable
        Object apply(Scope scope, @Nullable Object input) {
            try {
                Budget.current().step();
                if (!Filters.exists(name)) {
                    throw new JinjaException("No filter named '" + name + "' found.");
                }
                Arguments values = arguments.evaluate(scope, location);
                return scope.missing(Filters.apply(name, input, values, scope.mode()));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public boolean isConstant() {
            return value != null && value.isConstant() && arguments.isConstant() && Filters.isPure(name);
        }
    }

    /** {@code value is name(arguments)} */
    record TestCall(Location location, Expression value, String name, ArgumentList arguments) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object subject = value.evaluate(scope);
            try {
                if (!Tests.exists(name)) {
                    throw new JinjaException("No test named '" + name + "' found.");
                }
                return Tests.apply(name, subject, arguments.evaluate(scope, location));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public boolean isConstant() {
            return value.isConstant() && arguments.isConstant();
        }
    }
}
