package dev.landfall.warehouse;

import dev.landfall.project.Target;
import java.util.List;
import java.util.Map;

/** Targets for tests, as profiles.yml would give them. */
public final class Targets {
    private Targets() {}

    /** A database file; the name of the database is the file's. */
    public static Target file(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\..*$", "");
        return target(path, name, 1, Map.of());
    }

    public static Target inMemory() {
        return inMemory(1);
    }

    /** Builds so many nodes side by side. */
    public static Target inMemory(int threads) {
        return target(":memory:", "memory", threads, Map.of());
    }

    public static Target withSettings(String path, Map<String, String> settings) {
        return target(path, file(path).database(), 1, settings);
    }

    private static Target target(String path, String database, int threads, Map<String, String> settings) {
        return new Target(
                "test",
                "dev",
                path,
                database,
                "main",
                threads,
                Map.of(),
                settings,
                List.of(),
                List.of(),
                List.of(),
                false,
                false,
                ".",
                Target.Retries.NONE,
                Map.of());
    }
}
