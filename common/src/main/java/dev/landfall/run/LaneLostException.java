package dev.landfall.run;

/**
 * Another runner took the lane: nothing was written. Not a failure of the model; forget the lane's work and its offsets.
 */
public final class LaneLostException extends RuntimeException {
    public LaneLostException(String stream, long epoch) {
        super("the lane of " + stream + " was taken by another runner (epoch " + epoch + " is over)");
    }
}
