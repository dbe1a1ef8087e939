package dev.landfall.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions with operators. */
final class Operations {
    private Operations() {}

    /** {@code a + b} and its like */
    record Binary(Location location, Operators.Binary operator, Expression left, Expression right)
            implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object first = left.evaluate(scope);
            Object second = right.evaluate(scope);
            try {
                return operator.apply(first, second);
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public boolean isConstant() {
            return left.isConstant() && right.isConstant();
        }
    }

    /** {@code -a} and {@code +a} */
    record Sign(Location location, boolean negative, Expression operand) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object value = operand.evaluate(scope);
            try {
                return negative ? Operators.negative(value) : Operators.positive(value);
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public boolean isConstant() {
            return operand.isConstant();
        }
    }

    /** {@code a ~ b ~ c} */
    record Concatenation(Location location, List<Expression> parts) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            StringBuilder text = new StringBuilder();
            Budget budget = Budget.current();
            for (Expression part : parts) {
                Object value = part.evaluate(scope);
                try {
                    String printed = Representation.str(value);
                    budget.allow((long) text.length() + printed.length());
                    text.append(printed);
                } catch (JinjaException mistake) {
                    throw mistake.at(location);
                }
            }
            return text.toString();
        }

        @Override
        public boolean isConstant() {
            return Literals.allConstant(parts);
        }
    }

    record And(Expression left, Expression right) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object first = left.evaluate(scope);
            return Values.truth(first) ? right.evaluate(scope) : first;
        }

        @Override
        public boolean isConstant() {
            return left.isConstant() && right.isConstant();
        }
    }

    record Or(Expression left, Expression right) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object first = left.evaluate(scope);
            return Values.truth(first) ? first : right.evaluate(scope);
        }

        @Override
        public boolean isConstant() {
            return left.isConstant() && right.isConstant();
        }
    }

    record Not(Expression operand) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return !Values.truth(operand.evaluate(scope));
        }

        @Override
        public boolean isConstant() {
            return operand.isConstant();
        }
    }

    /** One step of a chain of comparisons: {@code < b}. */
    record Step(String operator, Expression right) {}

    /** {@code a < b <= c}: every operand is evaluated once, and none after the first that fails. */
    record Chain(Location location, Expression first, List<Step> steps) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object left = first.evaluate(scope);
            for (Step step : steps) {
                Object right = step.right().evaluate(scope);
                if (!holds(step.operator(), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        private boolean holds(String operator, @Nullable Object left, @Nullable Object right) {
            try {
                return switch (operator) {
                    case "==" -> Comparison.equal(left, right);
                    case "!=" -> !Comparison.equal(left, right);
                    case "in" -> Comparison.contains(right, left);
                    case "not in" -> !Comparison.contains(right, left);
                    default -> Comparison.ordered(left, right, operator);
                };
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public boolean isConstant() {
            return first.isConstant()
                    && Literals.allConstant(steps.stream().map(Step::right).toList());
        }
    }

    /** {@code value if condition else otherwise} */
    record Conditional(
            Location location,
            Expression condition,
            Expression value,
            @Nullable Expression otherwise) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            if (Values.truth(condition.evaluate(scope))) {
                return value.evaluate(scope);
            }
            if (otherwise != null) {
                return otherwise.evaluate(scope);
            }
            return scope.missing(Undefined.because(
                    "",
                    "the inline if-expression on line " + location.line()
                            + " evaluated to false and no else section was defined."));
        }

        @Override
        public boolean isConstant() {
            return otherwise != null && condition.isConstant() && value.isConstant() && otherwise.isConstant();
        }
    }
}
