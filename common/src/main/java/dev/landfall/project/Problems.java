package dev.landfall.project;

import dev.landfall.jinja.Location;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with a project, so that everything can be told at once. Safe for use by several threads. */
public final class Problems {
    private static final int TOLD_AT_MOST = 500;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    public void error(String file, int line, String message) {
        error(new Problem(file, line, message));
    }

    public void error(Location place, String message) {
        error(new Problem(place, message));
    }

    public synchronized void error(Problem problem) {
        add(errors, problem);
    }

    public void warn(String file, int line, String message) {
        warn(new Problem(file, line, message));
    }

    public void warn(Location place, String message) {
        warn(new Problem(place, message));
    }

    public synchronized void warn(Problem problem) {
        add(warnings, problem);
    }

    public void addAll(Problems others) {
        others.errors().forEach(this::error);
        others.warnings().forEach(this::warn);
    }

    private static void add(List<Problem> problems, Problem problem) {
        if (problems.size() < TOLD_AT_MOST && !problems.contains(problem)) {
            problems.add(problem);
        }
    }

    public synchronized boolean none() {
        return errors.isEmpty();
    }

    /** In the order of files, lines and columns. */
    public synchronized List<Problem> errors() {
        return sorted(errors);
    }

    /** In the order of files, lines and columns. */
    public synchronized List<Problem> warnings() {
        return sorted(warnings);
    }

    /** Ends the loading of a project that has errors.
     *
     * @throws InvalidProjectException if there was any error
     */
    public void throwIfAny() throws InvalidProjectException {
        List<Problem> all = errors();
        if (!all.isEmpty()) {
            throw new InvalidProjectException(all, warnings());
        }
    }

    private static List<Problem> sorted(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparing(Problem::file)
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column)
                        .thenComparing(Problem::message))
                .toList();
    }

    /** The known name that a wrong one most likely stands for: a letter or two apart, or one in four. */
    public static Optional<String> near(String wrong, Collection<String> known) {
        return nearest(wrong, known, wrong.length() < 5 ? 2 : Math.max(2, wrong.length() / 4) + 1);
    }

    /** @param bound edits that are too many */
    private static Optional<String> nearest(String wrong, Collection<String> known, int bound) {
        String best = null;
        int bestDistance = bound;
        for (String name : known) {
            int distance = distance(wrong, name, bestDistance + 1);
            if (distance < bestDistance || (distance == bestDistance && best != null && name.compareTo(best) < 0)) {
                best = name;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code ": did you mean 'orders'?"} when a name is near enough, else a list of a few, else nothing. */
    public static String nearest(String wrong, Collection<String> known) {
        Optional<String> best = nearest(wrong, known, Math.max(2, wrong.length() / 3) + 1);
        if (best.isPresent()) {
            return ": did you mean '" + best.get() + "'?";
        }
        if (known.isEmpty()) {
            return "";
        }
        List<String> sorted = known.stream().sorted().toList();
        return "; known: " + String.join(", ", sorted.subList(0, Math.min(8, sorted.size())))
                + (sorted.size() > 8 ? ", …" : "");
    }

    /** Edits that turn one into the other; {@code bound} when it takes that many or more. */
    private static int distance(String a, String b, int bound) {
        if (Math.abs(a.length() - b.length()) >= bound) {
            return bound;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return Math.min(bound, previous[b.length()]);
    }
}
