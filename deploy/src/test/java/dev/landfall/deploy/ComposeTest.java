package dev.landfall.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ComposeTest {
    private static final JsonNode COMPOSE = Repository.yaml(Repository.ROOT.resolve("docker-compose.yml"));
    private static final String DOCKERFILE = Repository.text("deploy/Dockerfile");

    @Test
    void pinsEveryImage() {
        Pattern pinned =
                Pattern.compile("(\\$\\{[A-Z0-9_]+:-)?[a-z0-9./-]+:(\\$\\{LANDFALL_VERSION:-)?v?\\d+(\\.\\d+)+}?");

        assertThat(COMPOSE.path("services"))
                .allSatisfy(
                        service -> assertThat(service.path("image").asString()).matches(pinned));
    }

    @Test
    void pinsTheBasesOfTheImages() {
        assertThat(Pattern.compile("(?m)^ARG J(DK|RE)_IMAGE=(.*)$")
                        .matcher(DOCKERFILE)
                        .results()
                        .map(base -> base.group(2)))
                .hasSize(2)
                .allSatisfy(
                        image -> assertThat(image).matches("eclipse-temurin:25\\.\\d+\\.\\d+_\\d+-(jdk|jre)-noble"));
    }

    @Test
    void buildsStagesThatTheDockerfileHas() {
        Set<String> stages = Pattern.compile("(?m)^FROM \\S+ AS (\\S+)$")
                .matcher(DOCKERFILE)
                .results()
                .map(stage -> stage.group(1))
                .collect(Collectors.toSet());

        assertThat(COMPOSE.path("services").findValuesAsString("target"))
                .isNotEmpty()
                .allMatch(stages::contains);
    }

    @Test
    void endsEveryImageAsAUserWithoutRights() {
        for (String image : Set.of("sensor-service", "core-runner", "mart-runner", "landfall")) {
            String stage = DOCKERFILE.substring(DOCKERFILE.indexOf(" AS " + image + "\n"));
            int end = stage.indexOf("\nFROM ");
            assertThat(end < 0 ? stage : stage.substring(0, end)).contains("\nUSER 10001:10001\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "ducklake", "observability", "localstack"})
    void isAWholeStackUnderEachProfile(String profile) {
        Map<String, JsonNode> services = COMPOSE.path("services").properties().stream()
                .filter(service -> service.getValue().path("profiles").isMissingNode()
                        || service.getValue()
                                .path("profiles")
                                .valueStream()
                                .anyMatch(name -> name.asString().equals(profile)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        Set<String> names = new TreeSet<>(services.keySet());
        services.values()
                .forEach(service -> service.path("networks")
                        .findValues("aliases")
                        .forEach(aliases -> aliases.forEach(alias -> names.add(alias.asString()))));
        assertThat(names).contains("kafka", "s3", "demo-data", "sensor-service", "core-runner", "mart-runner");
        assertThat(services.values())
                .allSatisfy(service ->
                        assertThat(service.path("depends_on").propertyNames()).allMatch(services::containsKey));
        assertThat(services.keySet().stream().filter(name -> name.startsWith("core-runner")))
                .hasSize(1);
    }

    @Test
    void mountsOnlyVolumesThatItDeclaresAndFilesThatExist() {
        for (JsonNode service : COMPOSE.path("services")) {
            for (JsonNode mount : service.path("volumes")) {
                String source = mount.asString().substring(0, mount.asString().indexOf(':'));
                assertThat(source)
                        .satisfiesAnyOf(
                                path -> assertThat(Repository.ROOT.resolve(path))
                                        .exists(),
                                volume -> assertThat(COMPOSE.path("volumes").has(volume))
                                        .isTrue());
            }
        }
    }

    @Test
    void startsTheFileWarehouseWhenNoProfileIsNamed() {
        assertThat(Repository.text(".env").lines()).contains("COMPOSE_PROFILES=file");
    }

    @Test
    void scrapesEveryService() {
        Set<String> scraped = Pattern.compile("([a-z-]+):8081")
                .matcher(Repository.text("deploy/observability/prometheus.yml"))
                .results()
                .map((MatchResult target) -> target.group(1))
                .collect(Collectors.toSet());

        assertThat(scraped).containsExactlyInAnyOrder("sensor-service", "core-runner", "mart-runner");
    }
}
