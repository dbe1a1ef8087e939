package dev.landfall.template;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The projects under {@code src/test/resources/projects}, and small ones written on the spot. */
public final class TestProjects {
    private static final String PROFILES =
            "test:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: warehouse.duckdb}\n";

    private TestProjects() {}

    public static Path directory(String name) {
        return Path.of("src/test/resources/projects", name);
    }

    public static Project load(String name) throws InvalidProjectException {
        return load(directory(name));
    }

    public static Project load(Path directory) throws InvalidProjectException {
        return ProjectLoader.load(new ProjectOptions(directory, directory, null, Map.of(), Map.of()));
    }

    /** Writes files, path and text by turns, beside a dbt_project.yml and a profiles.yml unless they are among them. */
    public static Path write(Path directory, String... pathsAndTexts) throws IOException {
        put(directory, "dbt_project.yml", "name: shop\nversion: '1'\nprofile: test\n");
        put(directory, "profiles.yml", PROFILES);
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            put(directory, pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return directory;
    }

    private static void put(Path directory, String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** A warehouse in which there is nothing and that refuses queries. */
    public static Database nowhere() {
        return new Database() {
            @Override
            public QueryResult query(String sql) {
                throw new IllegalStateException("no database: " + sql);
            }

            @Override
            public void execute(String sql) {
                throw new IllegalStateException("no database: " + sql);
            }

            @Override
            public java.util.Optional<String> relationType(dev.landfall.project.Relation relation) {
                return java.util.Optional.empty();
            }

            @Override
            public List<ColumnInfo> columns(dev.landfall.project.Relation relation) {
                return List.of();
            }

            @Override
            public List<dev.landfall.project.Relation> relations(String database, String schema) {
                return List.of();
            }
        };
    }
}
