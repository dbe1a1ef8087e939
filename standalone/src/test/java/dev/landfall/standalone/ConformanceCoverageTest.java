package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** conformance/COVERAGE.md names a case for each of dbt's ways. */
class ConformanceCoverageTest {
    @Test
    void everyWayHasItsCases() throws Exception {
        List<String> named = new ArrayList<>();
        for (String line : Files.readAllLines(ConformanceCase.HOME.resolve("COVERAGE.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| dbt's way")) {
                String cases = line.split("\\|", -1)[2].strip();
                assertThat(cases).as(line).isNotEmpty();
                named.addAll(List.of(cases.split(", *", -1)));
            }
        }

        assertThat(DbtConformanceTest.cases()).containsAll(named);
    }
}
