package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void outcomesStandInOneColumn() {
        String shorter = ProgressLine.of(1, 11, "OK created sql table model main.a", "OK in 0.12s");
        String longer = ProgressLine.of(2, 11, "OK created sql table model main.abcdef", "OK in 0.12s");

        assertThat(shorter)
                .startsWith("1 of 11 OK created sql table model main.a ...")
                .endsWith(" [OK in 0.12s]");
        assertThat(longer).hasSameSizeAs(shorter);
    }

    @Test
    void longNamesKeepSomeDots() {
        assertThat(ProgressLine.of(1, 1, "x".repeat(100), "RUN")).endsWith("x ... [RUN]");
    }

    @Test
    void clocksTellHoursMinutesAndSeconds() {
        assertThat(ProgressLine.clock(Duration.ofMillis(3_723_456)))
                .isEqualTo("1 hours 2 minutes and 3.46 seconds (3723.46s)");
    }
}
