package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What profiles.yml takes from the environment is planted, and looked for in all that commands print and leave. */
class SecretsTest {
    private static final String PLANTED = "PLANTED-5c1e";

    @TempDir
    Path directory;

    private CommandLineFixture landfall;

    @BeforeEach
    void layOut() throws IOException {
        write("dbt_project.yml", "name: shop\nprofile: shop\n");
        write("models/orders.sql", "select '{{ target.name }}' as target, '{{ target.type }}' as type");
        landfall = new CommandLineFixture(directory).with("SHOP_SECRET", PLANTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secrets: [{type: no_such_type, key_id: x, secret: \"{{ env_var('SHOP_SECRET') }}\"}]",
                "attach: [{path: \"nowhere/password={{ env_var('SHOP_SECRET') }}\", alias: a, read_only: true}]"
            })
    void areInNoManifestAndNoError(String setting) throws IOException {
        write(
                "profiles.yml",
                "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, " + setting + "}\n");

        for (List<String> command : List.of(
                List.of("parse"), List.of("ls"), List.of("compile"), List.of("run"), List.of("query", "select 1"))) {
            CommandLineFixture.Outcome outcome = landfall.run(command.toArray(String[]::new));
            assertThat(outcome.out() + outcome.err()).as("%s", command).doesNotContain(PLANTED);
        }

        assertThat(directory.resolve("target/manifest.json")).exists();
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain(PLANTED));
        }
    }

    @Test
    void areFoundWhereAModelAsksForThem() throws IOException {
        write("profiles.yml", "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb}\n");
        write("models/orders.sql", "select '{{ env_var('SHOP_SECRET') }}' as told");

        assertThat(landfall.run("compile").code()).isZero();
        assertThat(directory.resolve("target/compiled/shop/models/orders.sql"))
                .as("who may change the project may read the environment: docs/security.md")
                .content()
                .contains(PLANTED);
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
