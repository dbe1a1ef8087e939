package dev.landfall.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** jinja's {@code namespace()}: attributes that a template may set from within a loop. */
public final class Namespace implements HostObject {
    private final Map<String, @Nullable Object> attributes;

    public Namespace(Map<String, ? extends @Nullable Object> attributes) {
        this.attributes = new LinkedHashMap<>(attributes);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return attributes.containsKey(name) ? attributes.get(name) : Undefined.of(name);
    }

    public void set(String name, @Nullable Object value) {
        attributes.put(name, value);
    }

    @Override
    public String typeName() {
        return "Namespace";
    }

    @Override
    public String toString() {
        return "<Namespace " + Python.repr(attributes) + ">";
    }
}
