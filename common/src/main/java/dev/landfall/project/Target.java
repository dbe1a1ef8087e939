package dev.landfall.project;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The warehouse that profiles.yml names.
 *
 * @param profile the profile's name
 * @param name the target's name: {@code dev}
 * @param path as written: a file relative to the project's directory, or {@code :memory:}
 * @param database what DuckDB calls the file: its base name without suffix, or {@code memory}
 * @param schema the default schema
 * @param configOptions set when the database is opened
 * @param settings set on every connection
 * @param extensions installed and loaded first
 * @param secrets created after that, as written; keys are those of {@code CREATE SECRET}
 * @param attach databases beside the main one
 * @param duckLake true when the main path is a DuckLake
 * @param disableTransactions true asks for no BEGIN ever
 * @param retries what may be tried again when it fails
 * @param values all keys as written: what {@code target.…} answers in templates
 */
public record Target(
        String profile,
        String name,
        String path,
        String database,
        String schema,
        int threads,
        Map<String, String> configOptions,
        Map<String, String> settings,
        List<Extension> extensions,
        List<Map<String, @Nullable Object>> secrets,
        List<Attachment> attach,
        boolean duckLake,
        boolean disableTransactions,
        String externalRoot,
        Retries retries,
        Map<String, @Nullable Object> values) {

    /** A DuckDB extension and where it comes from; the repository is null for DuckDB's own. */
    public record Extension(String name, @Nullable String repository) {}

    /**
     * A database to attach.
     *
     * @param alias its name in SQL, or null for what DuckDB makes of the path
     * @param type DuckDB's word for its kind, or null for a DuckDB file
     * @param options further options of ATTACH, in order
     */
    public record Attachment(
            String path,
            @Nullable String alias,
            @Nullable String type,
            @Nullable String secret,
            boolean readOnly,
            boolean duckLake,
            Map<String, @Nullable Object> options) {}

    /** How often opening and querying are tried, and for which of DuckDB's exceptions. */
    public record Retries(int connectAttempts, int queryAttempts, List<String> retryable, Duration backoff) {
        public static final Retries NONE = new Retries(1, 1, List.of("IOException"), Duration.ofSeconds(2));
    }

    /**
     * Whether a database is a DuckLake: one that is attached, or the main one.
     *
     * @param name as relations name it; null for the target's own
     */
    public boolean isDuckLake(@Nullable String name) {
        String asked = name == null ? database : name;
        return (duckLake && asked.equalsIgnoreCase(database))
                || attach.stream().anyMatch(each -> each.duckLake() && asked.equalsIgnoreCase(each.alias()));
    }

    /** What DROP ends with, so that it takes along what hangs on it: DuckLake refuses the word. */
    public String cascade(@Nullable String ofDatabase) {
        return isDuckLake(ofDatabase) ? "" : " cascade";
    }

    public boolean inMemory() {
        return path.startsWith(":memory:");
    }
}
