package dev.landfall.project;

/**
 * One mistake in the user's project.
 *
 * @param file relative to the project's root
 * @param line 1-based, 0 when the whole file is meant
 * @param message what is wrong and what to do
 */
public record Problem(String file, int line, String message) {
    @Override
    public String toString() {
        return (line > 0 ? file + ":" + line : file) + ": " + message;
    }
}
