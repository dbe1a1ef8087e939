package dev.landfall.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.LakeFile;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private static final Instant TIME = Instant.parse("2026-01-15T08:00:00Z");

    @Test
    void readsWhatItWrote() throws Exception {
        PartitionLanded landed = landing();

        PartitionLanded read = EventJson.read(PartitionLanded.class, EventJson.write(landed));

        assertThat(read).isEqualTo(landed);
        assertThat(read.partition().keySet()).containsExactly("year", "month", "day");
    }

    @Test
    void writesTheFieldsInTheOrderOfTheRecord() {
        assertThat(EventJson.write(landing()))
                .startsWith("{\"source\":\"shop\",\"stream\":\"things\",\"bucket\":\"landing\"")
                .contains("\"detectedAt\":\"2026-01-15T08:00:00Z\"");
    }

    @Test
    void ignoresFieldsOfALaterVersion() throws Exception {
        String json = EventJson.write(landing()).replaceFirst("\\{", "{\"added\":[1],");

        assertThat(EventJson.read(PartitionLanded.class, json)).isEqualTo(landing());
    }

    @Test
    void saysWhereTextIsNotJson() {
        assertThatThrownBy(() -> EventJson.read(PartitionLanded.class, "{\"source\": oops}"))
                .isInstanceOf(EventException.class)
                .hasMessageContaining("not a dev.landfall.partition-landed.v1")
                .hasMessageContaining("line 1");
    }

    @Test
    void namesTheFieldThatIsMissing() {
        String noStream = EventJson.write(landing()).replace("\"stream\":\"things\",", "");
        String noEtag = EventJson.write(landing()).replace("\"etag\":\"e1\",", "");

        assertThatThrownBy(() -> EventJson.read(PartitionLanded.class, noStream))
                .hasMessageContaining("'stream'");
        assertThatThrownBy(() -> EventJson.read(PartitionLanded.class, noEtag)).hasMessageContaining("'files[0].etag'");
        assertThatThrownBy(() -> EventJson.read(PartitionLanded.class, "null")).isInstanceOf(EventException.class);
        assertThatThrownBy(() -> EventJson.read(PartitionLanded.class, null)).isInstanceOf(EventException.class);
    }

    @Test
    void refusesAnEventOfAnotherType() {
        String json = EventJson.write(landing());

        assertThatThrownBy(() -> EventJson.read(PartitionLanded.class, json, "dev.landfall.partition-landed.v2"))
                .hasMessageContaining("partition-landed.v2")
                .hasMessageContaining("update this service");
    }

    @Test
    void tellsTheTypeInTheHeaders() {
        Map<String, String> headers = EventJson.headers(PartitionLanded.class, "/sensor", "year=2026", TIME);

        assertThat(headers)
                .containsEntry("ce_type", "dev.landfall.partition-landed.v1")
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_subject", "year=2026")
                .containsEntry("ce_time", "2026-01-15T08:00:00Z")
                .containsEntry("content-type", "application/json")
                .containsKeys("ce_id", "ce_source");
    }

    private static PartitionLanded landing() {
        Map<String, String> partition = new LinkedHashMap<>();
        partition.put("year", "2026");
        partition.put("month", "01");
        partition.put("day", "15");
        LakeFile file = new LakeFile("raw/shop/things/year=2026/month=01/day=15/a.parquet", 10, "e1", TIME);
        return new PartitionLanded(
                "shop",
                "things",
                "landing",
                "raw/shop/things/",
                partition,
                1,
                List.of(file),
                List.of(),
                TIME,
                "m1",
                "p1");
    }
}
