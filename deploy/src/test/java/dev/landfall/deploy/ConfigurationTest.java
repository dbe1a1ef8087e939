package dev.landfall.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** docs/configuration.md is made of the services' own metadata: {@code -Dlandfall.docs=write} writes it anew. */
class ConfigurationTest {
    private static final Path DOCUMENT = Repository.ROOT.resolve("docs/configuration.md");

    /** Read by profiles.yml, by the build and by DuckDB's opening, and no settings of a service. */
    private static final Set<String> ELSEWHERE = Set.of(
            "LANDFALL_DUCKDB_EXTENSIONS",
            "LANDFALL_DUCKLAKE_DATA",
            "LANDFALL_S3_ENDPOINT",
            "LANDFALL_S3_SSL",
            "LANDFALL_S3_URL_STYLE",
            "LANDFALL_VERSION",
            "LANDFALL_WAREHOUSE_FILE");

    private static final Map<String, String> SERVICES =
            Map.of("SensorProperties", "sensor", "CoreRunnerProperties", "core", "MartRunnerProperties", "mart");

    private record Setting(String name, String description, String defaultValue, Set<String> services) {
        String row() {
            return "| `" + name + "` | " + String.join(", ", services) + " | "
                    + (defaultValue.isEmpty() ? "" : "`" + defaultValue + "`") + " | " + description + " |\n";
        }

        String variable() {
            return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
        }
    }

    @Test
    void isDocumentedAsItIs() throws IOException {
        String expected = """
                # Configuration

                Every setting of the services, made from their own metadata by a test. Each can be a property (`--landfall.lake.uri=s3://landing`), a line of `application.yaml`, or an environment variable: dots and dashes become underscores (`LANDFALL_LAKE_URI`, `LANDFALL_WAREHOUSE_MEMORY_LIMIT`). The command line reads the same variables. Kafka's connection is Spring's own: `SPRING_KAFKA_BOOTSTRAP_SERVERS` and the other `spring.kafka.*`.

                | setting | service | default | what it says |
                |---|---|---|---|
                """ + settings().values().stream().map(Setting::row).collect(Collectors.joining());
        if ("write".equals(System.getProperty("landfall.docs"))) {
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(DOCUMENT).content().isEqualTo(expected);
    }

    @Test
    void isNamedRightWhereverItIsSet() throws IOException {
        Set<String> known = new TreeSet<>(ELSEWHERE);
        settings().values().forEach(setting -> known.add(setting.variable()));

        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Repository.ROOT.resolve("deploy"))) {
            for (Path file : Stream.concat(files, Stream.of(Repository.ROOT.resolve("docker-compose.yml")))
                    .filter(path -> path.toString().matches(".*(\\.ya?ml|\\.sh|Dockerfile)"))
                    .toList()) {
                Pattern.compile("\\bLANDFALL_[A-Z0-9_]+")
                        .matcher(Repository.text(file))
                        .results()
                        .forEach(name -> used.add(name.group()));
            }
        }
        assertThat(used).isNotEmpty().isSubsetOf(known);
    }

    private static Map<String, Setting> settings() throws IOException {
        Map<String, Setting> settings = new TreeMap<>();
        for (URL metadata : Collections.list(
                ConfigurationTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = metadata.openStream()) {
                JsonNode properties = Repository.JSON.readTree(in).path("properties");
                String service = service(properties);
                if (service != null) {
                    for (JsonNode property : properties) {
                        add(property, service, settings);
                    }
                }
            }
        }
        assertThat(settings.values().stream().flatMap(setting -> setting.services().stream()))
                .contains("sensor", "core", "mart");
        return settings;
    }

    /** Whose metadata it is: a service's properties may lie in records that it shares with others. */
    private static @Nullable String service(JsonNode properties) {
        return properties
                .valueStream()
                .map(property ->
                        SERVICES.get(property.path("sourceType").asString("").replaceFirst("^.*\\.", "")))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Of what lies in a record of another module, its own metadata tells: javac does not find that in a jar. */
    private static String description(JsonNode property, String name) throws IOException {
        String own = property.path("description").asString("");
        String type = property.path("sourceType").asString("");
        URL shared = ConfigurationTest.class
                .getClassLoader()
                .getResource("META-INF/spring/configuration-metadata/" + type + ".json");
        if (!own.isEmpty() || shared == null) {
            return own;
        }
        try (InputStream in = shared.openStream()) {
            return Repository.JSON
                    .readTree(in)
                    .path("properties")
                    .valueStream()
                    .filter(each -> each.path("name").asString("").equals(name))
                    .map(each -> each.path("description").asString(""))
                    .findFirst()
                    .orElse("");
        }
    }

    private static void add(JsonNode property, String service, Map<String, Setting> settings) throws IOException {
        String name = property.path("name").asString("");
        if (!name.startsWith("landfall.")) {
            return;
        }
        Set<String> services = new LinkedHashSet<>();
        Setting other = settings.get(name);
        if (other != null) {
            services.addAll(other.services());
        }
        services.add(service);
        JsonNode value = property.path("defaultValue");
        settings.put(
                name,
                new Setting(
                        name,
                        description(property, name.substring(name.lastIndexOf('.') + 1))
                                .replaceAll("\\s+", " ")
                                .replaceAll("\\{@\\w+ ((?:[^{}]|\\{[^}]*})*)}", "`$1`"),
                        value.isMissingNode() ? "" : value.isString() ? value.asString() : value.toString(),
                        new TreeSet<>(services)));
    }
}
