package dev.landfall.deploy;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Kubernetes' OpenAPI schema, as the model classes of its Java client state it: which fields there are, which are
 * required and what type each has. Reports every field that is unknown, missing or of another type, by its path.
 */
final class ApiSchema {
    private static final String MODELS = "io.kubernetes.client.openapi.models.";

    private final List<String> problems = new ArrayList<>();

    private ApiSchema() {}

    static List<String> problems(JsonNode resource) {
        ApiSchema schema = new ApiSchema();
        String group = resource.path("apiVersion").asString("");
        String version = group.substring(group.indexOf('/') + 1);
        String kind = resource.path("kind").asString("");
        try {
            Class<?> model = Class.forName(
                    MODELS + version.substring(0, 1).toUpperCase(Locale.ROOT) + version.substring(1) + kind);
            schema.check(model, resource, kind + " " + Kustomization.name(resource));
        } catch (ClassNotFoundException e) {
            schema.problems.add("no such kind: " + group + " " + kind);
        }
        return schema.problems;
    }

    private void check(Type type, JsonNode value, String path) {
        if (type instanceof ParameterizedType generic) {
            Type item = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == List.class && value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    check(item, value.get(i), path + "[" + i + "]");
                }
            } else if (generic.getRawType() == Map.class && value.isObject()) {
                value.properties().forEach(member -> check(item, member.getValue(), path + "." + member.getKey()));
            } else {
                wrong(type, value, path);
            }
        } else if (type instanceof Class<?> model && model.getName().startsWith(MODELS) && value.isObject()) {
            checkModel(model, value, path);
        } else if (!isA(type, value)) {
            wrong(type, value, path);
        }
    }

    private void checkModel(Class<?> model, JsonNode value, String path) {
        Set<String> known = new HashSet<>();
        for (Field field : model.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name != null && !Modifier.isStatic(field.getModifiers())) {
                known.add(name.value());
                if (value.has(name.value())) {
                    check(field.getGenericType(), value.path(name.value()), path + "." + name.value());
                }
            }
        }
        for (String name : value.propertyNames()) {
            if (!known.contains(name)) {
                problems.add(path + ": unknown field '" + name + "'");
            }
        }
        for (String name : required(model)) {
            if (!value.has(name)) {
                problems.add(path + ": missing field '" + name + "'");
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Set<String> required(Class<?> model) {
        try {
            return (Set<String>) model.getField("openapiRequiredFields").get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(model + " is not as its generator used to make it", e);
        }
    }

    private static boolean isA(Type type, JsonNode value) {
        if (type == Integer.class || type == Long.class) {
            return value.isIntegralNumber();
        }
        if (type == Boolean.class) {
            return value.isBoolean();
        }
        if (type == IntOrString.class) {
            return value.isIntegralNumber() || value.isString();
        }
        if (type == Quantity.class) {
            return value.asString("").matches("\\d+(\\.\\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?");
        }
        return value.isString();
    }

    private void wrong(Type type, JsonNode value, String path) {
        problems.add(path + ": " + value + " is not " + type.getTypeName());
    }
}
