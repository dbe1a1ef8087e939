package dev.landfall.graph;

import java.util.List;

/** Nodes that wait for one another, so that none can be built. */
public final class CyclicGraphException extends RuntimeException {
    private final List<String> path;

    public CyclicGraphException(List<String> path) {
        super("cycle: " + String.join(" → ", path));
        this.path = List.copyOf(path);
    }

    /** Unique ids along the cycle, each feeding the next; the first stands at the end again. */
    public List<String> path() {
        return path;
    }
}
