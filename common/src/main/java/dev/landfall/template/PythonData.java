package dev.landfall.template;

import dev.landfall.project.Problems;
import dev.landfall.project.YamlFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON and YAML as values of templates. */
final class PythonData {
    /** What cannot be read. */
    static final Object NOTHING = new Object();

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PythonData() {}

    static @Nullable Object fromJson(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JacksonException e) {
            return NOTHING;
        }
    }

    static @Nullable Object fromYaml(String text) {
        Problems problems = new Problems();
        Object value = YamlFile.value("fromyaml", text, problems);
        return problems.none() ? value : NOTHING;
    }

    static String toYaml(@Nullable Object value, boolean sorted) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setAllowUnicode(true);
        options.setIndicatorIndent(0);
        return new Yaml(options).dump(plain(value, sorted));
    }

    private static @Nullable Object plain(@Nullable Object value, boolean sorted) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = sorted ? new TreeMap<>() : new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), plain(item, sorted)));
            return copy;
        }
        if (value instanceof Iterable<?> items) {
            List<@Nullable Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(plain(item, sorted)));
            return copy;
        }
        return value == null || value instanceof Boolean || value instanceof Number ? value : value.toString();
    }
}
