package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-01-31T10:00:00Z");

    @TempDir
    Path directory;

    private Node orders;

    @BeforeEach
    void loadAProject() throws Exception {
        Files.createDirectories(directory.resolve("models"));
        Files.writeString(directory.resolve("dbt_project.yml"), "name: shop\nprofile: shop\n");
        Files.writeString(
                directory.resolve("profiles.yml"),
                "shop: {target: dev, outputs: {dev: {type: duckdb, path: ':memory:'}}}\n");
        Files.writeString(directory.resolve("models/orders.sql"), "select 1 as id");
        Project project = ProjectLoader.load(ProjectOptions.of(directory));
        orders = project.nodes().values().iterator().next();
    }

    @Test
    void aTerminalShowsWhatRunsBelowTheLinesThatArePrinted() {
        Console console = console(true);
        try (LiveLine live = new LiveLine(console, () -> now)) {
            live.started(orders, 3);
            now = now.plusSeconds(12);
            live.show();
            console.line("a line");
            live.finished(orders);
            live.show();
        }

        String status = "\u001b[2m0 of 3 done; running orders (12s)\u001b[0m";
        assertThat(printed()).startsWith("\r\u001b[K" + status + "\r\u001b[Ka line\n" + status + "\r\u001b[K");
        assertThat(printed().substring(printed().lastIndexOf("a line"))).containsOnlyOnce("running");
    }

    @Test
    void elsewhereThereIsNone() {
        Console console = console(false);
        try (LiveLine live = new LiveLine(console, () -> now)) {
            live.started(orders, 3);
            live.show();
            console.line("a line");
        }

        assertThat(printed()).isEqualTo("a line\n");
    }

    private Console console(boolean terminal) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Console(stream, stream, terminal);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
