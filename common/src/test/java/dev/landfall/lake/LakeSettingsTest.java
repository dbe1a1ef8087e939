package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.LakeSettings.ReadMode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeSettingsTest {
    @Test
    void areS3AndTheBucketLandingByDefault() {
        LakeSettings settings = LakeSettings.of(Map.of());

        assertThat(settings.uri()).isEqualTo("s3://");
        assertThat(settings.bucket()).isEqualTo("landing");
        assertThat(settings.read()).isEqualTo(ReadMode.AUTO);
        assertThat(settings.pathStyle()).isFalse();
        assertThat(settings.endpoint()).isNull();
        assertThat(settings.mirrorMaxBytes()).isEqualTo(10L << 30);
        assertThat(settings.mirrorDir().toString()).endsWith(".cache/landfall/mirror");
    }

    @Test
    void readEveryVariable() {
        LakeSettings settings = LakeSettings.of(Map.of(
                "LANDFALL_LAKE_URI", "s3://",
                "LANDFALL_LAKE_ENDPOINT", "http://localhost:8333",
                "LANDFALL_LAKE_REGION", "eu-central-1",
                "LANDFALL_LAKE_PATH_STYLE", "false",
                "LANDFALL_LAKE_BUCKET", "lake",
                "LANDFALL_LAKE_READ", "mirror",
                "LANDFALL_LAKE_MIRROR_DIR", "/var/mirror",
                "LANDFALL_LAKE_MIRROR_MAX_BYTES", "20 GB"));

        assertThat(settings)
                .isEqualTo(new LakeSettings(
                        "s3://",
                        java.net.URI.create("http://localhost:8333"),
                        "eu-central-1",
                        false,
                        "lake",
                        ReadMode.MIRROR,
                        Path.of("/var/mirror"),
                        20L << 30));
    }

    @Test
    void usePathStyleWhereThereIsAnEndpoint() {
        assertThat(LakeSettings.of(Map.of("LANDFALL_LAKE_ENDPOINT", "http://localhost:8333"))
                        .pathStyle())
                .isTrue();
    }

    @Test
    void takeTheBucketFromTheLocation() {
        assertThat(LakeSettings.of("s3://lake").bucket()).isEqualTo("lake");
        assertThatThrownBy(() -> LakeSettings.of("s3://lake/raw")).hasMessageContaining("prefix");
    }

    @Test
    void openADirectoryHoweverItIsWritten(@TempDir Path root) {
        for (String uri : new String[] {
            root.toString(), "file:" + root, "file://" + root, root.toUri().toString()
        }) {
            Lake lake = Lakes.open(LakeSettings.of(uri));

            assertThat(lake)
                    .isInstanceOfSatisfying(
                            LocalLake.class, local -> assertThat(local.root()).isEqualTo(root));
            assertThat(Lakes.reader(lake, LakeSettings.of(uri))).isInstanceOf(DirectReader.class);
        }
        assertThat(((LocalLake) Lakes.open(LakeSettings.of("file:/a b"))).root())
                .isEqualTo(Path.of("/a b"));
    }

    @Test
    void refuseWhatTheyDoNotKnow() {
        assertThatThrownBy(() -> LakeSettings.of("gs://lake")).hasMessageContaining("landfall.lake.uri is 'gs://lake'");
        assertThatThrownBy(() -> LakeSettings.of(Map.of("LANDFALL_LAKE_READ", "magic")))
                .hasMessageContaining("auto, httpfs or mirror");
        assertThatThrownBy(() -> LakeSettings.bytes("lots")).hasMessageContaining("500MB");
    }

    @Test
    void readSizesInPowersOf1024() {
        assertThat(LakeSettings.bytes("512")).isEqualTo(512);
        assertThat(LakeSettings.bytes("1kb")).isEqualTo(1024);
        assertThat(LakeSettings.bytes("500MB")).isEqualTo(500L << 20);
        assertThat(LakeSettings.bytes("2 GiB")).isEqualTo(2L << 30);
        assertThat(LakeSettings.bytes("1t")).isEqualTo(1L << 40);
    }

    @Test
    void readThroughTheMirrorUnlessHttpfsIsAskedFor(@TempDir Path mirror) {
        Map<String, String> asked = Map.of("LANDFALL_LAKE_READ", "httpfs", "LANDFALL_LAKE_MIRROR_DIR", "" + mirror);
        Map<String, String> auto = Map.of("LANDFALL_LAKE_MIRROR_DIR", "" + mirror);

        assertThat(readerOf(LakeSettings.of(asked))).isEqualTo(HttpfsReader.class);
        assertThat(readerOf(LakeSettings.of(auto))).isEqualTo(MirrorCache.class);
    }

    private static Class<?> readerOf(LakeSettings settings) {
        try (Lake lake = Lakes.open(settings);
                LakeReader reader = Lakes.reader(lake, settings)) {
            return reader.getClass();
        }
    }
}
