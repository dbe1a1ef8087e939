package dev.landfall.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A mapping of a YAML file that knows on which lines its keys stand. */
public final class YamlMap extends LinkedHashMap<String, @Nullable Object> {
    private final String file;
    private final int line;
    private final transient Map<String, Integer> lines = new HashMap<>();

    YamlMap(String file, int line) {
        this.file = file;
        this.line = line;
    }

    /** An empty mapping in place of one that is missing. */
    public static YamlMap none(String file, int line) {
        return new YamlMap(file, line);
    }

    void put(String key, @Nullable Object value, int keyLine) {
        put(key, value);
        lines.put(key, keyLine);
    }

    /** As written in messages: relative to the project's root. */
    public String file() {
        return file;
    }

    /** Where the mapping begins, 1-based. */
    public int line() {
        return line;
    }

    /** Where the key stands, or where the mapping begins when there is no such key. */
    public int line(String key) {
        return lines.getOrDefault(key, line);
    }

    /** The text of a key; null when it is missing, null, or no scalar. */
    public @Nullable String text(String key) {
        Object value = get(key);
        return value == null || value instanceof Map || value instanceof List ? null : YamlFile.text(value);
    }

    public String text(String key, String otherwise) {
        String text = text(key);
        return text == null ? otherwise : text;
    }

    /** The mapping of a key; an empty one when it is missing or something else. */
    public YamlMap map(String key) {
        return get(key) instanceof YamlMap map ? map : new YamlMap(file, line(key));
    }

    /** The list of a key; an empty one when it is missing or something else. */
    public List<?> list(String key) {
        return get(key) instanceof List<?> list ? list : List.of();
    }

    /** The mappings in a key's list; anything else in it is told as a problem. */
    public List<YamlMap> maps(String key, Problems problems) {
        Object value = get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            problems.error(file, line(key), "'" + key + "' must be a list, each item beginning with '- '");
            return List.of();
        }
        List<YamlMap> maps = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof YamlMap map) {
                maps.add(map);
            } else if (item != null) {
                problems.error(file, line(key), "an item of '" + key + "' is " + item + ", not a mapping");
            }
        }
        return maps;
    }

    /** A copy in which each value was replaced, keys and lines kept. The function is given key and value. */
    public YamlMap transform(BiFunction<String, @Nullable Object, @Nullable Object> change) {
        YamlMap copy = new YamlMap(file, line);
        forEach((key, value) -> copy.put(key, change.apply(key, value), line(key)));
        return copy;
    }

    /** A copy with one key set, or taken away by null. */
    public YamlMap with(String key, @Nullable Object value) {
        YamlMap copy = transform((name, old) -> old);
        if (value == null) {
            copy.remove(key);
        } else {
            copy.put(key, value);
        }
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
