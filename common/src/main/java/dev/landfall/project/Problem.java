package dev.landfall.project;

import dev.landfall.jinja.Location;

/**
 * One mistake in the user's project.
 *
 * @param file relative to the project's root
 * @param line 1-based, 0 when the whole file is meant
 * @param column 1-based, 0 when the whole line is meant
 * @param message what is wrong and what to do
 */
public record Problem(String file, int line, int column, String message) {
    public Problem(String file, int line, String message) {
        this(file, line, 0, message);
    }

    public Problem(Location place, String message) {
        this(place.file(), place.line(), place.column(), message);
    }

    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + (line > 0 && column > 0 ? ":" + column : "") + ": " + message;
    }
}
