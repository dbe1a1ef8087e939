package dev.landfall.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the command line finds around it.
 *
 * @param home the directory of the launcher, or null when it was started without
 */
record Surroundings(
        Map<String, String> environment,
        Path workingDirectory,
        @Nullable Path home) {

    static Surroundings ofProcess() {
        String home = System.getProperty("landfall.home");
        return new Surroundings(System.getenv(), Path.of("").toAbsolutePath(), home == null ? null : Path.of(home));
    }

    /** A variable of the environment; an empty one counts as none. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** A path as the user wrote it: relative to where the command was called. */
    Path resolve(Path path) {
        return workingDirectory.resolve(path).normalize();
    }

    /**
     * The project when none is named: here, in {@code models/} below here, or the one beside the launcher; here when
     * there is none, so that the message about it names the place that the user expects.
     */
    Path defaultProject() {
        return Stream.of(
                        Optional.of(workingDirectory),
                        Optional.of(workingDirectory.resolve("models")),
                        Optional.ofNullable(home).map(directory -> directory.resolve("models")))
                .flatMap(Optional::stream)
                .filter(directory -> Files.isRegularFile(directory.resolve("dbt_project.yml")))
                .findFirst()
                .orElse(workingDirectory);
    }
}
