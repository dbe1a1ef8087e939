package dev.landfall.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A service as operators run it: {@code java -jar} with settings in the environment. Its output goes to a file. */
final class ServiceProcess implements AutoCloseable {
    private final String module;
    private final Path log;
    private final Process process;

    private ServiceProcess(String module, Path log, Process process) {
        this.module = module;
        this.log = log;
        this.process = process;
    }

    /** Starts a module's jar. */
    static ServiceProcess start(String module, Path log, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx384m"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-jar", jar(module).toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("LANDFALL_") || name.startsWith("SPRING_"));
        builder.environment().putAll(environment);
        builder.environment().put("SERVER_PORT", "0");
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            return new ServiceProcess(module, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar that the build has made of a module. */
    static Path jar(String module) {
        Path target = Path.of("..", module, "target").toAbsolutePath().normalize();
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no executable jar in " + target));
        } catch (IOException e) {
            throw new IllegalStateException("no executable jar of " + module + "; run ./mvnw package first", e);
        }
    }

    boolean isOf(String other) {
        return module.equals(other);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** The last lines of what it printed, for messages of failing tests. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return module + " (" + (alive() ? "alive" : "exit code " + process.exitValue()) + "):\n  "
                    + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return module + ": no log: " + e;
        }
    }

    /** Stops it as an operator does, and for good when that takes too long. */
    @Override
    public void close() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
