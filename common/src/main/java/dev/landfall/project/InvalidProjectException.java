package dev.landfall.project;

import java.util.List;

/** The user's project has mistakes; all that were found, each with file and line. Trying again does not help. */
public final class InvalidProjectException extends Exception {
    private final List<Problem> problems;
    private final List<Problem> warnings;

    public InvalidProjectException(List<Problem> problems) {
        this(problems, List.of());
    }

    public InvalidProjectException(List<Problem> problems, List<Problem> warnings) {
        super(message(problems));
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    public List<Problem> problems() {
        return problems;
    }

    /** What is odd beside the mistakes. */
    public List<Problem> warnings() {
        return warnings;
    }

    private static String message(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        text.append(problems.size() == 1 ? "1 problem" : problems.size() + " problems")
                .append(" in the project:");
        problems.forEach(problem -> text.append("\n  ").append(problem));
        return text.toString();
    }
}
