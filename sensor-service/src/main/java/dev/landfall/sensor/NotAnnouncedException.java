package dev.landfall.sensor;

import org.jspecify.annotations.Nullable;

/** Landings were not written to their topic. */
final class NotAnnouncedException extends Exception {
    private final boolean unknown;

    private NotAnnouncedException(String message, boolean unknown, @Nullable Throwable cause) {
        super(message, cause);
        this.unknown = unknown;
    }

    /** None of them was written; they may be tried again. */
    static NotAnnouncedException none(String message, @Nullable Throwable cause) {
        return new NotAnnouncedException(message, false, cause);
    }

    /** They may be written or not: only the topic knows. */
    static NotAnnouncedException unknown(String message, @Nullable Throwable cause) {
        return new NotAnnouncedException(message, true, cause);
    }

    boolean unknown() {
        return unknown;
    }
}
