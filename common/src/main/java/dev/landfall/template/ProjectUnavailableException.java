package dev.landfall.template;

/** There is no good project yet; the message says what is wrong with the one that is there. */
public final class ProjectUnavailableException extends RuntimeException {
    public ProjectUnavailableException(String message) {
        super(message);
    }
}
