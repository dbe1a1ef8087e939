package dev.landfall.project;

import dev.landfall.jinja.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A mapping of a YAML file that knows where its keys and values stand. */
public final class YamlMap extends LinkedHashMap<String, @Nullable Object> {
    private record Marks(Location key, Location value) {}

    private final transient Location place;
    private final transient Map<String, Marks> marks = new HashMap<>();

    YamlMap(Location place) {
        this.place = place;
    }

    /** An empty mapping in place of one that is missing. */
    public static YamlMap none(String file, int line) {
        return new YamlMap(new Location(file, line, 1));
    }

    void put(String key, @Nullable Object value, Location keyAt, Location valueAt) {
        put(key, value);
        marks.put(key, new Marks(keyAt, valueAt));
    }

    /** As written in messages: relative to the project's root. */
    public String file() {
        return place.file();
    }

    /** Where the mapping begins. */
    public Location place() {
        return place;
    }

    /** Where the key stands, or where the mapping begins when there is no such key. */
    public Location at(String key) {
        Marks known = marks.get(key);
        return known == null ? place : known.key();
    }

    /** Where the key's value begins, or where the mapping begins when there is no such key. */
    public Location valueAt(String key) {
        Marks known = marks.get(key);
        return known == null ? place : known.value();
    }

    /** Where an item of the key's list begins. */
    public Location itemAt(String key, int index) {
        return get(key) instanceof YamlList list ? list.at(index) : valueAt(key);
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
        return get(key) instanceof YamlMap map ? map : new YamlMap(at(key));
    }

    /** As {@link #map(String)}; something else than a mapping is told as a problem. */
    public YamlMap map(String key, Problems problems) {
        Object value = get(key);
        if (value != null && !(value instanceof YamlMap)) {
            problems.error(valueAt(key), "'" + key + "' must hold keys and values, but holds " + YamlFile.kind(value));
        }
        return map(key);
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
            problems.error(
                    valueAt(key),
                    "'" + key + "' must be a list, each item beginning with '- ', but is " + YamlFile.kind(value));
            return List.of();
        }
        List<YamlMap> maps = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Object item = list.get(i);
            if (item instanceof YamlMap map) {
                maps.add(map);
            } else if (item != null) {
                problems.error(
                        itemAt(key, i),
                        "an item of '" + key + "' must hold keys and values, but holds " + YamlFile.kind(item));
            }
        }
        return maps;
    }

    /** A copy in which each value was replaced, keys and places kept. The function is given key and value. */
    public YamlMap transform(BiFunction<String, @Nullable Object, @Nullable Object> change) {
        YamlMap copy = new YamlMap(place);
        forEach((key, value) -> copy.put(key, change.apply(key, value)));
        copy.marks.putAll(marks);
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
