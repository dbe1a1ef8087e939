package dev.landfall.run;

/** A model cannot be built yet, and nothing is wrong: what it reads has no data. */
final class Waiting extends RuntimeException {
    Waiting(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
