package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.standalone.demo.SampleData;
import dev.landfall.standalone.demo.SampleFile;
import dev.landfall.standalone.demo.Sync;
import dev.landfall.testing.ParquetFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;

/**
 * Runs the commands of the guides, on the files that the same page shows. Not run here, and so said on the page, are
 * lines with {@code (not run)}, and blocks below {@code <!-- run by NAME -->}: a test or a script.
 */
class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)(?:^<!-- run by (?<by>\\S+) -->\\n)?^```sh\\n(?<text>.*?)^```");
    private static final Pattern FILE = Pattern.compile("(?ms)^`(models/[^`]+)`[^\\n]*\\n\\n```\\w+\\n(.*?)^```");
    private static final Pattern INLINE = Pattern.compile("`(?:\\./)?landfall ([a-z][^`]*)`");

    @TempDir
    Path directory;

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .map(ROOT::relativize)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void runsItsCommandsOrSaysWhoDoes(Path page) throws IOException {
        String text = Files.readString(ROOT.resolve(page));
        List<String> commands = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            if (block.group(1) != null) {
                assertThat(sources()).as("who runs it, on %s", page).contains(block.group(1));
                lines(block.group(2)).forEach(DocsTest::assertUnderstood);
            } else {
                lines(block.group(2)).forEach(commands::add);
            }
        }
        if (!commands.isEmpty()) {
            layOut(text);
        }

        for (String command : commands) {
            CommandLineFixture.Outcome outcome = run(command);
            assertThat(outcome.code())
                    .as("%s: %s\n%s", page, command, outcome.err())
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namesCommandsThatThereAre(Path page) throws IOException {
        INLINE.matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .map(command -> "landfall " + command.group(1))
                .filter(command -> !command.contains("…"))
                .forEach(DocsTest::assertUnderstood);
    }

    @Test
    void knowsTheCommandsOfTheImages() throws IOException {
        assertUnderstood("landfall " + inBrackets("deploy/kubernetes/jobs/backfill/job.yaml", "args: \\[(.*)]"));
        assertUnderstood("landfall " + inBrackets("docker-compose.yml", "command: \\[(sample-data)]"));
    }

    private static String inBrackets(String file, String pattern) throws IOException {
        Matcher list = Pattern.compile(pattern).matcher(Files.readString(ROOT.resolve(file)));
        assertThat(list.find()).as("%s in %s", pattern, file).isTrue();
        return list.group(1).replace(",", "");
    }

    /** The shipped project and what the page adds to it, with the sample data and some returns in the lake. */
    private void layOut(String page) throws IOException {
        Path models = directory.resolve("models");
        FileSystemUtils.copyRecursively(ROOT.resolve("models"), models);
        FILE.matcher(page).results().forEach(file -> write(directory.resolve(file.group(1)), file.group(2)));
        Path bucket = directory.resolve("data/demo/lake/landing");
        for (Sync sync : SampleData.generate(directory.resolve("syncs"), 1)) {
            for (SampleFile file : sync.files()) {
                Path to = bucket.resolve(file.key());
                Files.createDirectories(to.getParent());
                Files.copy(file.local(), to);
            }
        }
        try (ParquetFiles parquet = new ParquetFiles()) {
            parquet.land(
                    directory.resolve("data/demo/lake"),
                    "landing",
                    "raw/shop/returns/year=2026/month=01/day=31/0.parquet",
                    "select i as id, i + 100 as order_id, i * 1.5 as amount, '2026-01-31 08:00:00' as created_at,"
                            + " timestamptz '2026-01-31 09:00:00Z' as _airbyte_extracted_at from range(4) t(i)");
        }
    }

    private CommandLineFixture.Outcome run(String command) {
        CommandLineFixture landfall = new CommandLineFixture(directory)
                .with("LANDFALL_LAKE_URI", directory.resolve("data/demo/lake").toString());
        List<String> words = words(command.replace("$PWD", directory.toString()));
        while (words.get(0).matches("[A-Z_]+=.*")) {
            String[] variable = words.remove(0).split("=", 2);
            landfall.with(variable[0], variable[1]);
        }
        assertThat(words.remove(0))
                .as("'%s' is neither run by a test nor marked as (not run)", command)
                .isIn("landfall", "./landfall");
        return landfall.run(words.toArray(String[]::new));
    }

    /** Commands with their continuations, without comments and without those that are marked. */
    private static List<String> lines(String block) {
        return block.replaceAll("\\\\\\n\\s*", "")
                .lines()
                .filter(line -> !line.contains("(not run)"))
                .map(line -> line.replaceFirst("(^|\\s)#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static void assertUnderstood(String command) {
        List<String> words = words(command);
        if (!words.remove(0).endsWith("landfall") || words.isEmpty()) {
            return;
        }
        CommandLine commandLine = new CommandLineFixture(ROOT)
                .landfall(new ByteArrayOutputStream(), new ByteArrayOutputStream())
                .commandLine();
        CommandLine known = commandLine.getSubcommands().get(words.get(0));
        assertThat(known).as(command).isNotNull();
        if (words.size() > 1) {
            assertThat(commandLine.parseArgs(words.toArray(String[]::new)).unmatched())
                    .isEmpty();
        }
    }

    private static List<String> words(String command) {
        return Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+")
                .matcher(command)
                .results()
                .map(word -> word.group().replaceAll("[\"']", ""))
                .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
    }

    /** Names of tests, and paths of scripts. */
    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> !file.toString().contains("/target/"))
                    .filter(file -> file.toString().matches(".*((Test|IT)\\.java|\\.sh|\\.ci/run|Makefile)"))
                    .map(file -> file.toString().endsWith(".java")
                            ? file.getFileName().toString().replace(".java", "")
                            : ROOT.relativize(file).toString())
                    .toList();
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
