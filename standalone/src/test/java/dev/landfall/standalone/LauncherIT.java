package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher in a repository of its own, whose Maven only writes down that it was called and hands out the jar
 * that this build has made.
 */
class LauncherIT {
    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void layOutARepository() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the launcher needs a POSIX shell");
        home = directory.resolve("home of landfall");
        Files.createDirectories(home.resolve("standalone/src/main"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.writeString(home.resolve("standalone/pom.xml"), "<project/>");
        Files.writeString(home.resolve("standalone/src/main/Source.java"), "class Source {}");
        Files.copy(Path.of("../landfall"), home.resolve("landfall"));
        script(
                home.resolve("mvnw"),
                "echo called >>calls",
                "mkdir -p standalone/target",
                "cp '" + ServiceProcess.jar("standalone") + "' standalone/target/");
        home.resolve("landfall").toFile().setExecutable(true);
    }

    @Test
    void buildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
        Run first = run(directory, home.resolve("landfall"), "--version");
        Run second = run(directory, home.resolve("landfall"), "--version");

        assertThat(first.code).isZero();
        assertThat(first.out).startsWith("landfall ");
        assertThat(first.err).contains("building it first");
        assertThat(second.err).isEmpty();
        assertThat(calls()).isEqualTo(1);

        Files.setLastModifiedTime(
                home.resolve("standalone/src/main/Source.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        run(directory, home.resolve("landfall"), "--version");

        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void runsThroughSymlinksFromAnyDirectory() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("real"), Path.of("../home of landfall/landfall"));
        Files.createSymbolicLink(bin.resolve("lf"), Path.of("real"));
        Path elsewhere = Files.createDirectories(directory.resolve("else where"));

        Run run = run(elsewhere, bin.resolve("lf"), "query", "select 1", "--project-dir", "no such");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.err).contains(elsewhere.resolve("no such").toString());
        assertThat(run.out).isEmpty();
    }

    @Test
    void saysWhenTheBuildFails() throws Exception {
        script(home.resolve("mvnw"), "echo '[ERROR] no luck'", "exit 1");

        Run run = run(directory, home.resolve("landfall"), "--version");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.err).contains("[ERROR] no luck").contains("the build failed");
        assertThat(run.out).isEmpty();
    }

    @Test
    void saysWhenThereIsNoJava() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("landfall").toString());
        builder.environment().put("JAVA_HOME", directory.resolve("nothing").toString());

        Run run = run(builder);

        assertThat(run.code).isEqualTo(2);
        assertThat(run.err).contains("JAVA_HOME is " + directory.resolve("nothing"));
    }

    private int calls() throws IOException {
        return Files.readAllLines(home.resolve("calls")).size();
    }

    private static void script(Path file, String... lines) throws IOException {
        Files.write(
                file,
                Stream.concat(Stream.of("#!/bin/sh", "set -e"), Stream.of(lines))
                        .toList());
        file.toFile().setExecutable(true);
    }

    private static Run run(Path workingDirectory, Path command, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(command.toString()), Stream.of(arguments))
                .toList());
        builder.directory(workingDirectory.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        List.of("LANDFALL_PROJECT_DIR", "LANDFALL_JAVA_OPTS").forEach(builder.environment()::remove);
        builder.environment().put("LANDFALL_REHEARSE", "no");
        return run(builder);
    }

    private static Run run(ProcessBuilder builder) throws Exception {
        Path out = Files.createTempFile("landfall", ".out");
        Path err = Files.createTempFile("landfall", ".err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return new Run(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    private record Run(int code, String out, String err) {}
}
