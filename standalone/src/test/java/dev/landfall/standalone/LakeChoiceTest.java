package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeChoiceTest {
    @TempDir
    Path directory;

    @Test
    void aFlagWinsOverTheEnvironment() {
        Surroundings surroundings = surroundings(Map.of("LANDFALL_LAKE_URI", "s3://other"));

        assertThat(LakeChoice.of("lake", directory, surroundings).uri())
                .isEqualTo(directory.resolve("lake").toUri().toString());
        assertThat(LakeChoice.of("s3://", directory, surroundings).uri()).isEqualTo("s3://");
    }

    @Test
    void aBucketInTheAddressIsTheBucketOfTheStreams() {
        assertThat(LakeChoice.inWords(LakeChoice.of("s3://raw-zone", directory, surroundings(Map.of()))))
                .isEqualTo("s3://raw-zone");
    }

    @Test
    void oneShotCommandsTakeTheLocalLakeWhereThereIsOne() throws IOException {
        assertThat(LakeChoice.of(surroundings(Map.of())).uri()).isEqualTo("s3://");

        Files.createDirectories(directory.resolve("data/lake"));

        assertThat(LakeChoice.inWords(LakeChoice.of(surroundings(Map.of()))))
                .isEqualTo(directory.resolve("data/lake/landing").toString());
    }

    @Test
    void refusesWhatIsNoLake() {
        assertThatThrownBy(() -> LakeChoice.of("ftp://x", directory, surroundings(Map.of())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ftp://x");
    }

    private Surroundings surroundings(Map<String, String> environment) {
        return new Surroundings(environment, directory, null);
    }
}
