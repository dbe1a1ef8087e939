package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.Callable;
import dev.landfall.jinja.HostObject;
import dev.landfall.jinja.JinjaException;
import dev.landfall.jinja.Location;
import dev.landfall.jinja.Python;
import dev.landfall.jinja.Undefined;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code config} in a template: collects when the project is parsed, answers when a model runs. */
final class ConfigValue implements HostObject, Callable {
    private final Subject subject;
    private final @Nullable Draft draft;

    /** @param draft where calls are written down while parsing, null when running */
    ConfigValue(Subject subject, @Nullable Draft draft) {
        this.subject = subject;
        this.draft = draft;
    }

    @Override
    public @Nullable Object call(Arguments arguments) {
        if (draft == null) {
            return "";
        }
        Map<?, ?> values = arguments.keyword();
        if (!arguments.positional().isEmpty()) {
            if (arguments.size() != 1 || !(arguments.positional().get(0) instanceof Map<?, ?> map)) {
                throw new JinjaException("config() takes named values, config(materialized='table'), or one mapping");
            }
            values = map;
        }
        write(draft, values, arguments.location());
        return "";
    }

    private static void write(Draft draft, Map<?, ?> values, @Nullable Location place) {
        if ((values.containsKey("pre_hook") && values.containsKey("pre-hook"))
                || (values.containsKey("post_hook") && values.containsKey("post-hook"))) {
            throw new JinjaException("config() names a hook twice, with '_' and with '-'");
        }
        ConfigMerge.apply(draft.config, values);
        if (place != null) {
            values.keySet().forEach(key -> draft.configPlaces.put(ConfigMerge.key(String.valueOf(key)), place));
        }
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "get" -> (Callable) this::get;
            case "require" -> (Callable) this::require;
            case "meta_get" -> (Callable) this::metaGet;
            case "meta_require" -> (Callable) this::metaRequire;
            case "set" -> (Callable) this::set;
            case "persist_relation_docs" -> (Callable) arguments -> persists("relation");
            case "persist_column_docs" -> (Callable) arguments -> persists("columns");
            case "model" -> subject.map().get();
            default ->
                Undefined.because(name, "config has no attribute '" + name + "'; ask config.get('" + name + "')");
        };
    }

    private @Nullable Object set(Arguments arguments) {
        if (draft != null) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put(arguments.text(0, "name"), arguments.require(1, "value"));
            write(draft, one, arguments.location());
        }
        return "";
    }

    private @Nullable Object get(Arguments arguments) {
        String key = arguments.text(0, "name");
        if (draft != null) {
            return "";
        }
        Object value = has(key) ? value(key) : arguments.get(1, "default");
        if (arguments.get(2, "validator") instanceof Callable validator && arguments.get(1, "default") != null) {
            validator.call(Arguments.of(value));
        }
        return value;
    }

    private @Nullable Object require(Arguments arguments) {
        String key = arguments.text(0, "name");
        if (draft != null) {
            return "";
        }
        if (!has(key)) {
            throw new JinjaException(
                    "Model '" + subject.uniqueId() + "' does not define a required config parameter '" + key + "'.");
        }
        if (arguments.get(1, "validator") instanceof Callable validator) {
            validator.call(Arguments.of(value(key)));
        }
        return value(key);
    }

    private @Nullable Object metaGet(Arguments arguments) {
        if (draft != null) {
            return "";
        }
        String key = arguments.text(0, "name");
        return subject.config().get("meta") instanceof Map<?, ?> meta && meta.containsKey(key)
                ? meta.get(key)
                : arguments.get(1, "default");
    }

    private @Nullable Object metaRequire(Arguments arguments) {
        Object value = metaGet(arguments);
        if (value == null) {
            throw new JinjaException("Model '" + subject.uniqueId() + "' does not define a required meta key '"
                    + arguments.text(0, "name") + "'.");
        }
        return value;
    }

    private boolean has(String key) {
        return subject.config().values().containsKey(ConfigMerge.key(key)) || ConfigMerge.known(subject.kind(), key);
    }

    private @Nullable Object value(String key) {
        return subject.config().get(ConfigMerge.key(key));
    }

    private boolean persists(String what) {
        return draft == null
                && subject.config().get("persist_docs") instanceof Map<?, ?> docs
                && Python.truth(docs.get(what));
    }

    @Override
    public String typeName() {
        return "RuntimeConfigObject";
    }
}
