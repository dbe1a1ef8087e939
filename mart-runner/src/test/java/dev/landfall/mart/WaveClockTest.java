package dev.landfall.mart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaveClockTest {
    private final WaveClock clock = new WaveClock(Duration.ofNanos(10), Duration.ofNanos(50), Duration.ofNanos(500));

    @Test
    void asksForNothingUntilSomethingHappens() {
        assertThat(clock.due()).isEmpty();
    }

    @Test
    void gathersWhatComesTogether() {
        clock.materialized("a", false, 100);
        clock.materialized("b", false, 105);

        assertThat(clock.due()).hasValue(115);
    }

    @Test
    void doesNotGatherForEver() {
        for (int time = 100; time <= 200; time += 5) {
            clock.materialized("a", false, time);
        }

        assertThat(clock.due()).hasValue(150);
    }

    @Test
    void waitsWhileMoreIsToComeButNotForEver() {
        clock.materialized("a", true, 100);
        clock.materialized("b", false, 110);
        assertThat(clock.due()).hasValue(600);

        clock.materialized("a", false, 130);
        assertThat(clock.due()).hasValue(140);
    }

    @Test
    void startsAnewWithEachWave() {
        clock.materialized("a", true, 100);

        clock.begin();
        assertThat(clock.due()).isEmpty();

        clock.materialized("b", false, 300);
        assertThat(clock.due()).hasValue(310);
    }
}
