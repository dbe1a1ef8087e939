package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** A node of the tree that has a value. Nodes never change, so that any number of threads may evaluate them. */
interface Expression {

    @Nullable
    Object evaluate(Scope scope);

    /**
     * Whether it consists of literals alone. The native rendering treats such a value as text, as jinja2 does because
     * it folds it into the text around it.
     */
    default boolean isConstant() {
        return false;
    }

    /** As the message about a wrong assignment target calls it. */
    default String kind() {
        return "expression";
    }
}
