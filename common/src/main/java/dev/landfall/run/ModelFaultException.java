package dev.landfall.run;

/** The model itself cannot be run as it is written or configured: no file is to blame, and trying again does not help. */
final class ModelFaultException extends RuntimeException {
    ModelFaultException(String message) {
        super(message);
    }
}
