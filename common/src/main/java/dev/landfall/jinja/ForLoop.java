package dev.landfall.jinja;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** {@code {% for target in iterable if condition recursive %}…{% else %}…{% endfor %}} */
record ForLoop(
        Location location,
        Targets.Target target,
        Expression iterable,
        @Nullable Expression condition,
        boolean recursive,
        Body body,
        Body otherwise)
        implements Statement {

    @Override
    public Flow render(Scope scope, Output output) {
        try {
            run(scope, output, iterable.evaluate(scope), 0);
        } catch (JinjaException mistake) {
            throw mistake.at(location);
        }
        return Flow.NEXT;
    }

    private void run(Scope scope, Output output, @Nullable Object value, int depth) {
        Loop loop = new Loop(
                condition == null ? value : null,
                elements(scope, value),
                depth,
                recursive ? inner -> runInner(scope, inner, depth + 1) : null);
        boolean completed = false;
        Budget budget = Budget.current();
        while (loop.advance()) {
            budget.step();
            Scope pass = scope.child();
            pass.set("loop", loop);
            target.assign(pass, loop.item());
            Flow flow = body.render(pass, output);
            if (flow == Flow.BREAK) {
                break;
            }
            // a pass that is cut short does not count, which is jinja2's way
            completed = completed || flow == Flow.NEXT;
        }
        if (!completed) {
            otherwise.render(scope.child(), output);
        }
    }

    /** Only as far as the loop goes, so that the condition sees what the body did. */
    private Iterator<? extends @Nullable Object> elements(Scope scope, @Nullable Object value) {
        Iterator<? extends @Nullable Object> all = Values.elements(value).iterator();
        Expression test = condition;
        if (test == null) {
            return all;
        }
        return new FilteringIterator(all, element -> {
            Scope inner = scope.child();
            target.assign(inner, element);
            return Values.truth(test.evaluate(inner));
        });
    }

    private String runInner(Scope scope, @Nullable Object value, int depth) {
        Budget budget = Budget.current();
        budget.enterMacro("loop");
        try {
            TextOutput output = new TextOutput();
            run(scope, output, value, depth);
            return output.toString();
        } finally {
            budget.leaveMacro();
        }
    }
}
