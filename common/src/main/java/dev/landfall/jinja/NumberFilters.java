package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Filters that make a number, or read one. */
final class NumberFilters {
    private NumberFilters() {}

    static void register() {
        Filters.add("int", NumberFilters::toInt, "default", "base");
        Filters.add("float", NumberFilters::toFloat, "default");
        Filters.add("abs", (value, arguments) -> absolute(value));
        Filters.add("round", NumberFilters::round, "precision", "method");
        Filters.add("filesizeformat", NumberFilters::fileSize, "binary");
    }

    private static @Nullable Object toInt(@Nullable Object value, Arguments arguments) {
        Object otherwise = arguments.get(0, "default", 0L);
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (value instanceof CharSequence) {
            Object number = Numbers.parseInt(value.toString(), Values.toIndex(arguments.get(1, "base", 10L)));
            return number != null ? number : truncate(Numbers.parseFloat(value.toString()), otherwise);
        }
        if (Values.isInt(value)) {
            return Values.integer(Values.bigInteger(Values.require(value)));
        }
        if (value instanceof BigDecimal decimal) {
            return Values.integer(decimal.toBigInteger());
        }
        return truncate(Values.isFloat(value) ? Values.toDouble(Values.require(value)) : null, otherwise);
    }

    private static @Nullable Object truncate(@Nullable Double number, @Nullable Object otherwise) {
        if (number == null || number.isNaN() || number.isInfinite()) {
            return otherwise;
        }
        return Values.integer(Numbers.truncate(number));
    }

    private static @Nullable Object toFloat(@Nullable Object value, Arguments arguments) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        Double number = null;
        if (value instanceof CharSequence) {
            number = Numbers.parseFloat(value.toString());
        } else if (value != null && Values.isNumber(value)) {
            number = Values.toDouble(value);
        }
        return number == null ? arguments.get(0, "default", 0.0) : number;
    }

    private static Object absolute(@Nullable Object value) {
        Object result = Arithmetic.absolute(value);
        if (result == null) {
            throw Values.unsuitable(value, "bad operand type for abs(): '" + Values.typeName(value) + "'");
        }
        return result;
    }

    private static Object round(@Nullable Object value, Arguments arguments) {
        String method = arguments.text(1, "method", "common");
        int precision = Values.toIndex(arguments.get(0, "precision", 0L));
        if (!method.equals("common") && !method.equals("ceil") && !method.equals("floor")) {
            throw new JinjaException("method must be common, ceil or floor");
        }
        if (method.equals("common")) {
            if (value == null || !Values.isNumber(value)) {
                throw Values.unsuitable(value, "type " + Values.typeName(value) + " doesn't define __round__ method");
            }
            return Numbers.round(value, precision);
        }
        Object factor = Operators.Binary.POWER.apply(10L, (long) precision);
        Object scaled = Values.require(Operators.Binary.MULTIPLY.apply(value, factor));
        if (!Values.isNumber(scaled)) {
            throw new JinjaException("must be real number, not " + Values.typeName(value));
        }
        RoundingMode direction = method.equals("ceil") ? RoundingMode.CEILING : RoundingMode.FLOOR;
        Object whole = Numbers.whole(scaled, direction);
        return Values.require(Operators.Binary.DIVIDE.apply(whole, factor));
    }

    private static Object fileSize(@Nullable Object value, Arguments arguments) {
        boolean binary = arguments.flag(0, "binary", false);
        double bytes = Numbers.toFloat(value);
        int base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return "1 Byte";
        }
        if (bytes < base) {
            return (long) bytes + " Bytes";
        }
        double unit = base;
        int prefix = 0;
        while (bytes >= unit * base && prefix < 7) {
            unit *= base;
            prefix++;
        }
        String symbol = (binary ? "KMGTPEZY" : "kMGTPEZY").charAt(prefix) + (binary ? "iB" : "B");
        return FloatFormat.format(bytes / unit, 'f', 1, false) + " " + symbol;
    }
}
