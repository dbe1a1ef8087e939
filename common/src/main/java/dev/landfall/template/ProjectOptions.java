package dev.landfall.template;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which project, and what the command line or the environment says over it.
 *
 * @param profilesDir where profiles.yml lies; null looks into {@code DBT_PROFILES_DIR}, the project's directory and
 *     {@code ~/.dbt}
 * @param profile the profile's name, null for the one that dbt_project.yml names
 * @param target the target's name, null for the profile's own choice
 * @param vars as {@code --vars} gives them
 * @param environment what {@code env_var()} reads
 */
public record ProjectOptions(
        Path projectDir,
        @Nullable Path profilesDir,
        @Nullable String profile,
        @Nullable String target,
        Map<String, @Nullable Object> vars,
        Map<String, String> environment) {

    public ProjectOptions(
            Path projectDir,
            @Nullable Path profilesDir,
            @Nullable String target,
            Map<String, @Nullable Object> vars,
            Map<String, String> environment) {
        this(projectDir, profilesDir, null, target, vars, environment);
    }

    /** The project in a directory, its own profiles.yml and the process's environment. */
    public static ProjectOptions of(Path projectDir) {
        return new ProjectOptions(projectDir, null, null, null, Map.of(), System.getenv());
    }
}
