package dev.landfall.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrailTest {
    private static final Instant MONDAY = Instant.parse("2026-01-12T08:00:00Z");
    private static final Trail OLD = new Trail("00-old-1-01", MONDAY.minusSeconds(60));
    private static final Trail NEW = new Trail("00-new-1-01", MONDAY);

    @Test
    void comesBackFromItsHeaders() {
        Map<String, String> headers = NEW.headers();

        assertThat(Trail.from(headers::get)).isEqualTo(NEW);
        assertThat(Trail.from(Trail.NONE.headers()::get)).isEqualTo(Trail.NONE);
    }

    @Test
    void takesNoHarmFromForeignHeaders() {
        assertThat(Trail.from(name -> "yesterday").landedAt()).isNull();
    }

    @Test
    void putsTheNewestLandingFirst() {
        assertThat(Trail.traces(List.of(OLD, Trail.NONE, NEW, OLD))).containsExactly(NEW.trace(), OLD.trace());
        assertThat(Trail.newest(List.of(OLD, Trail.NONE, NEW))).isEqualTo(MONDAY);
        assertThat(Trail.newest(List.of(Trail.NONE))).isNull();
    }
}
