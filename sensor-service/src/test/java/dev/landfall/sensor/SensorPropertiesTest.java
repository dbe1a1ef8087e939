package dev.landfall.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.lake.LakeSettings;
import dev.landfall.sensor.SensorProperties.Listing;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SensorPropertiesTest {
    @Test
    void statesItsDefaults() {
        SensorProperties properties = bind(Map.of());

        assertThat(properties.projectDir()).isEqualTo(Path.of("models"));
        assertThat(properties.topics().prefix()).isEqualTo("landfall");
        assertThat(properties.sensor())
                .isEqualTo(new SensorProperties.Sensor(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(60),
                        Listing.AUTO,
                        8,
                        null,
                        null,
                        null));
        assertThat(properties.lakeSettings()).isEqualTo(LakeSettings.of(Map.of()));
    }

    @Test
    void readsEveryVariable() {
        SensorProperties properties = bind(Map.ofEntries(
                Map.entry("LANDFALL_PROJECT_DIR", "/project"),
                Map.entry("LANDFALL_PROJECT_POLL", "3s"),
                Map.entry("LANDFALL_HEALTH_PERIOD", "4s"),
                Map.entry("LANDFALL_TOPICS_PREFIX", "lf"),
                Map.entry("LANDFALL_TOPICS_REPLICATION", "3"),
                Map.entry("LANDFALL_LAKE_URI", "s3://"),
                Map.entry("LANDFALL_LAKE_BUCKET", "lake"),
                Map.entry("LANDFALL_LAKE_ENDPOINT", "http://s3:8333"),
                Map.entry("LANDFALL_LAKE_REGION", "eu-central-1"),
                Map.entry("LANDFALL_LAKE_PATH_STYLE", "false"),
                Map.entry("LANDFALL_SENSOR_POLL", "10s"),
                Map.entry("LANDFALL_SENSOR_IDLE_POLL", "1m"),
                Map.entry("LANDFALL_SENSOR_QUIET_PERIOD", "1s"),
                Map.entry("LANDFALL_SENSOR_MAX_WAIT", "20s"),
                Map.entry("LANDFALL_SENSOR_SWEEP_CYCLE", "2h"),
                Map.entry("LANDFALL_SENSOR_LISTING", "folders"),
                Map.entry("LANDFALL_SENSOR_THREADS", "2"),
                Map.entry("LANDFALL_SENSOR_INSTANCE_ID", "one"),
                Map.entry("LANDFALL_SENSOR_WEBHOOK_SECRET", "secret"),
                Map.entry("LANDFALL_SENSOR_SQS_QUEUE", "https://sqs.eu-central-1.amazonaws.com/1/landings")));

        assertThat(properties.projectDir()).isEqualTo(Path.of("/project"));
        assertThat(properties.projectPoll()).isEqualTo(Duration.ofSeconds(3));
        assertThat(properties.healthPeriod()).isEqualTo(Duration.ofSeconds(4));
        assertThat(properties.topics()).isEqualTo(new SensorProperties.Topics("lf", (short) 3));
        LakeSettings lake = properties.lakeSettings();
        assertThat(lake.bucket()).isEqualTo("lake");
        assertThat(lake.endpoint()).isEqualTo(URI.create("http://s3:8333"));
        assertThat(lake.region()).isEqualTo("eu-central-1");
        assertThat(lake.pathStyle()).isFalse();
        assertThat(properties.sensor())
                .isEqualTo(new SensorProperties.Sensor(
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(20),
                        Duration.ofHours(2),
                        Listing.FOLDERS,
                        2,
                        "one",
                        "secret",
                        URI.create("https://sqs.eu-central-1.amazonaws.com/1/landings")));
    }

    private static SensorProperties bind(Map<String, Object> environment) {
        StandardEnvironment spring = new StandardEnvironment();
        spring.getPropertySources()
                .forEach(source -> spring.getPropertySources().remove(source.getName()));
        spring.getPropertySources().addFirst(new SystemEnvironmentPropertySource("systemEnvironment", environment));
        return new Binder(ConfigurationPropertySources.get(spring)).bindOrCreate("landfall", SensorProperties.class);
    }
}
