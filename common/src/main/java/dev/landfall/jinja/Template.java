package dev.landfall.jinja;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A parsed template. It never changes, so that any number of threads may render it at the same time. */
public final class Template {
    private final String file;
    private final String source;
    private final Body body;
    private final List<Macro> macros;
    private final List<Block> snapshots;
    private final List<Block> docs;

    Template(String file, String source, Body body, List<Macro> macros, List<Block> snapshots, List<Block> docs) {
        this.file = file;
        this.source = source;
        this.body = body;
        this.macros = List.copyOf(macros);
        this.snapshots = List.copyOf(snapshots);
        this.docs = List.copyOf(docs);
    }

    /**
     * A template that is a whole file.
     *
     * @throws JinjaException on a syntax error
     */
    public static Template parse(String file, String source) {
        return parse(new Location(file, 1, 1), source, Limits.DEFAULT);
    }

    /**
     * A template inside of a file.
     *
     * @param start where in the file the source begins
     * @throws JinjaException on a syntax error
     */
    public static Template parse(Location start, String source, Limits limits) {
        return new TemplateParser(start, source, limits).parse();
    }

    public String file() {
        return file;
    }

    public String source() {
        return source;
    }

    /** The macros, tests and materializations that stand outside of other blocks, in order. */
    public List<Macro> macros() {
        return macros;
    }

    public List<Block> snapshots() {
        return snapshots;
    }

    public List<Block> docs() {
        return docs;
    }

    /**
     * The text. What the template sets stays in a child of the scope.
     *
     * @throws JinjaException with file and line
     */
    public String render(Scope scope) {
        return text(scope.child(Scope.Mode.TEXT));
    }

    /** As {@link #render}, but names that do not exist may be called and looked into: dbt's parse pass over models. */
    public String renderPermissive(Scope scope) {
        return text(scope.child(Scope.Mode.PERMISSIVE));
    }

    /** As {@link #renderPermissive(Scope)}; the listener hears of each call of what does not exist, and where it stands. */
    public String renderPermissive(Scope scope, BiConsumer<Undefined, Location> unknownCalls) {
        Scope own = scope.child(Scope.Mode.PERMISSIVE);
        own.listen(unknownCalls);
        return text(own);
    }

    private String text(Scope scope) {
        return Representation.str(run(scope, () -> {
            TextOutput output = new TextOutput();
            body.render(scope, output);
            return output.toString();
        }));
    }

    /**
     * The value when the template is one single expression, else the text: dbt's YAML strings. The filters as_bool,
     * as_number, as_native and as_text act here; elsewhere they change nothing.
     */
    public @Nullable Object renderNative(Scope scope) {
        Scope inner = scope.child(Scope.Mode.NATIVE);
        return run(inner, () -> {
            NativeOutput output = new NativeOutput();
            body.render(inner, output);
            return output.value();
        });
    }

    private @Nullable Object run(Scope scope, Budget.Work work) {
        try {
            return Budget.spend(scope.limits(), work);
        } catch (ReturnSignal outside) {
            throw new JinjaException("return() outside of a macro", new Location(file, 1, 1));
        } catch (JinjaException mistake) {
            throw mistake.at(new Location(file, 1, 1));
        }
    }
}
