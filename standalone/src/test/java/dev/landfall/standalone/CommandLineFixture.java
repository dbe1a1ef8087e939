package dev.landfall.standalone;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs commands in this JVM and keeps what they print. */
final class CommandLineFixture {
    private final Path workingDirectory;
    private final Map<String, String> environment = new LinkedHashMap<>();

    CommandLineFixture(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    CommandLineFixture with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Landfall landfall(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Landfall(
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false),
                new Surroundings(environment, workingDirectory, null));
    }

    Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = landfall(out, err).run(arguments);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    record Outcome(int code, String out, String err) {}
}
