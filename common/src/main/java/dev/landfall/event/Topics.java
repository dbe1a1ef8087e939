package dev.landfall.event;

import java.util.regex.Pattern;

/** Names of the topics under one prefix. */
public record Topics(String prefix) {
    public Topics {
        if (!prefix.matches("[a-z0-9_.-]+")) {
            throw new IllegalArgumentException(
                    "topic prefix '" + prefix + "' is not of the form [a-z0-9_.-]+; set landfall.topics.prefix");
        }
    }

    /** The compacted topic that holds every landing of one stream. */
    public String landed(String source, String stream) {
        return prefix + ".landed." + source + "." + stream;
    }

    /** Matches the landed topic of every stream. */
    public Pattern landedPattern() {
        return Pattern.compile(Pattern.quote(prefix) + "\\.landed\\.[a-z0-9_]+\\.[a-z0-9_]+");
    }

    public String materialized() {
        return prefix + ".materialized";
    }

    public String failed() {
        return prefix + ".failed";
    }

    public String tested() {
        return prefix + ".tested";
    }

    public String columnChanges() {
        return prefix + ".column-changes";
    }

    public String deadLetters() {
        return prefix + ".dead-letters";
    }

    public String runRequests() {
        return prefix + ".run-requests";
    }

    public String status() {
        return prefix + ".status";
    }
}
