package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case gives the tables that real dbt gave: see conformance/README.md in the test resources. */
@Execution(ExecutionMode.CONCURRENT)
class DbtConformanceTest {
    @TempDir
    Path directory;

    static List<String> cases() throws Exception {
        try (Stream<Path> folders = Files.list(ConformanceCase.HOME.resolve("cases"))) {
            Set<String> only = Set.of(System.getProperty("conformance.only", "").split(","));
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> only.contains("") || only.contains(name))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheTablesThatDbtGives(String name) throws Exception {
        ConformanceCase conformance = ConformanceCase.of(name);

        String actual = conformance.run(directory);

        String dir = System.getProperty("conformance.out");
        if (dir != null) {
            Files.createDirectories(Path.of(dir));
            Files.writeString(Path.of(dir, name + ".actual"), actual);
            Files.writeString(Path.of(dir, name + ".expected"), conformance.expected());
            Files.writeString(Path.of(dir, name + ".printed"), conformance.printed());
        }
        assertThat(actual).as(conformance::printed).isEqualTo(conformance.expected());
    }
}
