package dev.landfall.jinja;

import java.util.List;

/** Statements one after the other. */
record Body(List<Statement> statements) implements Statement {
    static final Body EMPTY = new Body(List.of());

    @Override
    public Flow render(Scope scope, Output output) {
        Budget budget = Budget.current();
        for (Statement statement : statements) {
            budget.step();
            Flow flow = statement.render(scope, output);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    /** What the statements write, as a text of its own. */
    String capture(Scope scope) {
        TextOutput output = new TextOutput();
        render(scope, output);
        return output.toString();
    }
}
