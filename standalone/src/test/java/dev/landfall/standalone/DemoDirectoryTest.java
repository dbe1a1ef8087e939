package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.standalone.demo.SampleFile;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDirectoryTest {
    @TempDir
    Path directory;

    private Path projectDir;
    private DemoDirectory demo;

    @BeforeEach
    void writeAProject() {
        projectDir = GuideProject.write(directory.resolve("project"));
        demo = new DemoDirectory(directory.resolve("it's a demo"));
    }

    @Test
    void givesTheProjectAWarehouseOfItsOwn() throws Exception {
        Project project = load();

        assertThat(project.target().path())
                .isEqualTo(demo.root().resolve("warehouse.duckdb").toString());
    }

    @Test
    void takesAwayWhatAnEarlierDemoLeft() throws Exception {
        Project project = load();
        Files.createDirectories(demo.root().resolve("kafka/topic"));
        Files.writeString(demo.root().resolve("warehouse.duckdb.wal"), "x");
        Files.writeString(demo.root().resolve("notes.txt"), "mine");

        demo.prepare(project, false);

        assertThat(demo.root().resolve("kafka")).doesNotExist();
        assertThat(demo.root().resolve("warehouse.duckdb.wal")).doesNotExist();
        assertThat(demo.root().resolve("notes.txt")).exists();
    }

    @Test
    void keepsWhatIsThereWhenAsked() throws Exception {
        Project project = load();
        Files.createDirectories(demo.root().resolve("kafka"));

        demo.prepare(project, true);

        assertThat(demo.root().resolve("kafka")).exists();
    }

    @Test
    void refusesADirectoryThatNoDemoHasMade() throws Exception {
        Files.createDirectories(demo.root());
        Files.writeString(demo.root().resolve("thesis.doc"), "years of work");

        assertThatThrownBy(this::load)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no demo has made it");
    }

    @Test
    void landsAFileOnce() throws Exception {
        String key = "raw/shop/things/year=2026/month=01/day=01/a.parquet";
        Path local = Files.writeString(directory.resolve("a.parquet"), "rows");
        SampleFile file = new SampleFile(new StreamName("shop", "things"), key, local);

        assertThat(demo.land(file)).isTrue();
        assertThat(demo.land(file)).isFalse();
        assertThat(demo.root().resolve("lake/landing").resolve(key)).hasContent("rows");
    }

    private Project load() throws Exception {
        ProjectOptions options = demo.options(projectDir);
        return ProjectLoader.load(options);
    }
}
