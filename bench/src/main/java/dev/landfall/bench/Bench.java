package dev.landfall.bench;

/** One measurement of {@code make bench}; add yours to {@link Benches}. */
interface Bench {
    /** What {@code make bench BENCH=…} calls it: lower case, one word. */
    String name();

    /** Measures, and adds its rows to the report; its scratch files lie in {@code scratch.directory()}. */
    void run(Report report, Scratch scratch) throws Exception;
}
