package dev.landfall.deploy;

import static dev.landfall.deploy.Kustomization.containers;
import static dev.landfall.deploy.Kustomization.name;
import static dev.landfall.deploy.Kustomization.pods;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class KubernetesTest {
    private static final Path KUBERNETES = Repository.ROOT.resolve("deploy/kubernetes");

    static Stream<Arguments> deployments() {
        return Stream.of(
                Arguments.of("base", build("base")),
                Arguments.of("minimal", build("overlays/minimal")),
                Arguments.of("ducklake", build("overlays/ducklake")),
                Arguments.of("minimal from git", build("overlays/minimal", "project-git-sync")),
                Arguments.of("minimal with mTLS", build("overlays/minimal", "kafka-mtls")),
                Arguments.of("minimal on MSK", build("overlays/minimal", "kafka-msk-scram")),
                Arguments.of("backfill", build("jobs/backfill")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deployments")
    void keepsToTheApiSchema(String deployment, List<ObjectNode> resources) {
        assertThat(resources).isNotEmpty().flatMap(ApiSchema::problems).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deployments")
    void namesOnlyWhatItBrings(String deployment, List<ObjectNode> resources) {
        List<String> missing = new ArrayList<>();
        for (JsonNode pod : pods(resources)) {
            Set<String> volumes = names(pod.at("/spec/volumes"));
            containers(pod).forEach(container -> {
                container.path("envFrom").forEach(source -> {
                    require(resources, "ConfigMap", source.at("/configMapRef"), "name", missing);
                });
                container.path("volumeMounts").forEach(mount -> {
                    if (!volumes.contains(text(mount, "name"))) {
                        missing.add("volume " + mount);
                    }
                });
                Set<String> ports = names(container.path("ports"));
                container.findValues("httpGet").forEach(probe -> {
                    if (probe.path("port").isString() && !ports.contains(text(probe, "port"))) {
                        missing.add("port of " + probe);
                    }
                });
            });
            pod.at("/spec/volumes").forEach(volume -> {
                require(resources, "PersistentVolumeClaim", volume.path("persistentVolumeClaim"), "claimName", missing);
            });
            if (!deployment.equals("backfill")) {
                require(resources, "ServiceAccount", pod.path("spec"), "serviceAccountName", missing);
            }
        }
        of(resources, "HorizontalPodAutoscaler").forEach(scaler -> {
            JsonNode target = scaler.at("/spec/scaleTargetRef");
            require(resources, text(target, "kind"), target, "name", missing);
        });

        assertThat(missing).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deployments")
    void selectsPodsThatExist(String deployment, List<ObjectNode> resources) {
        Map<String, String> selectors = Map.of(
                "Deployment", "/spec/selector/matchLabels",
                "PodDisruptionBudget", "/spec/selector/matchLabels",
                "NetworkPolicy", "/spec/podSelector/matchLabels",
                "Service", "/spec/selector");

        for (ObjectNode resource : resources) {
            String pointer = selectors.get(text(resource, "kind"));
            if (pointer != null) {
                assertThat(pods(resources))
                        .as("%s %s", resource.get("kind"), name(resource))
                        .anyMatch(pod -> pod.at("/metadata/labels")
                                .properties()
                                .containsAll(resource.at(pointer).properties()));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deployments")
    void runsEveryContainerWithoutPrivileges(String deployment, List<ObjectNode> resources) {
        assertThat(pods(resources)).isNotEmpty().allSatisfy(pod -> {
            assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean(false))
                    .isTrue();
            assertThat(pod.at("/spec/securityContext/seccompProfile/type").asString(""))
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true))
                    .isFalse();
        });
        assertThat(containers(resources)).allSatisfy(container -> {
            JsonNode context = container.path("securityContext");
            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(context.path("readOnlyRootFilesystem").asBoolean(false)).isTrue();
            assertThat(context.at("/capabilities/drop/0").asString("")).isEqualTo("ALL");
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deployments")
    void pinsEveryImage(String deployment, List<ObjectNode> resources) {
        assertThat(containers(resources))
                .allSatisfy(
                        container -> assertThat(text(container, "image")).matches("[a-z0-9./-]+:v?\\d+\\.\\d+\\.\\d+"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deployments")
    void asksForTheMemoryThatItMayUse(String deployment, List<ObjectNode> resources) {
        assertThat(containers(resources)).allSatisfy(container -> {
            String memory = container.at("/resources/limits/memory").asString();
            assertThat(container.at("/resources/requests/memory").asString()).isEqualTo(memory);
            assertThat(container.at("/resources/requests").has("cpu")).isTrue();

            double heap = 0.25 * megabytes(memory);
            double duckDb = container
                    .path("env")
                    .valueStream()
                    .filter(variable -> text(variable, "name").equals("LANDFALL_WAREHOUSE_MEMORY_LIMIT"))
                    .mapToDouble(variable -> megabytes(text(variable, "value")))
                    .sum();
            assertThat(heap + duckDb)
                    .as("heap and DuckDB leave a tenth of %s for the overheads of both", memory)
                    .isLessThan(0.9 * megabytes(memory));
        });
    }

    @Test
    void givesTheHeapTheShareThatTheMemoryTestAssumes() {
        assertThat(Repository.text("deploy/image/jvm.options")).contains("-XX:MaxRAMPercentage=25\n");
    }

    @Test
    void holdsBothRunnersOfAFileToOneHostAndOnePodEach() {
        List<ObjectNode> onTheFile = of(build("overlays/minimal"), "Deployment").stream()
                .filter(deployment -> !deployment.findValues("claimName").isEmpty())
                .toList();

        assertThat(onTheFile).extracting(Kustomization::name).containsExactlyInAnyOrder("core-runner", "mart-runner");
        assertThat(onTheFile).allSatisfy(deployment -> {
            assertThat(deployment.at("/spec/replicas").asInt()).isOne();
            assertThat(deployment.at("/spec/strategy/type").asString("")).isEqualTo("Recreate");
            assertThat(deployment.findValuesAsString("topologyKey")).containsExactly("kubernetes.io/hostname");
        });
    }

    private static List<ObjectNode> build(String directory, String... components) {
        return Kustomization.build(
                KUBERNETES.resolve(directory),
                Stream.of(components)
                        .map(component -> KUBERNETES.resolve("components").resolve(component))
                        .toArray(Path[]::new));
    }

    private static void require(
            List<ObjectNode> resources, String kind, JsonNode reference, String key, List<String> missing) {
        if (reference.has(key)
                && !reference.path("optional").asBoolean(false)
                && of(resources, kind).stream()
                        .noneMatch(resource -> name(resource).equals(text(reference, key)))) {
            missing.add(kind + " " + reference.path(key));
        }
    }

    private static List<ObjectNode> of(List<ObjectNode> resources, String kind) {
        return resources.stream()
                .filter(resource -> text(resource, "kind").equals(kind))
                .toList();
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }

    private static Set<String> names(JsonNode items) {
        return items.valueStream().map(item -> text(item, "name")).collect(Collectors.toSet());
    }

    private static double megabytes(String quantity) {
        double number = Double.parseDouble(quantity.replaceAll("[A-Za-z]", ""));
        return switch (quantity.replaceAll("[0-9.]", "")) {
            case "Gi" -> number * 1073.7;
            case "Mi" -> number * 1.0486;
            case "GB" -> number * 1000;
            case "MB" -> number;
            default -> throw new IllegalArgumentException(quantity);
        };
    }
}
