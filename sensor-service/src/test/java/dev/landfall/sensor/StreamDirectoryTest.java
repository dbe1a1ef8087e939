package dev.landfall.sensor;

import static dev.landfall.sensor.Replica.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.StreamConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamDirectoryTest {
    @TempDir
    Path project;

    private final List<List<StreamConfig>> told = new ArrayList<>();

    @Test
    void tellsTheStreamsAtOnceAndAgainWhenTheyChange() {
        stream(project, "shop", "things", "{}");
        StreamDirectory directory = directory();
        directory.refresh();
        directory.refresh();
        stream(project, "shop", "other", "{\"landfall\": {\"poll\": \"7s\"}}");
        directory.refresh();
        directory.refresh();

        assertThat(told).hasSize(2);
        assertThat(told.get(1)).extracting(StreamConfig::name).asString().isEqualTo("[shop.other, shop.things]");
        assertThat(told.get(1).get(0).poll()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void waitsUntilFilesHaveRested() {
        StreamDirectory directory = directory();
        directory.refresh();
        stream(project, "shop", "things", "{}");
        directory.refresh();
        stream(project, "shop", "other", "{}");
        directory.refresh();

        assertThat(told).isEmpty();
        directory.refresh();
        assertThat(told)
                .singleElement()
                .satisfies(streams -> assertThat(streams).hasSize(2));
    }

    @Test
    void keepsAStreamWhoseFileGetsAMistakeAndLeavesOthersAlone() {
        stream(project, "shop", "things", "{}");
        stream(project, "shop", "other", "{}");
        StreamDirectory directory = directory();
        directory.refresh();
        stream(project, "shop", "things", "{ oops");
        directory.refresh();
        directory.refresh();

        assertThat(told).hasSize(1);
        assertThat(directory.streams()).hasSize(2);
        assertThat(directory.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).isEqualTo("streams/shop/things.json"));
        directory.check();

        stream(project, "shop", "things", "{\"selected\": false}");
        directory.refresh();
        directory.refresh();
        assertThat(directory.problems()).isEmpty();
        assertThat(directory.streams()).hasSize(1);
    }

    @Test
    void dropsAStreamWhoseFileIsGone() throws IOException {
        stream(project, "shop", "things", "{}");
        StreamDirectory directory = directory();
        directory.refresh();
        Files.delete(project.resolve("streams/shop/things.json"));
        directory.refresh();
        directory.refresh();

        assertThat(told.get(1)).isEmpty();
    }

    @Test
    void keepsTheStreamsWhileTheWholeProjectIsAway() {
        stream(project, "shop", "things", "{}");
        StreamDirectory directory = directory();
        directory.refresh();
        assertThat(project.toFile()
                        .renameTo(project.resolveSibling(project.getFileName() + "-away")
                                .toFile()))
                .isTrue();
        directory.refresh();
        directory.refresh();

        assertThat(directory.streams()).hasSize(1);
        assertThatThrownBy(directory::check).hasMessageContaining("set landfall.project-dir");
    }

    @Test
    void cannotServeWhenNoFileIsRight() {
        stream(project, "shop", "things", "{ oops");
        StreamDirectory directory = directory();
        directory.refresh();

        assertThatThrownBy(directory::check).hasMessageContaining("things.json:1");
    }

    private StreamDirectory directory() {
        return new StreamDirectory(project, told::add);
    }
}
