package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions that write a value down. */
final class Literals {
    private Literals() {}

    /** A text, a number, true, false or none. */
    record Constant(@Nullable Object value) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return value;
        }

        @Override
        public boolean isConstant() {
            return true;
        }

        @Override
        public String kind() {
            return "const";
        }
    }

    /** {@code [a, b]} */
    record ListLiteral(List<Expression> elements) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            List<@Nullable Object> list = new ArrayList<>(elements.size());
            for (Expression element : elements) {
                list.add(element.evaluate(scope));
            }
            return list;
        }

        @Override
        public boolean isConstant() {
            return allConstant(elements);
        }

        @Override
        public String kind() {
            return "list";
        }
    }

    /** {@code (a, b)} or, where no brackets are needed, {@code a, b} */
    record TupleLiteral(List<Expression> elements) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            @Nullable Object[] values = new Object[elements.size()];
            for (int index = 0; index < values.length; index++) {
                values[index] = elements.get(index).evaluate(scope);
            }
            return PyTuple.of(values);
        }

        @Override
        public boolean isConstant() {
            return allConstant(elements);
        }

        @Override
        public String kind() {
            return "tuple";
        }
    }

    /** {@code {a: b}} */
    record DictLiteral(Location location, List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            try {
                for (int index = 0; index < keys.size(); index++) {
                    Keys.put(
                            map,
                            keys.get(index).evaluate(scope),
                            values.get(index).evaluate(scope));
                }
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
            return map;
        }

        @Override
        public boolean isConstant() {
            return allConstant(keys) && allConstant(values);
        }

        @Override
        public String kind() {
            return "dict";
        }
    }

    static boolean allConstant(List<Expression> expressions) {
        for (Expression expression : expressions) {
            if (!expression.isConstant()) {
                return false;
            }
        }
        return true;
    }
}
