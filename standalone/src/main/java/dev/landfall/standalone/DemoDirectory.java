package dev.landfall.standalone;

import dev.landfall.lake.LakeSettings;
import dev.landfall.project.Project;
import dev.landfall.standalone.demo.SampleFile;
import dev.landfall.template.ProjectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The directory of a demo: its lake, warehouse, broker and log, and a profiles.yml that names its warehouse. Only what a
 * demo has made is ever deleted.
 */
record DemoDirectory(Path root) {
    private static final String MARKER = ".landfall-demo";
    private static final String TARGET = "demo";

    Path log() {
        return root.resolve("logs").resolve("landfall.log");
    }

    /** Where the sample files lie until they land. */
    Path syncs() {
        return root.resolve("syncs");
    }

    LakeSettings lake() {
        return LakeSettings.of(root.resolve("lake").toString());
    }

    private Path bucket() {
        return root.resolve("lake").resolve(LakeSettings.DEFAULT_BUCKET);
    }

    /** What stands for {@code s3://landing/raw}. */
    Path raw() {
        return bucket().resolve("raw");
    }

    /** The project with this directory's warehouse; writes the profiles.yml that says so. */
    ProjectOptions options(Path projectDir) throws IOException {
        requireOurs();
        Files.createDirectories(root);
        Files.writeString(
                root.resolve(MARKER), "Made by landfall demo, which deletes what is in here when it starts.\n");
        Files.writeString(root.resolve("profiles.yml"), """
                # The warehouse of the demo: landfall query --profiles-dir %s "select …"
                %s:
                  target: %s
                  outputs:
                    %s: {type: duckdb, path: '%s', threads: 4, settings: {TimeZone: UTC}}
                """.formatted(
                        root,
                        profile(projectDir),
                        TARGET,
                        TARGET,
                        root.resolve("warehouse.duckdb").toString().replace("'", "''")));
        return new ProjectOptions(projectDir, root, TARGET, Map.of(), System.getenv());
    }

    /** Takes away what an earlier demo left, unless it is to be kept. */
    void prepare(Project project, boolean keep) throws IOException {
        RunningInstance.of(project).ifPresent(running -> {
            throw new IllegalStateException("a demo runs in " + root + " (process " + running.process()
                    + "); wait for it, or give another directory with --dir");
        });
        if (keep) {
            return;
        }
        for (String name : List.of("lake", "kafka", "logs", "mirror", "syncs")) {
            delete(root.resolve(name));
        }
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("warehouse.duckdb"))
                    .toList()) {
                delete(file);
            }
        }
    }

    /** Lands a file as an object appears: at once. False when it is there already. */
    boolean land(SampleFile file) throws IOException {
        Path target = bucket().resolve(file.key());
        if (Files.exists(target)) {
            return false;
        }
        Path folder = target.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.move(file.local(), target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    private void requireOurs() throws IOException {
        if (!Files.isDirectory(root) || Files.exists(root.resolve(MARKER))) {
            return;
        }
        try (Stream<Path> files = Files.list(root)) {
            if (files.findAny().isPresent()) {
                throw new IllegalStateException(
                        root + " is not empty, and no demo has made it; give an empty or a new directory with --dir");
            }
        }
    }

    private static String profile(Path projectDir) throws IOException {
        Path file = projectDir.resolve("dbt_project.yml");
        if (Files.isRegularFile(file)
                && new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file))
                        instanceof Map<?, ?> map) {
            return String.valueOf(map.get("profile"));
        }
        // Loading the project says what is wrong with it.
        return "landfall";
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Settings for a lake that nobody else writes to, and a user who watches. */
    Map<String, String> hurry() {
        return Map.of("landfall.sensor.poll", "300ms", "landfall.sensor.quiet-period", "0s");
    }
}
