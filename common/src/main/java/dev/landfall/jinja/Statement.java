package dev.landfall.jinja;

/** A node of the tree that writes. Nodes never change, so that any number of threads may render them. */
interface Statement {

    /** What comes after a statement. */
    enum Flow {
        NEXT,
        /** Leave the innermost loop. */
        BREAK,
        /** Go to the next pass of the innermost loop. */
        CONTINUE
    }

    Flow render(Scope scope, Output output);
}
