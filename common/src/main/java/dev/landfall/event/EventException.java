package dev.landfall.event;

/** A record is not the event that its topic holds. Reading it again does not help. */
public final class EventException extends Exception {
    public EventException(String message) {
        super(message);
    }
}
