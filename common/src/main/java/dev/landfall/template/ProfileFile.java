package dev.landfall.template;

import dev.landfall.jinja.Location;
import dev.landfall.jinja.Python;
import dev.landfall.project.Problems;
import dev.landfall.project.Target;
import dev.landfall.project.Target.Attachment;
import dev.landfall.project.Target.Extension;
import dev.landfall.project.Target.Retries;
import dev.landfall.project.YamlFile;
import dev.landfall.project.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads profiles.yml, in dbt-duckdb's form, into a {@link Target}. */
final class ProfileFile {
    private static final Set<String> KNOWN = Set.of(
            "type",
            "path",
            "database",
            "dbname",
            "schema",
            "threads",
            "config_options",
            "extensions",
            "settings",
            "secrets",
            "external_root",
            "use_credential_provider",
            "attach",
            "filesystems",
            "plugins",
            "module_paths",
            "remote",
            "disable_transactions",
            "keep_open",
            "retries",
            "is_ducklake",
            "extension_directory");

    private final ProjectOptions options;
    private final Problems problems;

    ProfileFile(ProjectOptions options, Problems problems) {
        this.options = options;
        this.problems = problems;
    }

    /** The target, or null when there is none that can be used; then that is told. */
    @Nullable
    Target read(String profileName, Location namedBy) {
        Path file = find();
        if (file == null) {
            problems.error(
                    "profiles.yml",
                    0,
                    "not found; looked in " + places() + ". Write one with a profile '" + profileName
                            + "': {target: dev, outputs: {dev: {type: duckdb, path: warehouse.duckdb}}}");
            return null;
        }
        String shown = shown(file);
        YamlMap profiles;
        try {
            String text = Files.readString(file);
            profiles = YamlFile.read(shown, text, problems);
        } catch (IOException e) {
            problems.error(shown, 0, "cannot be read: " + e);
            return null;
        }
        if (profiles.isEmpty() && !problems.none()) {
            return null;
        }
        if (!(profiles.get(profileName) instanceof YamlMap profile)) {
            Set<String> known = new java.util.LinkedHashSet<>(profiles.keySet());
            known.remove("config");
            problems.error(
                    namedBy, "no profile '" + profileName + "' in " + shown + Problems.nearest(profileName, known));
            return null;
        }
        return target(profileName, profile);
    }

    private @Nullable Path find() {
        for (Path directory : places()) {
            Path file = directory.resolve("profiles.yml");
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    private List<Path> places() {
        if (options.profilesDir() != null) {
            return List.of(options.profilesDir());
        }
        String variable = options.environment().get("DBT_PROFILES_DIR");
        if (variable != null && !variable.isBlank()) {
            return List.of(options.projectDir().resolve(variable));
        }
        return List.of(options.projectDir(), Path.of(System.getProperty("user.home", "."), ".dbt"));
    }

    private String shown(Path file) {
        Path root = options.projectDir().toAbsolutePath().normalize();
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(root) ? root.relativize(absolute).toString() : absolute.toString();
    }

    private @Nullable Target target(String profileName, YamlMap profile) {
        YamlRenderer renderer =
                new YamlRenderer(YamlRenderer.names(options.environment(), options.vars(), null, true), problems);
        String name = options.target();
        if (name == null) {
            Object written = profile.get("target");
            Object rendered = written instanceof String text ? renderer.text(text, profile.valueAt("target")) : written;
            name = rendered == null ? "default" : Python.str(rendered);
        }
        YamlMap outputs = profile.map("outputs");
        if (!(outputs.get(name) instanceof YamlMap written)) {
            problems.error(
                    profile.at("outputs"),
                    "profile '" + profileName + "' has no target '" + name + "'"
                            + Problems.nearest(name, outputs.keySet()));
            return null;
        }
        return duckDb(profileName, name, renderer.render(written));
    }

    private @Nullable Target duckDb(String profileName, String name, YamlMap values) {
        if (!"duckdb".equals(values.text("type"))) {
            problems.error(
                    values.valueAt("type"),
                    "target '" + name + "' is of type '" + values.text("type", "") + "'; this engine runs 'duckdb'");
            return null;
        }
        values.keySet().forEach(key -> {
            if (!KNOWN.contains(key)) {
                problems.warn(
                        values.at(key),
                        "unknown key '" + key + "' in target '" + name + "'" + Problems.nearest(key, KNOWN));
            }
        });
        for (String python : List.of("filesystems", "plugins", "module_paths", "remote")) {
            if (values.get(python) != null) {
                problems.warn(values.at(python), "'" + python + "' needs Python, and is left out");
            }
        }
        String path = values.text("path", ":memory:");
        List<Attachment> attachments = attachments(values);
        String database = database(values, path, attachments);
        Map<String, @Nullable Object> answers = new LinkedHashMap<>(values);
        answers.put("path", path);
        answers.put("database", database);
        answers.put("schema", values.text("schema", "main"));
        answers.put("type", "duckdb");
        answers.put("name", name);
        answers.put("target_name", name);
        answers.put("profile_name", profileName);
        int threads = threads(values);
        answers.put("threads", (long) threads);
        return new Target(
                profileName,
                name,
                path,
                database,
                values.text("schema", "main"),
                threads,
                strings(values.map("config_options")),
                strings(values.map("settings")),
                extensions(values),
                secrets(values),
                attachments,
                Boolean.TRUE.equals(values.get("is_ducklake")) || path.startsWith("ducklake:"),
                Boolean.TRUE.equals(values.get("disable_transactions")),
                values.text("external_root", "."),
                retries(values),
                answers);
    }

    private int threads(YamlMap values) {
        Object threads = values.get("threads");
        if (threads == null) {
            return 1;
        }
        String text = Python.str(threads);
        if (!text.matches("[1-9]\\d{0,3}")) {
            problems.error(values.valueAt("threads"), "'threads' is '" + text + "', not a number from 1 on");
            return 1;
        }
        return Integer.parseInt(text);
    }

    /** What DuckDB will call the database; told when the profile says another name. */
    private String database(YamlMap values, String path, List<Attachment> attachments) {
        String fromPath = databaseOf(path);
        String written = values.text("database", values.text("dbname", fromPath));
        boolean attached = attachments.stream()
                .anyMatch(each -> written.equals(each.alias() == null ? databaseOf(each.path()) : each.alias()));
        if (!written.equals(fromPath) && !attached && !path.matches("(md|motherduck):.*")) {
            problems.error(
                    values.valueAt(values.containsKey("database") ? "database" : "dbname"),
                    "Inconsistency detected between 'path' and 'database' fields in profile; the 'database' property must be"
                            + " set to '" + fromPath + "' to match the 'path'");
        }
        return written;
    }

    static String databaseOf(String path) {
        if (path.startsWith(":memory:") || path.isEmpty()) {
            return "memory";
        }
        String base = path.replaceFirst("^[a-z]+:(?=[^/\\\\])", "").replaceFirst("\\?.*$", "");
        String file = base.substring(Math.max(base.lastIndexOf('/'), base.lastIndexOf('\\')) + 1);
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    private static Map<String, String> strings(YamlMap map) {
        Map<String, String> strings = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (value != null) {
                strings.put(key, value instanceof Boolean flag ? flag.toString() : Python.str(value));
            }
        });
        return strings;
    }

    private List<Extension> extensions(YamlMap values) {
        List<Extension> extensions = new ArrayList<>();
        for (Object item : values.list("extensions")) {
            if (item instanceof YamlMap map) {
                extensions.add(new Extension(map.text("name", ""), map.text("repo", map.text("repository", ""))));
            } else {
                extensions.add(new Extension(Python.str(item), null));
            }
        }
        return extensions.stream()
                .map(each -> "".equals(each.repository()) ? new Extension(each.name(), null) : each)
                .toList();
    }

    private static List<Map<String, @Nullable Object>> secrets(YamlMap values) {
        List<Map<String, @Nullable Object>> secrets = new ArrayList<>();
        Object written = values.get("secrets");
        if (written instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof YamlMap map) {
                    secrets.add(new LinkedHashMap<>(map));
                }
            }
        } else if (written instanceof YamlMap named) {
            named.forEach((name, value) -> {
                if (value instanceof YamlMap map) {
                    Map<String, @Nullable Object> secret = new LinkedHashMap<>(map);
                    secret.putIfAbsent("name", name);
                    secrets.add(secret);
                }
            });
        }
        return secrets;
    }

    private List<Attachment> attachments(YamlMap values) {
        List<Attachment> attachments = new ArrayList<>();
        for (YamlMap map : values.maps("attach", problems)) {
            String path = map.text("path");
            if (path == null) {
                problems.error(map.place(), "an item of 'attach' has no 'path'");
                continue;
            }
            boolean duckLake = Boolean.TRUE.equals(map.get("is_ducklake")) || path.startsWith("ducklake:");
            attachments.add(new Attachment(
                    duckLake ? path : located(path, map.text("type", "duckdb")),
                    map.text("alias"),
                    map.text("type"),
                    map.text("secret"),
                    Boolean.TRUE.equals(map.get("read_only")),
                    duckLake,
                    new LinkedHashMap<>(map.map("options"))));
        }
        return List.copyOf(attachments);
    }

    /** Relative files lie in the project's folder, in which dbt runs. */
    private String located(String path, String type) {
        boolean file =
                type.toLowerCase(Locale.ROOT).matches("duckdb|sqlite") && !path.matches("|:memory:.*|\\w{2,}:.*");
        return file ? options.projectDir().resolve(path).toString() : path;
    }

    private Retries retries(YamlMap values) {
        if (!(values.get("retries") instanceof YamlMap map)) {
            return Retries.NONE;
        }
        List<String> retryable =
                map.list("retryable_exceptions").stream().map(String::valueOf).toList();
        return new Retries(
                number(map, "connect_attempts"),
                number(map, "query_attempts"),
                retryable.isEmpty() ? Retries.NONE.retryable() : retryable,
                Duration.ofSeconds(2));
    }

    private static int number(YamlMap map, String key) {
        return map.get(key) instanceof Long number && number > 0 ? (int) Math.min(number, 100) : 1;
    }
}
