package dev.landfall.run;

/** A request names a model, or a stream, that the project does not have; the message says which. */
public final class UnknownModelException extends RuntimeException {
    UnknownModelException(String message) {
        super(message);
    }
}
