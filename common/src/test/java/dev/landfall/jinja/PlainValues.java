package dev.landfall.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that the cases of {@code semantics.json} use; {@code record.py} has the same. */
final class PlainValues {
    private PlainValues() {}

    /** A fresh scope: templates may change the lists and dicts in it. */
    static Scope scope() {
        return Scope.root(values(), Limits.DEFAULT);
    }

    private static Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("lst", list("a", "b", "c"));
        values.put("nums", list(3L, 1L, 2L));
        values.put("d", dict("a", 1L, "b", 2L));
        values.put(
                "people",
                list(
                        dict("name", "Al", "age", 3L, "on", true),
                        dict("name", "Bo", "age", 1L, "on", false),
                        dict("name", "Cy", "age", 2L, "on", true)));
        values.put("s", "Hello World");
        values.put("n", 5L);
        values.put("f", 2.5);
        values.put("t", true);
        values.put("fa", false);
        values.put("no", null);
        values.put("date", LocalDate.of(2024, 1, 31));
        values.put("dt", LocalDateTime.of(2024, 1, 31, 12, 30, 5));
        values.put("dec", new BigDecimal("12.50"));
        values.put("aware", OffsetDateTime.of(2024, 2, 3, 4, 5, 6, 7_000_000, ZoneOffset.UTC));
        values.put("td", Duration.ofDays(1).plusSeconds(3661));
        values.put("big", BigInteger.TWO.pow(70));
        values.put("nested", dict("x", dict("y", list(1L, dict("z", "deep")))));
        values.put("tup", PyTuple.of(1L, "two", null));
        values.put("words", list("banana", "Apple", "cherry", "apple"));
        values.put("st", new LinkedHashSet<>(List.of(1L)));
        values.put("uni", "héllo ✓ 🎉");
        values.put("mixed", list(1L, "a", null, 2.5, true));
        values.put("empty", "");
        values.put("el", list());
        values.put("ed", dict());
        return values;
    }

    private static List<@Nullable Object> list(@Nullable Object... elements) {
        return new ArrayList<>(Arrays.asList(elements));
    }

    private static Map<Object, Object> dict(Object... keysAndValues) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        for (int index = 0; index < keysAndValues.length; index += 2) {
            dict.put(keysAndValues[index], keysAndValues[index + 1]);
        }
        return dict;
    }
}
