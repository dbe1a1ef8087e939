package dev.landfall.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Problem;
import dev.landfall.project.Problems;
import dev.landfall.project.YamlFile;
import dev.landfall.project.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The suite of mistakes, {@code src/test/resources/mistakes}: each file is a small broken project and the exact text of
 * what is said of it. What real dbt says of each ({@code dbt: accepts | refuses}) was asked by {@code ask_dbt.py} there.
 */
class MistakesTest {
    private static final Path CASES = Path.of("src/test/resources/mistakes");
    private static final String EXPECTED = "expected";

    /** A case: its first lines as a mapping, its files, and what is expected. */
    private record Case(YamlMap head, Map<String, String> files, String expected) {
        static Case read(Path file) throws IOException {
            Map<String, String> sections = new LinkedHashMap<>();
            for (String section : ("--- head\n" + Files.readString(file)).split("(?m)^--- ", -1)) {
                int end = section.indexOf('\n');
                if (end > 0) {
                    sections.put(section.substring(0, end), section.substring(end + 1));
                }
            }
            Problems problems = new Problems();
            YamlMap head = YamlFile.read(file.toString(), Objects.requireNonNull(sections.remove("head")), problems);
            assertThat(problems.errors()).isEmpty();
            return new Case(head, sections, Objects.requireNonNull(sections.remove(EXPECTED)));
        }
    }

    static List<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tellsEachMistakeWhereItStands(String name, @TempDir Path directory) throws IOException {
        Path file = CASES.resolve(name);
        Case read = Case.read(file);
        List<String> parts = new ArrayList<>();
        read.files().forEach((path, text) -> {
            parts.add(path);
            parts.add(text);
        });
        TestProjects.write(directory, parts.toArray(String[]::new));

        String told = told(directory, read.head());

        if (Boolean.getBoolean("mistakes.write")) {
            String whole = Files.readString(file);
            String marker = "--- " + EXPECTED + "\n";
            Files.writeString(file, whole.substring(0, whole.indexOf(marker)) + marker + told);
            return;
        }
        assertThat(told).isEqualTo(read.expected());
        boolean refused = told.lines().anyMatch(line -> !line.startsWith("warning: "));
        if (read.head().text("ours") == null) {
            assertThat(refused ? "refuses" : "accepts").isEqualTo(read.head().text("dbt"));
        }
    }

    private static String told(Path directory, YamlMap head) {
        Map<String, @Nullable Object> vars = new LinkedHashMap<>(head.map("vars"));
        ProjectOptions options = new ProjectOptions(directory, directory, head.text("target"), vars, Map.of());
        List<Problem> errors = List.of();
        List<Problem> warnings = List.of();
        try {
            warnings = ProjectLoader.load(options).warnings();
        } catch (InvalidProjectException e) {
            errors = e.problems();
            warnings = e.warnings();
        }
        StringBuilder told = new StringBuilder();
        errors.forEach(each -> told.append(each).append('\n'));
        warnings.forEach(each -> told.append("warning: ").append(each).append('\n'));
        return told.toString().replace(directory.toString(), "DIRECTORY");
    }
}
