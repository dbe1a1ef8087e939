package dev.landfall.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A macro as it stands in a file, not yet bound to the names that its body will see. */
public final class Macro {

    /** Which tag defined it. */
    public enum Kind {
        MACRO,
        TEST,
        MATERIALIZATION
    }

    /** One parameter. {@code required} when it has no default value; {@code type} as annotated, empty without. */
    public record Parameter(String name, boolean required, String type) {}

    private final Kind kind;
    private final String name;
    private final Location location;
    private final List<Parameter> parameters;
    private final String source;

    Macro(Kind kind, String name, Location location, List<Parameter> parameters, String source) {
        this.kind = kind;
        this.name = name;
        this.location = location;
        this.parameters = parameters;
        this.source = source;
    }

    public Kind kind() {
        return kind;
    }

    /** As dbt names it: {@code star}, {@code test_unique}, {@code materialization_table_default}. */
    public String name() {
        return name;
    }

    public String file() {
        return location.file();
    }

    public int line() {
        return location.line();
    }

    public Location location() {
        return location;
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    /** The text from the opening tag to the closing one. */
    public String source() {
        return source;
    }

    /**
     * The macro as something to call. Its body sees the names of {@code home}, not its caller's. The result is the text
     * that it renders, or what {@link ReturnSignal} carries.
     */
    public Callable bind(Scope home) {
        return arguments -> call(home, arguments);
    }

    private @Nullable Object call(Scope home, Arguments arguments) {
        throw new UnsupportedOperationException("the interpreter is on its way: " + home.mode() + arguments);
    }
}
