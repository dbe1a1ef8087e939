package dev.landfall.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveProjectTest {
    @TempDir
    private Path directory;

    private LiveProject live;
    private final List<Project> announced = new ArrayList<>();

    @BeforeEach
    void writeProject() throws IOException {
        write("dbt_project.yml", "name: shop\nprofile: shop\n");
        write("profiles.yml", "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb}\n");
        write("models/one.sql", "select 1 as a");
        live = new LiveProject(new ProjectOptions(directory, null, null, Map.of(), Map.of()));
        live.onChange(announced::add);
    }

    @Test
    void loadsAtTheFirstLook() {
        live.refresh();

        assertThat(live.get().models()).hasSize(1);
        assertThat(live.problem()).isEmpty();
        assertThat(announced).hasSize(1);
    }

    @Test
    void loadsAgainWhenChangedFilesHaveRested() throws IOException {
        live.refresh();

        write("models/two.sql", "select 2 as b");
        live.refresh();
        assertThat(live.get().models()).hasSize(1);
        live.refresh();

        assertThat(live.get().models()).hasSize(2);
        assertThat(announced).hasSize(2);
    }

    @Test
    void loadsAtOnceWhenItIsAsked() throws IOException {
        live.refreshNow();
        assertThat(announced).as("before the first look").isEmpty();
        live.refresh();

        write("models/two.sql", "select 2 as b");
        live.refreshNow();
        assertThat(live.get().models()).hasSize(2);
        refreshTwice();
        live.refreshNow();

        assertThat(announced).hasSize(2);
    }

    @Test
    void keepsTheLastGoodProjectWhileTheFilesHaveMistakes() throws IOException {
        live.refresh();

        write("models/two.sql", "select * from {{ ref('nothing') }}");
        refreshTwice();
        assertThat(live.get().models()).hasSize(1);
        assertThat(live.problem().orElse("")).contains("models/two.sql").contains("nothing");

        write("models/two.sql", "select * from {{ ref('one') }}");
        refreshTwice();
        assertThat(live.get().models()).hasSize(2);
        assertThat(live.problem()).isEmpty();
    }

    @Test
    void hasNoProjectUntilThereIsAGoodOne() throws IOException {
        write("dbt_project.yml", "name: [");

        live.refresh();

        assertThatThrownBy(live::get).isInstanceOf(ProjectUnavailableException.class);
        write("dbt_project.yml", "name: shop\nprofile: shop\n");
        refreshTwice();
        assertThat(live.get().name()).isEqualTo("shop");
    }

    @Test
    void isNotWokenByTheWarehouseOrTheBuildDirectory() throws IOException {
        live.refresh();

        write("shop.duckdb", "x");
        write("target/manifest.json", "{}");
        refreshTwice();

        assertThat(announced).hasSize(1);
    }

    private void refreshTwice() {
        live.refresh();
        live.refresh();
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
