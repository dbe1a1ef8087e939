package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultFormatTest {
    @Test
    void tablesAlignNumbersToTheRightAndTextToTheLeft() {
        String text = write(
                ResultFormat.TABLE,
                List.of("name", "amount"),
                List.of(row("Zoë", new BigDecimal("1234.50")), row(null, 7L)));

        assertThat(text).isEqualTo("""
                         name |  amount
                        ------+---------
                         Zoë  | 1234.50
                              |       7
                        (2 rows)
                        """);
    }

    @Test
    void tablesKeepARowOnOneLine() {
        String text = write(ResultFormat.TABLE, List.of("note"), List.of(row("a\nb")));

        assertThat(text).contains(" a\\nb\n(1 row)");
    }

    @Test
    void csvTellsNullFromAnEmptyText() {
        String text = write(ResultFormat.CSV, List.of("a", "b", "c"), List.of(row(null, "", "x")));

        assertThat(text).isEqualTo("a,b,c\n,\"\",x\n");
    }

    @Test
    void csvQuotesWhatWouldBreakARow() {
        String text = write(ResultFormat.CSV, List.of("a,b"), List.of(row("say \"hi\"\nthere")));

        assertThat(text).isEqualTo("\"a,b\"\n\"say \"\"hi\"\"\nthere\"\n");
    }

    @Test
    void csvWritesLargeDecimalsPlainly() {
        String text = write(ResultFormat.CSV, List.of("a"), List.of(row(new BigDecimal("1E+20"))));

        assertThat(text).isEqualTo("a\n100000000000000000000\n");
    }

    @Test
    void jsonIsAnArrayOfObjects() {
        String text = write(
                ResultFormat.JSON,
                List.of("day", "n", "ok", "tags", "meta", "none"),
                List.of(row(LocalDate.of(2026, 1, 31), 1.5, true, List.of("a", 1), Map.of("k", "v\"\u0001"), null)));

        assertThat(text).isEqualTo("""
                        [
                          {"day": "2026-01-31", "n": 1.5, "ok": true, "tags": ["a", 1], "meta": {"k": "v\\"\\u0001"}, "none": null}
                        ]
                        """);
    }

    @Test
    void jsonOfNoRowsIsAnEmptyArray() {
        assertThat(write(ResultFormat.JSON, List.of("a"), List.of())).isEqualTo("[]\n");
    }

    @Test
    void jsonHasNoNumberForNaN() {
        assertThat(write(ResultFormat.JSON, List.of("a"), List.of(row(Double.NaN))))
                .contains("{\"a\": \"NaN\"}");
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static String write(ResultFormat format, List<String> names, List<List<@Nullable Object>> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        format.write(names, rows, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
