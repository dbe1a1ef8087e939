package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurroundingsTest {
    @TempDir
    Path directory;

    @Test
    void takesTheProjectHereFirst() throws IOException {
        project(directory);
        project(directory.resolve("models"));

        assertThat(surroundings().defaultProject()).isEqualTo(directory);
    }

    @Test
    void takesModelsBelowHere() throws IOException {
        project(directory.resolve("models"));

        assertThat(surroundings().defaultProject()).isEqualTo(directory.resolve("models"));
    }

    @Test
    void takesTheProjectBesideTheLauncherLast() throws IOException {
        Path home = directory.resolve("home");
        project(home.resolve("models"));

        assertThat(surroundings().defaultProject()).isEqualTo(home.resolve("models"));
    }

    @Test
    void expectsTheProjectHereWhenThereIsNone() {
        assertThat(surroundings().defaultProject()).isEqualTo(directory);
    }

    private Surroundings surroundings() {
        return new Surroundings(Map.of(), directory, directory.resolve("home"));
    }

    private static void project(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("dbt_project.yml"), "name: x\n");
    }
}
