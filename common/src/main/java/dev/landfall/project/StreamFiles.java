package dev.landfall.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds and reads stream files, {@code streams/{source}/{stream}.json}. The path alone makes a stream, so {@code {}} is
 * a whole file; what else it may hold are Airbyte's keys, and ours under {@code landfall}.
 */
public final class StreamFiles {
    private static final List<String> FOLDERS = List.of("streams", "assets/streams", "dag/streams");
    private static final Set<String> OURS = Set.of("poll", "prefix", "bucket", "quiet_period");
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d)");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path root;
    private final Problems problems;
    private final Map<StreamName, StreamConfig> streams = new TreeMap<>();

    private StreamFiles(Path root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    /**
     * The streams of a project, and what is wrong with stream files. A stream whose file is wrong is left out.
     *
     * @param streams in the order of their names, also those that are switched off
     */
    public record Found(List<StreamConfig> streams, List<Problem> problems) {}

    /** Looks where dbt_project.yml in this directory says, or in the usual folders when there is none. */
    public static Found find(Path projectRoot) {
        Problems problems = new Problems();
        Path file = projectRoot.resolve("dbt_project.yml");
        YamlMap settings = YamlMap.none("dbt_project.yml", 0);
        if (Files.exists(file)) {
            try {
                settings = YamlFile.read("dbt_project.yml", Files.readString(file), problems);
            } catch (IOException e) {
                problems.error("dbt_project.yml", 0, "cannot be read: " + e);
            }
        }
        List<StreamConfig> streams =
                load(projectRoot, modelPaths(settings), streamsPath(settings.map("vars")), problems);
        return new Found(streams, problems.errors());
    }

    /**
     * The streams in the given folder, or in the usual ones beside the parents of the model paths and in the root.
     *
     * @param streamsPath relative to the root, or null for the usual folders
     */
    public static List<StreamConfig> load(
            Path projectRoot, Collection<String> modelPaths, @Nullable String streamsPath, Problems problems) {
        StreamFiles files = new StreamFiles(projectRoot, problems);
        if (streamsPath != null) {
            Path folder = projectRoot.resolve(streamsPath);
            if (!Files.isDirectory(folder)) {
                problems.error(
                        "dbt_project.yml",
                        0,
                        "vars.landfall.streams-path is '" + streamsPath
                                + "', and there is no such folder in the project");
            }
            files.readFolder(folder);
        } else {
            files.usualFolders(modelPaths).forEach(files::readFolder);
        }
        return List.copyOf(files.streams.values());
    }

    /** The model paths of a dbt_project.yml. */
    public static List<String> modelPaths(YamlMap project) {
        for (String key : List.of("model-paths", "source-paths")) {
            List<String> paths = project.list(key).stream().map(YamlFile::text).toList();
            if (!paths.isEmpty()) {
                return paths;
            }
        }
        return List.of("models");
    }

    /** {@code vars: {landfall: {streams-path: …}}}, or null. */
    public static @Nullable String streamsPath(Map<String, ? extends @Nullable Object> vars) {
        return vars.get("landfall") instanceof Map<?, ?> ours && ours.get("streams-path") instanceof String path
                ? path
                : null;
    }

    private Set<Path> usualFolders(Collection<String> modelPaths) {
        Set<Path> parents = new LinkedHashSet<>();
        parents.add(root.toAbsolutePath().normalize());
        modelPaths.forEach(path -> {
            Path parent = root.toAbsolutePath().resolve(path).normalize().getParent();
            if (parent != null) {
                parents.add(parent);
            }
        });
        Set<Path> folders = new LinkedHashSet<>();
        parents.forEach(parent -> FOLDERS.forEach(folder -> folders.add(parent.resolve(folder))));
        return folders;
    }

    private void readFolder(Path folder) {
        for (Path source : children(folder)) {
            if (Files.isDirectory(source)) {
                for (Path file : children(source)) {
                    if (file.getFileName().toString().endsWith(".json")) {
                        read(source.getFileName().toString(), file);
                    }
                }
            } else if (source.getFileName().toString().endsWith(".json")) {
                problems.error(
                        show(source),
                        0,
                        "a stream file belongs in a folder named after its source: " + "streams/{source}/"
                                + source.getFileName());
            }
        }
    }

    /** Sorted, without those that begin with an underscore or a dot. */
    private List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> !path.getFileName().toString().startsWith("_"))
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            problems.error(show(folder), 0, "cannot be listed: " + e.getMessage());
            return List.of();
        }
    }

    private void read(String source, Path path) {
        String file = show(path);
        String stream = path.getFileName().toString().replaceFirst("\\.json$", "");
        StreamName name;
        try {
            name = new StreamName(source, stream);
        } catch (IllegalArgumentException e) {
            problems.error(file, 0, e.getMessage() + "; a stream is named after its folder and file");
            return;
        }
        StreamConfig config = parse(name, file, path);
        if (config != null) {
            StreamConfig twin = streams.putIfAbsent(name, config);
            if (twin != null) {
                problems.error(file, 0, "stream " + name + " has a file already: " + twin.file());
            }
        }
    }

    private @Nullable StreamConfig parse(StreamName name, String file, Path path) {
        String text;
        try {
            text = Files.readString(path);
        } catch (CharacterCodingException e) {
            problems.error(file, 0, "not UTF-8");
            return null;
        } catch (IOException e) {
            problems.error(file, 0, "cannot be read: " + e);
            return null;
        }
        Object json;
        try {
            json = text.isBlank() ? null : JSON.readValue(text, Object.class);
        } catch (JacksonException e) {
            String problem =
                    e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" \\(start marker.*", "");
            problems.error(new Problem(
                    file,
                    e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                    e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                    "not JSON: " + problem));
            return null;
        }
        if (!(json instanceof Map<?, ?> values)) {
            problems.error(file, 1, "must hold a JSON object; {} is enough");
            return null;
        }
        return new Reader(file, text, values).config(name);
    }

    private String show(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path base = root.toAbsolutePath().normalize();
        return base.relativize(absolute).toString();
    }

    /** A duration as settings spell it: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}, {@code 1d}, {@code PT5S}. */
    static @Nullable Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (matcher.matches()) {
            double millis = switch (matcher.group(2)) {
                case "ms" -> 1;
                case "s" -> 1_000;
                case "m" -> 60_000;
                case "h" -> 3_600_000;
                default -> 86_400_000;
            };
            return Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * millis));
        }
        try {
            return Duration.parse(text.strip());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** One file's values. */
    private final class Reader {
        private final String file;
        private final String text;
        private final Map<?, ?> values;

        Reader(String file, String text, Map<?, ?> values) {
            this.file = file;
            this.text = text;
            this.values = values;
        }

        StreamConfig config(StreamName name) {
            Map<?, ?> ours = Map.of();
            Object landfall = values.get("landfall");
            if (landfall instanceof Map<?, ?> map) {
                ours = map;
                for (Object key : map.keySet()) {
                    if (!OURS.contains(String.valueOf(key))) {
                        error(
                                String.valueOf(key),
                                "unknown key 'landfall." + key + "'" + Problems.nearest(String.valueOf(key), OURS));
                    }
                }
            } else if (landfall != null) {
                error("landfall", "'landfall' must be an object");
            }
            return new StreamConfig(
                    name,
                    Path.of(file),
                    string(ours, "bucket"),
                    prefix(name, ours),
                    duration(ours, "poll"),
                    duration(ours, "quiet_period"),
                    selected(),
                    primaryKey(),
                    path(values.get("cursor_field"), "cursor_field"),
                    fields());
        }

        private String prefix(StreamName name, Map<?, ?> ours) {
            String prefix = string(ours, "prefix");
            if (prefix == null) {
                return "raw/" + name.source() + "/" + name.stream() + "/";
            }
            if (prefix.contains("://") || prefix.contains("*") || prefix.contains("..")) {
                error(
                        "prefix",
                        "'landfall.prefix' is '" + prefix + "': give the beginning of the keys within the "
                                + "bucket, such as raw/" + name.source() + "/" + name.stream() + "/");
            }
            String key = prefix.replaceFirst("^/+", "");
            return key.isEmpty() || key.endsWith("/") ? key : key + "/";
        }

        private boolean selected() {
            Object selected = values.get("selected");
            if (selected != null && !(selected instanceof Boolean)) {
                error("selected", "'selected' must be true or false");
            }
            return !Boolean.FALSE.equals(selected);
        }

        private List<List<String>> primaryKey() {
            Object key = values.get("primary_key");
            if (key == null) {
                return List.of();
            }
            List<List<String>> paths = new ArrayList<>();
            for (Object part : key instanceof List<?> list ? list : List.of(key)) {
                paths.add(path(part, "primary_key"));
            }
            return List.copyOf(paths);
        }

        private List<String> path(@Nullable Object value, String key) {
            if (value == null) {
                return List.of();
            }
            List<String> names = new ArrayList<>();
            for (Object part : value instanceof List<?> list ? list : List.of(value)) {
                if (part instanceof String name) {
                    names.add(name);
                } else {
                    error(key, "'" + key + "' must name columns, but holds " + part);
                }
            }
            return List.copyOf(names);
        }

        private Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            Object declared = values.get("fields");
            if (declared == null
                    && values.get("stream") instanceof Map<?, ?> stream
                    && stream.get("json_schema") instanceof Map<?, ?> schema) {
                declared = schema.get("properties");
            }
            if (declared instanceof Map<?, ?> map) {
                map.forEach((name, type) -> {
                    if (type != null) {
                        fields.put(String.valueOf(name), type);
                    }
                });
            } else if (declared instanceof List<?> list) {
                for (Object item : list) {
                    if (item instanceof Map<?, ?> field && field.get("name") instanceof String name) {
                        Object type = field.get("type");
                        fields.put(name, type == null ? field : type);
                    } else if (item instanceof String name) {
                        fields.put(name, "VARCHAR");
                    } else {
                        error("fields", "an item of 'fields' has no name: " + item);
                    }
                }
            } else if (declared != null) {
                error("fields", "'fields' must be an object of names and types");
            }
            return java.util.Collections.unmodifiableMap(fields);
        }

        private @Nullable String string(Map<?, ?> map, String key) {
            Object value = map.get(key);
            if (value == null || value instanceof String) {
                return (String) value;
            }
            error(key, "'landfall." + key + "' must be a string, but is " + value);
            return null;
        }

        private @Nullable Duration duration(Map<?, ?> map, String key) {
            String value = string(map, key);
            if (value == null) {
                return null;
            }
            Duration duration = StreamFiles.duration(value);
            if (duration == null || duration.isZero() || duration.isNegative()) {
                error(key, "'landfall." + key + "' is '" + value + "', not a duration such as 500ms, 5s, 2m, 1h");
                return null;
            }
            return duration;
        }

        private void error(String key, String message) {
            int at = text.indexOf('"' + key + '"');
            int line = at < 0
                    ? 0
                    : (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
            problems.error(file, line, message);
        }
    }
}
