package dev.landfall.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class YamlFileTest {
    private final Problems problems = new Problems();

    private YamlMap read(String text) {
        return YamlFile.read("a.yml", text, problems);
    }

    @Test
    void readsScalarsAsPythonDoes() {
        YamlMap map = read("""
                a: yes
                b: Off
                c: 012
                d: 0x1F
                e: 1:30
                f: 1e3
                g: 1.5
                h: 2024-01-31
                i: 2024-01-31 10:20:30
                j: ~
                k: '1'
                l: 1_000
                m: no way
                n: .5
                o: "yes"
                """);

        assertThat(map.get("a")).isEqualTo(true);
        assertThat(map.get("b")).isEqualTo(false);
        assertThat(map.get("c")).isEqualTo(10L);
        assertThat(map.get("d")).isEqualTo(31L);
        assertThat(map.get("e")).isEqualTo(90L);
        assertThat(map.get("f")).isEqualTo("1e3");
        assertThat(map.get("g")).isEqualTo(1.5);
        assertThat(map.get("h")).isEqualTo(LocalDate.of(2024, 1, 31));
        assertThat(map.get("i")).isEqualTo(LocalDateTime.of(2024, 1, 31, 10, 20, 30));
        assertThat(map.get("j")).isNull();
        assertThat(map.get("k")).isEqualTo("1");
        assertThat(map.get("l")).isEqualTo(1000L);
        assertThat(map.get("m")).isEqualTo("no way");
        assertThat(map.get("n")).isEqualTo(0.5);
        assertThat(map.get("o")).isEqualTo("yes");
    }

    @Test
    void knowsThePlaceOfEveryKey() {
        YamlMap map = read("a: 1\nmodels:\n  - name: x\n    columns: []\n  - name: y\n");

        assertThat(map.at("models")).hasToString("a.yml:2:1");
        assertThat(map.maps("models", problems).get(1).place()).hasToString("a.yml:5:5");
        assertThat(map.maps("models", problems).get(0).at("columns")).hasToString("a.yml:4:5");
    }

    @Test
    void mergesAnchors() {
        YamlMap map = read("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\n");

        assertThat(map.map("more")).containsEntry("x", 1L).containsEntry("y", 3L);
    }

    @Test
    void tellsTheLineOfASyntaxError() {
        read("a: 1\nb: [1, 2\nc: 3\n");

        assertThat(problems.errors()).hasSize(1);
        assertThat(problems.errors().get(0).line()).isEqualTo(3);
        assertThat(problems.errors().get(0).message()).startsWith("not YAML: ").contains("c: 3");
    }

    @Test
    void warnsOfAKeyThatStandsTwice() {
        YamlMap map = read("a: 1\na: 2\n");

        assertThat(map.get("a")).isEqualTo(2L);
        assertThat(problems.warnings()).hasSize(1);
        assertThat(problems.warnings().get(0).line()).isEqualTo(2);
    }

    @Test
    void refusesAListAtTheTop() {
        assertThat(read("- a\n- b\n")).isEmpty();
        assertThat(problems.errors()).hasSize(1);
    }

    @Test
    void endsAtAliasBombs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 80; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        read(bomb.toString());

        assertThat(problems.errors()).hasSize(1);
    }
}
