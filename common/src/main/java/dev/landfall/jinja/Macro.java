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

    /**
     * One parameter.
     *
     * @param required when it has no default value
     * @param type as annotated; empty without
     */
    public record Parameter(String name, boolean required, String type) {}

    private final Kind kind;
    private final String name;
    private final MacroNode node;
    private final String source;
    private final List<Parameter> parameters;
    /** The set statements of the file outside of macros: the macro sees what they set. */
    private final List<Statement> fileLevel;

    Macro(Kind kind, String name, MacroNode node, String source, List<Statement> fileLevel) {
        this.kind = kind;
        this.name = name;
        this.node = node;
        this.source = source;
        this.fileLevel = fileLevel;
        this.parameters = node.parameters().stream()
                .map(parameter -> new Parameter(parameter.name(), parameter.otherwise() == null, parameter.type()))
                .toList();
    }

    public Kind kind() {
        return kind;
    }

    /** As dbt names it: {@code star}, {@code test_unique}, {@code materialization_table_default}. */
    public String name() {
        return name;
    }

    public String file() {
        return node.location().file();
    }

    public int line() {
        return node.location().line();
    }

    public Location location() {
        return node.location();
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
        return new Bound(this, home);
    }

    private @Nullable Object call(Scope home, Arguments arguments) {
        Scope file = home;
        try {
            if (!fileLevel.isEmpty()) {
                file = home.child();
                new Body(fileLevel).render(file, new TextOutput());
            }
            return node.call(file, arguments);
        } catch (ReturnSignal signal) {
            return signal.value();
        } catch (JinjaException mistake) {
            throw mistake.through("macro '" + name + "' (" + node.location() + ")");
        }
    }

    private record Bound(Macro macro, Scope home) implements BuiltIn, TypedValue {
        @Override
        public @Nullable Object call(Arguments arguments) {
            return Budget.spend(home.limits(), () -> macro.call(home, arguments));
        }

        @Override
        public String typeName() {
            return "MacroGenerator";
        }

        @Override
        public String toString() {
            return "<macro " + macro.name + ">";
        }
    }
}
