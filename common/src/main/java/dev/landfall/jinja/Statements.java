package dev.landfall.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements without a class of their own. */
final class Statements {
    private Statements() {}

    /** What stands between tags. */
    record Text(String text) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            output.text(text);
            return Flow.NEXT;
        }
    }

    /** {@code {{ value }}} */
    record Print(Location location, Expression value) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            try {
                Object printed = value.evaluate(scope);
                if (value.isConstant()) {
                    output.text(Representation.str(printed));
                } else {
                    output.print(printed);
                }
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
            return Flow.NEXT;
        }
    }

    /** One branch of an if. */
    record Branch(Expression condition, Body body) {}

    record If(Location location, List<Branch> branches, Body otherwise) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            for (Branch branch : branches) {
                if (isTrue(branch, scope)) {
                    return branch.body().render(scope, output);
                }
            }
            return otherwise.render(scope, output);
        }

        private boolean isTrue(Branch branch, Scope scope) {
            try {
                return Values.truth(branch.condition().evaluate(scope));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }
    }

    /** {@code {% set a = value %}} */
    record Set(Location location, Targets.Target target, Expression value) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            try {
                target.assign(scope, value.evaluate(scope));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
            return Flow.NEXT;
        }
    }

    /** {@code {% set a | filter %}…{% endset %}} */
    record SetBlock(Location location, Targets.Target target, List<Calls.FilterCall> filters, Body body)
            implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            Scope inner = scope.child();
            TextOutput captured = new TextOutput();
            Flow flow = body.render(inner, captured);
            if (flow == Flow.NEXT) {
                try {
                    target.assign(scope, apply(filters, inner, captured.toString()));
                } catch (JinjaException mistake) {
                    throw mistake.at(location);
                }
            }
            return flow;
        }
    }

    /** {@code {% filter a | b %}…{% endfilter %}} */
    record FilterBlock(Location location, List<Calls.FilterCall> filters, Body body) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            Scope inner = scope.child();
            TextOutput captured = new TextOutput();
            Flow flow = body.render(inner, captured);
            if (flow == Flow.NEXT) {
                try {
                    output.print(apply(filters, inner, captured.toString()));
                } catch (JinjaException mistake) {
                    throw mistake.at(location);
                }
            }
            return flow;
        }
    }

    private static @Nullable Object apply(List<Calls.FilterCall> filters, Scope scope, String text) {
        Object value = text;
        for (Calls.FilterCall filter : filters) {
            value = filter.apply(scope, value);
        }
        return value;
    }

    /** {@code {% do value %}} */
    record Do(Location location, Expression value) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            try {
                value.evaluate(scope);
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
            return Flow.NEXT;
        }
    }

    /** {@code {% with a = value %}…{% endwith %}} */
    record With(Location location, List<Targets.Target> targets, List<Expression> values, Body body)
            implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            Scope inner = scope.child();
            try {
                for (int index = 0; index < targets.size(); index++) {
                    targets.get(index).assign(inner, values.get(index).evaluate(scope));
                }
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
            return body.render(inner, output);
        }
    }

    /** Tags whose body sees everything and keeps what it sets: block, snapshot, autoescape. */
    record Section(Body body) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            return body.render(scope.child(), output);
        }
    }

    /** {@code {% break %}} and {@code {% continue %}} */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            return flow;
        }
    }

    /** {@code {% macro a() %}…{% endmacro %}} inside of a template: callable below under dbt's name for it. */
    record Define(MacroNode macro) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            scope.set(macro.internalName(), macro.bind(scope));
            return Flow.NEXT;
        }
    }

    /** {@code {% call(a) b(c) %}…{% endcall %}} */
    record CallBlock(Location location, Calls.Call call, MacroNode caller) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            try {
                output.print(call.evaluate(scope, caller.bind(scope)));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
            return Flow.NEXT;
        }
    }

    /** {@code {% include a %}} and its like: there is nothing to include from. */
    record Unavailable(Location location, String problem) implements Statement {
        @Override
        public Flow render(Scope scope, Output output) {
            throw new JinjaException(problem, location);
        }
    }
}
