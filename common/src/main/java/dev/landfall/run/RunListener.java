package dev.landfall.run;

import dev.landfall.project.Node;

/** Hears of a one-shot command's progress; called from several threads. */
public interface RunListener {
    RunListener NONE = new RunListener() {};

    /**
     * A node begins.
     *
     * @param index 1-based, in the order of starting
     * @param total how many nodes the command has
     */
    default void started(Node node, int index, int total) {}

    default void finished(NodeResult result, int index, int total) {}
}
