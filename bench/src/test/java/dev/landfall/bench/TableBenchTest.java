package dev.landfall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableBenchTest {
    @Test
    void buildsTheTableBothWays() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Scratch scratch = Scratch.make("table")) {
            new TableBench(1_000, 1).run(new Report(new PrintStream(out, true, StandardCharsets.UTF_8)), scratch);
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("| 1,000 rows through one table model | the same SQL");
    }
}
