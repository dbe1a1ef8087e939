package dev.landfall.template;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

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

    /**
     * Variables written as one YAML or JSON text, as {@code --vars} takes them: {@code {start: 2026-01-01}}.
     *
     * @throws IllegalArgumentException when it is not such a text; the message says what is wrong
     */
    public static Map<String, @Nullable Object> variables(String text) {
        Object value;
        try {
            value = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("the variables are not YAML: " + e.getMessage(), e);
        }
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("the variables are not of the form '{key: value}': " + text);
        }
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        map.forEach((key, each) -> variables.put(String.valueOf(key), each));
        return variables;
    }

    /** The project in a directory, its own profiles.yml and the process's environment. */
    public static ProjectOptions of(Path projectDir) {
        return new ProjectOptions(projectDir, null, null, null, Map.of(), System.getenv());
    }
}
