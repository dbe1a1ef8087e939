package dev.landfall.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs two ways of doing the same in turns, so that a machine that is slow for a while is slow for both; which of them
 * goes first changes from pair to pair.
 */
final class Pairs {
    static final int ENOUGH = 9;

    private Pairs() {}

    /** One way of doing it. */
    @FunctionalInterface
    interface Way {
        /**
         * Does it once.
         *
         * @param number of the pair: 0 for one that warms up and is not counted, then 1 and on
         */
        void run(int number, Stopwatch watch) throws Exception;
    }

    /** Runs one pair to warm up, then {@link #ENOUGH} that count. */
    static Comparison run(Way baseline, Way subject) throws Exception {
        return run(ENOUGH, baseline, subject);
    }

    static Comparison run(int pairs, Way baseline, Way subject) throws Exception {
        List<Cost> baselines = new ArrayList<>();
        List<Cost> subjects = new ArrayList<>();
        for (int number = 0; number <= pairs; number++) {
            Stopwatch ofBaseline = new Stopwatch();
            Stopwatch ofSubject = new Stopwatch();
            if (number % 2 == 0) {
                baseline.run(number, ofBaseline);
                subject.run(number, ofSubject);
            } else {
                subject.run(number, ofSubject);
                baseline.run(number, ofBaseline);
            }
            if (number > 0) {
                baselines.add(ofBaseline.cost());
                subjects.add(ofSubject.cost());
            }
        }
        return new Comparison(baselines, subjects);
    }
}
