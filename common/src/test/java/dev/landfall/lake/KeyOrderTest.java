package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
    /** One of each length in UTF-8, and both sides of the surrogates. */
    private static final List<String> CHARACTERS =
            List.of("", "a", "b", "é", "\u0416", "\ud7ff", "\ue000", "\uffee", "😀");

    @Test
    void sortsAsTheBytesOfUtf8Do() {
        List<String> keys = new ArrayList<>();
        for (String first : CHARACTERS) {
            for (String second : CHARACTERS) {
                keys.add("raw/" + first + second);
                keys.add("raw/" + first + second + "/x.parquet");
            }
        }

        List<String> sorted = keys.stream().sorted(KeyOrder.UTF_8).toList();

        List<String> expected = keys.stream()
                .sorted((left, right) -> Arrays.compareUnsigned(
                        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8)))
                .toList();
        assertThat(sorted).isEqualTo(expected);
    }
}
