package dev.landfall.lake;

import org.jspecify.annotations.Nullable;

/** The object store did not answer, refused, or no longer holds the version that was asked for. */
public final class LakeException extends RuntimeException {
    private final boolean retryable;

    public LakeException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same call may pass later: false for a missing bucket, denied access or a replaced object. */
    public boolean retryable() {
        return retryable;
    }
}
