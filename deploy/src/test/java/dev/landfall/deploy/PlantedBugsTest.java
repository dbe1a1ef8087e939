package dev.landfall.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code make planted-bugs} takes long; that each bug still has its place and its test is seen at once. */
class PlantedBugsTest {
    @Test
    void eachHasItsPlaceAndItsTestAndStandsInTheDocs() throws IOException {
        List<Path> bugs;
        try (Stream<Path> files = Files.list(Repository.ROOT.resolve("tools/planted-bugs/bugs"))) {
            bugs = files.filter(file -> file.toString().endsWith(".bug")).toList();
        }
        String docs = Repository.text("docs/testing.md");

        assertThat(bugs).hasSizeGreaterThanOrEqualTo(20).allSatisfy(file -> {
            String bug = Repository.text(file);
            String[] head = bug.split("\n", -1);
            String old = bug.substring(bug.indexOf("<<<<\n") + 5, bug.indexOf("====\n") - 1);
            String source = Repository.text(head[2].substring("file: ".length()));
            assertThat(source.split(java.util.regex.Pattern.quote(old), -1))
                    .as("its place, once, in " + head[2])
                    .hasSize(2);
            requireTests(head[1].substring("test: ".length()).split(" ", -1));
            assertThat(docs).contains(file.getFileName().toString().replace(".bug", ""));
        });
    }

    private static void requireTests(String[] words) throws IOException {
        for (int i = 1; i < words.length; i++) {
            String[] test = words[i].split("#", -1);
            try (Stream<Path> files =
                    Files.walk(Repository.ROOT.resolve(words[0]).resolve("src/test/java"))) {
                List<Path> found =
                        files.filter(file -> file.endsWith(test[0] + ".java")).toList();
                assertThat(found).as(words[i]).hasSize(1);
                if (test.length > 1) {
                    assertThat(Repository.text(found.get(0))).contains(" " + test[1] + "(");
                }
            }
        }
    }
}
