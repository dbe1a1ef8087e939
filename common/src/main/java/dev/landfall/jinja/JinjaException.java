package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mistake in a template. Functions of the host throw it with the problem alone; the interpreter adds where the call
 * stands. {@code getMessage()} is {@code file:line: problem}.
 */
public class JinjaException extends RuntimeException {
    private final String problem;
    private final List<String> callers = new ArrayList<>();
    private @Nullable Location location;

    public JinjaException(String problem) {
        this(problem, (Location) null);
    }

    public JinjaException(String problem, @Nullable Location location) {
        super(problem);
        this.problem = problem;
        this.location = location;
    }

    public JinjaException(String problem, Throwable cause) {
        super(problem, cause);
        this.problem = problem;
    }

    /** What is wrong, in jinja2's words. */
    public String problem() {
        return problem;
    }

    public @Nullable Location location() {
        return location;
    }

    /** Empty when not known. */
    public String file() {
        return location == null ? "" : location.file();
    }

    /** 1-based; 0 when not known. */
    public int line() {
        return location == null ? 0 : location.line();
    }

    /** 1-based; 0 when not known. */
    public int column() {
        return location == null ? 0 : location.column();
    }

    /** The macros that were running, innermost first: {@code macro 'star' (macros/star.sql:3)}. */
    public List<String> callers() {
        return Collections.unmodifiableList(callers);
    }

    /** Says where, unless a place nearer to the mistake is known already. */
    JinjaException at(Location place) {
        if (location == null) {
            location = place;
        }
        return this;
    }

    JinjaException through(String caller) {
        callers.add(caller);
        return this;
    }

    @Override
    public String getMessage() {
        return location == null ? problem : location + ": " + problem;
    }
}
