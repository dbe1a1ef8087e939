package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python's {@code str()} and {@code repr()}. */
final class Representation {
    /** Python refuses to print longer integers: converting them takes quadratic time. */
    private static final int MAX_INTEGER_DIGITS = 4300;

    private final StringBuilder out = new StringBuilder();
    private final Budget budget = Budget.current();
    /** The containers that are being printed, to notice one that contains itself. */
    private final List<Object> open = new ArrayList<>();

    private Representation() {}

    static String str(@Nullable Object value) {
        if (value instanceof CharSequence) {
            return value.toString();
        }
        if (value == null) {
            return "None";
        }
        if (value instanceof BigDecimal || value instanceof Undefined) {
            return value.toString();
        }
        if (value instanceof LocalDate || value instanceof LocalDateTime || value instanceof OffsetDateTime) {
            return Temporal.str(value);
        }
        if (value instanceof LocalTime || value instanceof Duration) {
            return Temporal.str(value);
        }
        return repr(value);
    }

    static String repr(@Nullable Object value) {
        Representation representation = new Representation();
        representation.write(value);
        representation.budget.allow(representation.out.length());
        return representation.out.toString();
    }

    private void write(@Nullable Object value) {
        budget.step();
        budget.allow(out.length());
        if (value == null) {
            out.append("None");
        } else if (value instanceof CharSequence text) {
            out.append(value instanceof Markup ? "Markup(" : "");
            quote(text.toString());
            out.append(value instanceof Markup ? ")" : "");
        } else if (value instanceof Boolean flag) {
            out.append(flag ? "True" : "False");
        } else if (value instanceof Number number) {
            out.append(number(number));
        } else if (value instanceof Undefined) {
            out.append("Undefined");
        } else if (value instanceof PyRange || value instanceof Generator) {
            out.append(value);
        } else if (value instanceof HostObject) {
            out.append(value);
        } else if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
            writeContainer(value);
        } else if (value instanceof LocalDate
                || value instanceof LocalDateTime
                || value instanceof OffsetDateTime
                || value instanceof LocalTime
                || value instanceof Duration) {
            out.append(Temporal.repr(value));
        } else if (value instanceof Callable) {
            out.append("<function>");
        } else {
            out.append(value);
        }
    }

    private void writeContainer(Object value) {
        for (Object container : open) {
            if (container == value) {
                out.append(value instanceof Map<?, ?> ? "{...}" : value instanceof PyTuple ? "(...)" : "[...]");
                return;
            }
        }
        open.add(value);
        if (value instanceof DictView view) {
            out.append(view.typeName()).append("([");
            writeAll(view, "])");
        } else if (value instanceof PyTuple tuple) {
            out.append('(');
            writeAll(tuple, tuple.size() == 1 ? ",)" : ")");
        } else if (value instanceof Set<?> set) {
            out.append(set.isEmpty() ? "set(" : "{");
            writeAll(set, set.isEmpty() ? ")" : "}");
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map);
        } else {
            out.append('[');
            writeAll((Collection<?>) value, "]");
        }
        open.remove(open.size() - 1);
    }

    private void writeAll(Collection<?> elements, String end) {
        String separator = "";
        for (Object element : elements) {
            out.append(separator);
            write(element);
            separator = ", ";
        }
        out.append(end);
    }

    private void writeMap(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            write(entry.getKey());
            out.append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(character -> {
            if (character == quote || character == '\\') {
                out.append('\\').append((char) character);
            } else if (character == '\n') {
                out.append("\\n");
            } else if (character == '\r') {
                out.append("\\r");
            } else if (character == '\t') {
                out.append("\\t");
            } else if (isPrintable(character)) {
                out.appendCodePoint(character);
            } else if (character <= 0xff) {
                out.append(String.format(Locale.ROOT, "\\x%02x", character));
            } else if (character <= 0xffff) {
                out.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                out.append(String.format(Locale.ROOT, "\\U%08x", character));
            }
        });
        out.append(quote);
    }

    static boolean isPrintable(int character) {
        if (character < 0x7f) {
            return character >= 0x20;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return floating(number.doubleValue());
        }
        if (number instanceof BigDecimal decimal) {
            return "Decimal('" + decimal + "')";
        }
        return number instanceof BigInteger big ? integer(big) : number.toString();
    }

    static String integer(BigInteger big) {
        String digits = big.bitLength() > MAX_INTEGER_DIGITS * 4 ? "" : big.toString();
        if (digits.isEmpty() || digits.length() > MAX_INTEGER_DIGITS + (big.signum() < 0 ? 1 : 0)) {
            throw new JinjaException("Exceeds the limit (" + MAX_INTEGER_DIGITS
                    + " digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit");
        }
        return digits;
    }

    /** The shortest digits that give the number back, with an exponent only for very large and very small ones. */
    static String floating(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = shortest(number);
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = decimal.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = decimal.unscaledValue().abs().toString();
        return (number < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "e"
                + exponent(exponent);
    }

    /** {@code +20}, {@code -05} */
    static String exponent(int exponent) {
        return String.format(Locale.ROOT, "%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Java 17's Double.toString sometimes gives a digit too many; Python's repr never does. */
    static BigDecimal shortest(double number) {
        BigDecimal candidate = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (candidate.precision() <= 15) {
            return candidate;
        }
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 15; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == number) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }
}
