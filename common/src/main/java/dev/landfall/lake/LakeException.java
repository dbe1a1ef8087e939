package dev.landfall.lake;

import org.jspecify.annotations.Nullable;

/** The object store did not answer, refused, or no longer holds the version that was asked for. */
public final class LakeException extends RuntimeException {
    /** Why, in one word: what a caller may decide on. */
    public enum Reason {
        /** No answer, a time-out, overload: the same call may pass later. */
        UNREACHABLE(true),
        NO_SUCH_BUCKET(false),
        /** No credentials, wrong ones, or not allowed. */
        DENIED(false),
        /** The object is gone or was replaced since it was listed; the sensor announces its partition anew. */
        CHANGED(false),
        /** The store does not do what was asked, or the local disk does not. */
        REFUSED(false);

        private final boolean retryable;

        Reason(boolean retryable) {
            this.retryable = retryable;
        }
    }

    private final Reason reason;

    public LakeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public LakeException(Reason reason, String message) {
        this(reason, message, null);
    }

    public Reason reason() {
        return reason;
    }

    /** Whether the same call may pass later: false for a missing bucket, denied access or a replaced object. */
    public boolean retryable() {
        return reason.retryable;
    }
}
