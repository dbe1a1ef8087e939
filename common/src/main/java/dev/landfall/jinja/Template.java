package dev.landfall.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed template. It never changes, so that any number of threads may render it at the same time. */
public final class Template {
    private final String file;
    private final String source;

    private Template(String file, String source) {
        this.file = file;
        this.source = source;
    }

    /**
     * A template that is a whole file.
     *
     * @throws JinjaException on a syntax error
     */
    public static Template parse(String file, String source) {
        return parse(file, 1, source, Limits.DEFAULT);
    }

    /**
     * A template inside of a file.
     *
     * @param firstLine the line of the file on which the source begins, 1-based
     * @throws JinjaException on a syntax error
     */
    public static Template parse(String file, int firstLine, String source, Limits limits) {
        return new Template(file, source);
    }

    public String file() {
        return file;
    }

    public String source() {
        return source;
    }

    /** The macros, tests and materializations that stand outside of other blocks, in order. */
    public List<Macro> macros() {
        return List.of();
    }

    public List<Block> snapshots() {
        return List.of();
    }

    public List<Block> docs() {
        return List.of();
    }

    /**
     * The text. What the template sets stays in a child of the scope.
     *
     * @throws JinjaException with file and line
     */
    public String render(Scope scope) {
        return plainText(scope);
    }

    /** As {@link #render}, but names that do not exist may be called and looked into: dbt's parse pass over models. */
    public String renderPermissive(Scope scope) {
        return plainText(scope);
    }

    /**
     * The value when the template is one single expression, else the text: dbt's YAML strings. The filters as_bool,
     * as_number, as_native and as_text act here; elsewhere they change nothing.
     */
    public @Nullable Object renderNative(Scope scope) {
        return plainText(scope);
    }

    private String plainText(Scope scope) {
        if (source.contains("{{") || source.contains("{%")) {
            throw new UnsupportedOperationException("the interpreter is on its way: " + file + ", " + scope.mode());
        }
        return source;
    }
}
