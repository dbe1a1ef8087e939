package dev.landfall.jinja;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic operators, on numbers, texts, lists, sets and dates. */
final class Operators {
    private Operators() {}

    enum Binary {
        ADD("+") {
            @Override
            @Nullable
            Object apply(@Nullable Object left, @Nullable Object right) {
                return add(left, right);
            }
        },
        SUBTRACT("-") {
            @Override
            @Nullable
            Object apply(@Nullable Object left, @Nullable Object right) {
                return subtract(left, right);
            }
        },
        MULTIPLY("*") {
            @Override
            @Nullable
            Object apply(@Nullable Object left, @Nullable Object right) {
                return multiply(left, right);
            }
        },
        DIVIDE("/") {
            @Override
            @Nullable
            Object apply(@Nullable Object left, @Nullable Object right) {
                return orUnsupported(this, Arithmetic.divide(left, right), TemporalArithmetic::divide, left, right);
            }
        },
        FLOOR_DIVIDE("//") {
            @Override
            @Nullable
            Object apply(@Nullable Object left, @Nullable Object right) {
                return orUnsupported(
                        this, Arithmetic.floorDivide(left, right), TemporalArithmetic::floorDivide, left, right);
            }
        },
        MODULO("%") {
            @Override
            @Nullable
            Object apply(@Nullable Object left, @Nullable Object right) {
                if (left instanceof CharSequence format) {
                    return PercentFormat.format(format.toString(), right);
                }
                return orUnsupported(this, Arithmetic.modulo(left, right), TemporalArithmetic::modulo, left, right);
            }
        },
        POWER("**") {
            @Override
            @Nullable
            Object apply(@Nullable Object left, @Nullable Object right) {
                return orUnsupported(this, Arithmetic.power(left, right), left, right);
            }
        };

        private final String sign;

        Binary(String sign) {
            this.sign = sign;
        }

        abstract @Nullable Object apply(@Nullable Object left, @Nullable Object right);

        /** Null if there is no such operator. */
        static @Nullable Binary of(String sign) {
            for (Binary operator : values()) {
                if (operator.sign.equals(sign)) {
                    return operator;
                }
            }
            return null;
        }
    }

    static @Nullable Object add(@Nullable Object left, @Nullable Object right) {
        if (left instanceof CharSequence ours && right instanceof CharSequence theirs) {
            return concatenate(ours, theirs);
        }
        Object sum = Arithmetic.add(left, right);
        if (sum != null) {
            return sum;
        }
        if (left instanceof PyTuple ours && right instanceof PyTuple theirs) {
            return PyTuple.copyOf(join(ours, theirs));
        }
        if (isList(left) && isList(right)) {
            return join((List<?>) Values.require(left), (List<?>) Values.require(right));
        }
        Object time = TemporalArithmetic.add(left, right);
        if (time != null) {
            return time;
        }
        Values.requireDefined(left);
        Values.requireDefined(right);
        if (left instanceof CharSequence || isList(left) || left instanceof PyTuple) {
            String type = Values.typeName(left);
            throw new JinjaException(
                    "can only concatenate " + type + " (not \"" + Values.typeName(right) + "\") to " + type);
        }
        throw unsupported("+", left, right);
    }

    private static CharSequence concatenate(CharSequence left, CharSequence right) {
        Budget.current().allow((long) left.length() + right.length());
        if (left instanceof Markup || right instanceof Markup) {
            return new Markup(Markup.escape(left) + Markup.escape(right).toString());
        }
        return left.toString() + right;
    }

    private static boolean isList(@Nullable Object value) {
        return value instanceof List<?> && !(value instanceof PyTuple) && !(value instanceof PyRange);
    }

    private static List<@Nullable Object> join(List<?> left, List<?> right) {
        Budget.current().allow((long) left.size() + right.size());
        List<@Nullable Object> joined = new ArrayList<>(left.size() + right.size());
        joined.addAll(left);
        joined.addAll(right);
        return joined;
    }

    private static @Nullable Object subtract(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Set<?> ours && right instanceof Set<?> theirs) {
            return without(ours, theirs);
        }
        if (Comparison.isSetLike(left) || Comparison.isSetLike(right)) {
            Values.requireDefined(left);
            Values.requireDefined(right);
            if (left instanceof DictView || right instanceof DictView) {
                return without(Values.list(left), Values.list(right));
            }
        }
        return orUnsupported(
                Binary.SUBTRACT, Arithmetic.subtract(left, right), TemporalArithmetic::subtract, left, right);
    }

    private static Set<@Nullable Object> without(Collection<?> elements, Collection<?> unwanted) {
        Set<@Nullable Object> rest = new LinkedHashSet<>(elements);
        for (Object element : unwanted) {
            rest.remove(Keys.find(rest, element));
        }
        return rest;
    }

    private static @Nullable Object multiply(@Nullable Object left, @Nullable Object right) {
        Object product = Arithmetic.multiply(left, right);
        if (product == null) {
            product = TemporalArithmetic.multiply(left, right);
        }
        if (product != null) {
            return product;
        }
        Values.requireDefined(left);
        Values.requireDefined(right);
        if (isSequence(left) || isSequence(right)) {
            Object sequence = isSequence(left) ? left : right;
            Object times = isSequence(left) ? right : left;
            if (!Values.isInt(times)) {
                throw new JinjaException("can't multiply sequence by non-int of type '" + Values.typeName(times) + "'");
            }
            return repeat(Values.require(sequence), Math.max(0, Values.toIndex(times)));
        }
        throw unsupported("*", left, right);
    }

    private static boolean isSequence(@Nullable Object value) {
        return value instanceof CharSequence || value instanceof PyTuple || isList(value);
    }

    private static Object repeat(Object sequence, int times) {
        if (sequence instanceof CharSequence text) {
            Budget.current().allow((long) text.length() * times);
            String repeated = text.toString().repeat(times);
            return sequence instanceof Markup ? new Markup(repeated) : repeated;
        }
        List<?> list = (List<?>) sequence;
        Budget.current().allow((long) list.size() * times);
        List<@Nullable Object> repeated = new ArrayList<>(list.size() * times);
        for (int count = 0; count < times; count++) {
            repeated.addAll(list);
        }
        return sequence instanceof PyTuple ? PyTuple.copyOf(repeated) : repeated;
    }

    static @Nullable Object negative(@Nullable Object value) {
        Values.requireDefined(value);
        Object result = Arithmetic.negative(value);
        if (result == null) {
            result = TemporalArithmetic.negative(value);
        }
        if (result == null) {
            throw new JinjaException("bad operand type for unary -: '" + Values.typeName(value) + "'");
        }
        return result;
    }

    static @Nullable Object positive(@Nullable Object value) {
        Values.requireDefined(value);
        if (!Values.isNumber(value) && !(value instanceof Duration)) {
            throw new JinjaException("bad operand type for unary +: '" + Values.typeName(value) + "'");
        }
        return value instanceof Boolean ? Values.integer(Values.bigInteger(value)) : value;
    }

    private static Object orUnsupported(
            Binary operator, @Nullable Object result, @Nullable Object left, @Nullable Object right) {
        return orUnsupported(operator, result, (first, second) -> null, left, right);
    }

    /** One of Python's operators on two values. */
    private interface Operation {
        @Nullable
        Object apply(@Nullable Object left, @Nullable Object right);
    }

    /** The result of arithmetic; if the two are no numbers, what calculating with times gives. */
    private static Object orUnsupported(
            Binary operator,
            @Nullable Object result,
            Operation onTimes,
            @Nullable Object left,
            @Nullable Object right) {
        Object found = result == null ? onTimes.apply(left, right) : result;
        if (found == null) {
            Values.requireDefined(left);
            Values.requireDefined(right);
            throw unsupported(operator == Binary.POWER ? "** or pow()" : operator.sign, left, right);
        }
        return found;
    }

    private static JinjaException unsupported(String sign, @Nullable Object left, @Nullable Object right) {
        return new JinjaException("unsupported operand type(s) for " + sign + ": '" + Values.typeName(left) + "' and '"
                + Values.typeName(right) + "'");
    }
}
