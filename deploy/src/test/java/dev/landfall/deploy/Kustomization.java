package dev.landfall.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code kustomize build} makes of a directory: of kustomize's language the part that our files use, and an error
 * for every other key, so that what is checked here is what is applied. Generated names get no hash.
 */
final class Kustomization {
    private static final Set<String> KNOWN = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "resources",
            "components",
            "labels",
            "configMapGenerator",
            "patches",
            "images");

    private final List<ObjectNode> resources = new ArrayList<>();

    private Kustomization() {}

    /** Builds a directory, and adds components to what comes of it. */
    static List<ObjectNode> build(Path directory, Path... components) {
        Kustomization built = new Kustomization();
        built.add(directory);
        Stream.of(components).forEach(built::add);
        return built.resources;
    }

    private void add(Path directory) {
        JsonNode file = Repository.yaml(directory.resolve("kustomization.yaml"));
        if (!KNOWN.containsAll(file.propertyNames())) {
            throw new IllegalArgumentException(directory + ": knows " + KNOWN + ", found " + file.propertyNames());
        }
        for (JsonNode resource : file.path("resources")) {
            Path path = directory.resolve(resource.asString()).normalize();
            if (Files.isDirectory(path)) {
                resources.addAll(build(path));
            } else {
                Repository.yamlDocuments(path).forEach(document -> resources.add((ObjectNode) document));
            }
        }
        file.path("configMapGenerator").forEach(this::generate);
        file.path("components")
                .forEach(
                        component -> add(directory.resolve(component.asString()).normalize()));
        file.path("patches").forEach(patch -> patch(directory, patch));
        file.path("labels").forEach(this::label);
        file.path("images").forEach(this::tag);
        if (file.has("namespace")) {
            resources.stream()
                    .filter(resource -> !resource.path("kind").asString().equals("Namespace"))
                    .forEach(resource -> resource.withObject("/metadata").set("namespace", file.get("namespace")));
        }
    }

    private void generate(JsonNode generator) {
        String name = generator.path("name").asString();
        if (!generator.path("behavior").asString("").equals("merge")) {
            ObjectNode made =
                    Repository.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
            made.withObject("/metadata").put("name", name);
            resources.add(made);
        }
        ObjectNode data = resources.stream()
                .filter(resource -> resource.path("kind").asString().equals("ConfigMap") && name.equals(name(resource)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no ConfigMap " + name + " to merge into"))
                .withObject("/data");
        for (JsonNode literal : generator.path("literals")) {
            String[] keyAndValue = literal.asString().split("=", 2);
            data.put(keyAndValue[0], keyAndValue[1]);
        }
    }

    private void patch(Path directory, JsonNode patch) {
        JsonNode target = patch.path("target");
        List<ObjectNode> targets =
                resources.stream().filter(resource -> matches(resource, target)).toList();
        if (targets.isEmpty()) {
            throw new IllegalArgumentException(directory + ": nothing is " + target);
        }
        JsonNode operations =
                Repository.yaml(directory.resolve(patch.path("path").asString()));
        for (ObjectNode resource : targets) {
            operations.forEach(operation -> apply(resource, operation));
        }
    }

    private static boolean matches(ObjectNode resource, JsonNode target) {
        String[] label = target.path("labelSelector").asString("=").split("=", 2);
        return target.path("kind").equals(resource.path("kind"))
                && name(resource).matches(target.path("name").asString(".*"))
                && (label[0].isEmpty()
                        || label[1].equals(
                                resource.at("/metadata/labels").path(label[0]).asString("")));
    }

    /** One operation of RFC 6902; like kustomize it makes no parents. */
    private static void apply(ObjectNode resource, JsonNode operation) {
        String path = operation.path("path").asString();
        JsonNode parent = resource.at(path.substring(0, path.lastIndexOf('/')));
        String last =
                path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
        JsonNode value = operation.path("value").deepCopy();
        String op = operation.path("op").asString();
        if (parent instanceof ArrayNode items && op.equals("add") && last.equals("-")) {
            items.add(value);
        } else if (parent instanceof ArrayNode items && op.equals("replace")) {
            items.set(Integer.parseInt(last), value);
        } else if (parent instanceof ObjectNode object && (op.equals("add") || object.has(last))) {
            if (op.equals("remove")) {
                object.remove(last);
            } else {
                object.set(last, value);
            }
        } else {
            throw new IllegalArgumentException("cannot " + op + " " + path + " in " + name(resource));
        }
    }

    private void label(JsonNode label) {
        ObjectNode pairs = (ObjectNode) label.path("pairs");
        for (ObjectNode resource : resources) {
            resource.withObject("/metadata/labels").setAll(pairs);
            if (label.path("includeTemplates").asBoolean(false)
                    && resource.at("/spec").has("template")) {
                resource.withObject("/spec/template/metadata/labels").setAll(pairs);
            }
        }
    }

    private void tag(JsonNode image) {
        for (JsonNode container : containers(resources)) {
            if (image.path("name").equals(container.path("image"))) {
                String name = image.path("newName").asString(image.path("name").asString());
                ((ObjectNode) container)
                        .put("image", name + ":" + image.path("newTag").asString());
            }
        }
    }

    static String name(JsonNode resource) {
        return resource.at("/metadata/name").asString();
    }

    /** Every pod template. */
    static List<JsonNode> pods(List<ObjectNode> resources) {
        return resources.stream()
                .map(resource -> resource.at("/spec/template"))
                .filter(JsonNode::isObject)
                .toList();
    }

    /** Every container of every pod template, those that start first included. */
    static List<JsonNode> containers(List<ObjectNode> resources) {
        return pods(resources).stream().flatMap(Kustomization::containers).toList();
    }

    static Stream<JsonNode> containers(JsonNode pod) {
        return Stream.concat(
                pod.at("/spec/initContainers").valueStream(),
                pod.at("/spec/containers").valueStream());
    }
}
