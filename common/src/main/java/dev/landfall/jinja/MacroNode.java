package dev.landfall.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a macro, or of what a call block hands over.
 *
 * @param name null for a call block
 * @param uses which of the names caller, varargs and kwargs the body reads without setting them
 */
record MacroNode(
        @Nullable String name, Location location, List<ParameterNode> parameters, Set<String> uses, Body body) {

    /** One parameter with its default value, if it has one. */
    record ParameterNode(String name, @Nullable Expression otherwise, String type) {}

    /** dbt renames macros so that a template does not see its own ones under their names. */
    String internalName() {
        return "dbt_macro__" + name;
    }

    /** Callable with the names of this scope, without the handling of {@code return}. */
    BuiltIn bind(Scope home) {
        return arguments -> call(home, arguments);
    }

    String call(Scope home, Arguments arguments) {
        Budget budget = Budget.current();
        budget.enterMacro(name == null ? "caller" : name);
        try {
            Scope scope = home.child();
            bindArguments(scope, arguments);
            return body.capture(scope);
        } finally {
            budget.leaveMacro();
        }
    }

    private void bindArguments(Scope scope, Arguments arguments) {
        List<@Nullable Object> positional = arguments.positional();
        Map<String, @Nullable Object> keyword = new LinkedHashMap<>(arguments.keyword());
        boolean callerIsParameter = false;
        for (int index = 0; index < parameters.size(); index++) {
            ParameterNode parameter = parameters.get(index);
            callerIsParameter |= parameter.name.equals("caller");
            if (index < positional.size()) {
                scope.set(parameter.name, positional.get(index));
            } else if (keyword.containsKey(parameter.name)) {
                scope.set(parameter.name, keyword.remove(parameter.name));
            } else {
                scope.set(parameter.name, otherwise(scope, parameter));
            }
        }
        if (!callerIsParameter && uses.contains("caller")) {
            Object caller = keyword.remove("caller");
            scope.set("caller", caller == null ? Undefined.because("caller", "No caller defined") : caller);
        }
        if (uses.contains("kwargs") && !isParameter("kwargs")) {
            scope.set("kwargs", new LinkedHashMap<Object, @Nullable Object>(keyword));
        } else if (!keyword.isEmpty()) {
            throw tooManyKeywords(keyword);
        }
        int expected = parameters.size();
        if (uses.contains("varargs") && !isParameter("varargs")) {
            scope.set(
                    "varargs",
                    positional.size() > expected
                            ? PyTuple.copyOf(positional.subList(expected, positional.size()))
                            : PyTuple.EMPTY);
        } else if (positional.size() > expected) {
            throw new JinjaException("macro " + quotedName() + " takes not more than " + expected + " argument(s)");
        }
    }

    private boolean isParameter(String wanted) {
        return parameters.stream().anyMatch(parameter -> parameter.name.equals(wanted));
    }

    private @Nullable Object otherwise(Scope scope, ParameterNode parameter) {
        Expression expression = parameter.otherwise;
        if (expression != null) {
            return expression.evaluate(scope);
        }
        return Undefined.because(parameter.name, "parameter '" + parameter.name + "' was not provided");
    }

    private JinjaException tooManyKeywords(Map<String, @Nullable Object> keyword) {
        if (keyword.containsKey("caller")) {
            return new JinjaException("macro " + quotedName() + " was invoked with two values for the special caller"
                    + " argument. This is most likely a bug.");
        }
        String first = keyword.keySet().iterator().next();
        return new JinjaException("macro " + quotedName() + " takes no keyword argument '" + first + "'");
    }

    private String quotedName() {
        return name == null ? "None" : "'" + internalName() + "'";
    }
}
