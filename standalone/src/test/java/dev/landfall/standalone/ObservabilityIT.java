package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What three services in three processes let others see of one landing: traces, lineage, metrics, logs, no secrets. */
class ObservabilityIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern LISTENS = Pattern.compile("Tomcat started on port (\\d+)");
    private static final List<String> MODULES = List.of("sensor-service", "core-runner", "mart-runner");

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path directory;

    private final Map<String, Integer> ports = new HashMap<>();
    private final List<ServiceProcess> processes = new ArrayList<>();
    private S3Server s3;

    @BeforeEach
    void land() throws Exception {
        s3 = S3Server.start();
        s3.createBucket("landing");
        Path project = GuideProject.write(directory.resolve("project"));
        Files.writeString(
                project.resolve("marts/mean.sql"),
                "{{ config(materialized='table') }} select avg(amount) as amount from {{ ref('things') }}");
        Files.writeString(
                project.resolve("marts/_marts.yml"),
                "models: [{name: mean, columns: [{name: amount, data_tests: [not_null]}]}]");
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("LANDFALL_PROJECT_DIR", project.toString());
        environment.put("LANDFALL_LAKE_URI", "s3://");
        environment.put("LANDFALL_LAKE_MIRROR_DIR", directory.resolve("mirror").toString());
        environment.put("LANDFALL_SENSOR_POLL", "500ms");
        environment.put("LANDFALL_SENSOR_QUIET_PERIOD", "0s");
        environment.put("LANDFALL_TELEMETRY_TRACE_FILE", traces().toString());
        environment.put("OPENLINEAGE__TRANSPORT__TYPE", "file");
        environment.put("OPENLINEAGE__TRANSPORT__LOCATION", lineage().toString());
        environment.put("LOGGING_STRUCTURED_FORMAT_CONSOLE", "logstash");
        environment.put("LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_BOOT_TOMCAT", "info");
        for (String module : MODULES) {
            processes.add(ServiceProcess.start(module, log(module), environment));
        }
        // Seen alive before anything lands: what landed earlier says nothing of their speed.
        for (String module : MODULES) {
            await(
                    module + " is up",
                    () -> findPort(module)
                            && get(module, "/actuator/health/liveness").contains("UP"));
        }
        try (ParquetFiles files = new ParquetFiles()) {
            Path file = files.write(directory.resolve("things.parquet"), GuideProject.things("2026-01-31", 0, 10));
            s3.put("landing", GuideProject.key("2026-01-31", "a"), file);
        }
        await("both marts are traced", () -> {
            List<String> names =
                    spans().stream().map(span -> text(span, "name")).toList();
            return names.contains("run model.guide.totals") && names.contains("run model.guide.mean");
        });
    }

    @AfterEach
    void stop() {
        processes.forEach(ServiceProcess::close);
        s3.close();
    }

    @Test
    void showsOneLandingFromTheLakeToTheMartsAndNoSecret() throws Exception {
        assertOneTrace();
        assertLineage();
        Awaitility.await().atMost(PATIENCE).untilAsserted(this::assertMetrics);
        Awaitility.await().atMost(PATIENCE).untilAsserted(this::assertLogs);
        assertNoSecret();
        assertBillOfMaterials();
    }

    private void assertOneTrace() throws IOException {
        List<JsonNode> spans = spans();
        JsonNode landing = span(spans, "land shop.things");
        JsonNode core = span(spans, "run model.guide.things");

        assertThat(text(landing, "parentSpanId")).isEmpty();
        assertThat(text(landing, "service")).isEqualTo("sensor-service");
        assertThat(text(core, "parentSpanId")).isEqualTo(text(landing, "spanId"));
        assertThat(text(core, "service")).isEqualTo("core-runner");
        for (String mart : List.of("run model.guide.totals", "run model.guide.mean")) {
            assertThat(text(span(spans, mart), "parentSpanId")).isEqualTo(text(core, "spanId"));
            assertThat(text(span(spans, mart), "service")).isEqualTo("mart-runner");
        }
        assertThat(spans.stream().map(span -> text(span, "traceId")).distinct()).hasSize(1);
    }

    private void assertLineage() throws Exception {
        await("lineage of the marts", () -> json(lineage()).size() >= 3);
        Map<String, JsonNode> events = json(lineage()).stream()
                .collect(Collectors.toMap(event -> event.at("/job/name").asString(), event -> event, (a, b) -> a));

        JsonNode core =
                events.getOrDefault("model.guide.things", JsonMapper.shared().nullNode());
        assertThat(core.at("/inputs/0/namespace").asString()).isEqualTo("s3://landing");
        assertThat(core.at("/inputs/0/name").asString()).isEqualTo("raw/shop/things");
        String table = core.at("/outputs/0/name").asString();
        assertThat(core.at("/outputs/0/facets/schema/fields").findValuesAsString("name"))
                .contains("thing_id", "amount");
        assertThat(events.getOrDefault("model.guide.totals", core)
                        .at("/inputs/0/name")
                        .asString())
                .isEqualTo(table);
    }

    private void assertMetrics() {
        String all = MODULES.stream()
                .map(module -> get(module, "/actuator/prometheus"))
                .collect(Collectors.joining("\n"));
        Set<String> shown = Pattern.compile("(?m)^landfall_[a-z_]+")
                .matcher(all)
                .results()
                .map(name -> name.group().replaceFirst("_seconds_(count|sum|max)$", "_seconds"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = new TreeSet<>();
        for (dev.landfall.telemetry.Metric metric : dev.landfall.telemetry.Metric.values()) {
            documented.add(metric.prometheusName());
        }
        assertThat(documented).containsAll(shown);
        // Of what does not happen here: nothing is set aside, there is no queue, and no sweep has ended.
        documented.removeAll(
                Set.of("landfall_dead_letters_total", "landfall_queue_messages_total", "landfall_objects"));

        assertThat(shown).containsAll(documented);
        assertThat(all)
                .contains(
                        "landfall_landings_total{source=\"shop\",stream=\"things\"} 1.0",
                        "landfall_runs_total{layer=\"core\",model=\"things\",outcome=\"succeeded\"} 1.0",
                        "landfall_rows_total{layer=\"core\",model=\"things\",operation=\"inserted\"} 10.0",
                        "landfall_landing_to_core_seconds_count{source=\"shop\",stream=\"things\"} 1",
                        "landfall_landing_to_mart_seconds_count{model=\"totals\"} 1",
                        "landfall_mirror_requests_total{result=\"miss\"} 1.0");
    }

    private void assertLogs() throws IOException {
        for (String module : List.of("sensor-service", "core-runner")) {
            assertThat(json(log(module))).as(module).anySatisfy(line -> {
                assertThat(text(line, "stream")).isEqualTo("shop.things");
                assertThat(text(line, "partition")).isEqualTo("year=2026/month=01/day=31");
            });
        }
        assertThat(json(log("core-runner"))).anySatisfy(line -> {
            assertThat(text(line, "stream")).isEqualTo("shop.things");
            assertThat(text(line, "model")).isEqualTo("model.guide.things");
            assertThat(text(line, "runId")).isNotEmpty();
        });
        assertThat(json(log("mart-runner"))).anySatisfy(line -> {
            assertThat(text(line, "model")).isEqualTo("model.guide.totals");
            assertThat(text(line, "runId")).isNotEmpty();
        });
    }

    private static void assertBillOfMaterials() throws IOException {
        for (String module : MODULES) {
            try (ZipFile jar = new ZipFile(ServiceProcess.jar(module).toFile())) {
                ZipEntry entry = jar.getEntry("META-INF/sbom/application.cdx.json");
                JsonNode bill = JsonMapper.shared().readTree(jar.getInputStream(entry));
                assertThat(bill.path("components").findValuesAsString("purl"))
                        .as(module)
                        .anyMatch(name -> name.startsWith("pkg:maven/org.apache.kafka/kafka-clients@"));
            }
        }
    }

    private void assertNoSecret() throws IOException {
        List<String> everything = new ArrayList<>();
        for (String topic : kafka.topics()) {
            kafka.read(topic).forEach(message -> everything.add(message.key() + " " + message.value()));
        }
        for (Path file : Stream.concat(MODULES.stream().map(this::log), Stream.of(traces(), lineage()))
                .toList()) {
            everything.add(Files.readString(file));
        }
        MODULES.forEach(module -> everything.add(get(module, "/actuator/health")));

        assertThat(everything).isNotEmpty().noneMatch(text -> text.contains(S3Server.SECRET_KEY));
    }

    private Path traces() {
        return directory.resolve("spans.jsonl");
    }

    private Path lineage() {
        return directory.resolve("lineage.jsonl");
    }

    private Path log(String module) {
        return directory.resolve(module + ".log");
    }

    private List<JsonNode> spans() throws IOException {
        return json(traces());
    }

    private static JsonNode span(List<JsonNode> spans, String name) {
        return spans.stream()
                .filter(span -> text(span, "name").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span '" + name + "' in " + spans));
    }

    /** Lines that are still being written come with the next look. */
    private static List<JsonNode> json(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    private String get(String module, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(module) + path))
                .timeout(PATIENCE)
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException notYet) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(String what, Condition condition) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.holds()) {
            assertThat(Instant.now())
                    .as(() -> what + "\n"
                            + processes.stream().map(ServiceProcess::lastWords).collect(Collectors.joining("\n")))
                    .isBefore(end);
            Thread.sleep(100);
        }
    }

    /** It takes any free one, and says which. */
    private boolean findPort(String module) throws IOException {
        Matcher told = LISTENS.matcher(Files.readString(log(module)));
        if (told.find()) {
            ports.put(module, Integer.parseInt(told.group(1)));
        }
        return ports.containsKey(module);
    }
}
