package dev.landfall.standalone;

import dev.landfall.project.Project;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * How commands find the process that holds a warehouse open, {@code landfall up}: a file beside the warehouse's, which
 * only its owner may read.
 *
 * @param door where it answers queries, on the loopback interface
 * @param token what opens the door
 * @param bootstrapServers its broker
 * @param lake its lake's URI, with the default bucket where it is S3; empty when it did not say
 */
record RunningInstance(long process, URI door, String token, String bootstrapServers, String lake) {

    /** The instance that holds the project's warehouse, if one does. */
    static Optional<RunningInstance> of(Project project) {
        return file(project).flatMap(RunningInstance::read);
    }

    /** Where an instance on the project's warehouse leaves its word; nowhere for a warehouse without a file. */
    static Optional<Path> file(Project project) {
        if (project.target().inMemory() || project.target().duckLake()) {
            return Optional.empty();
        }
        Path warehouse = project.directory().resolve(project.target().path()).normalize();
        return Optional.of(warehouse.resolveSibling(warehouse.getFileName() + ".up"));
    }

    private static Optional<RunningInstance> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            RunningInstance instance = new RunningInstance(
                    Long.parseLong(properties.getProperty("process", "0")),
                    URI.create(properties.getProperty("door", "")),
                    properties.getProperty("token", ""),
                    properties.getProperty("bootstrap-servers", ""),
                    properties.getProperty("lake", ""));
            return instance.alive() ? Optional.of(instance) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void write(Path file) {
        Properties properties = new Properties();
        properties.setProperty("process", String.valueOf(process));
        properties.setProperty("door", door.toString());
        properties.setProperty("token", token);
        properties.setProperty("bootstrap-servers", bootstrapServers);
        properties.setProperty("lake", lake);
        try {
            Files.deleteIfExists(file);
            if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            try (Writer writer = Files.newBufferedWriter(file)) {
                properties.store(writer, "landfall up");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private boolean alive() {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }
}
