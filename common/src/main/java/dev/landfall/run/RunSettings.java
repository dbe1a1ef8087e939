package dev.landfall.run;

/**
 * How runs behave; the services read it from {@code landfall.*}.
 *
 * @param bucket the bucket of streams that name none
 * @param maxBatchBytes files of one transaction add up to at most so many bytes, one file at least
 * @param onDroppedRows what to do when a model's own filter drops rows of the landing that it runs for
 * @param onOlderLanding what to do when an older landing comes for a model that cannot tell older rows from newer ones
 * @param onVanished what to do when files that were applied are gone from the lake
 * @param onModelChange what to do when a model's SQL is not the one that its table was built with
 * @param createEmpty whether a model of a stream that declares its fields gets an empty table before anything has landed
 */
public record RunSettings(
        String bucket,
        long maxBatchBytes,
        OnDroppedRows onDroppedRows,
        OnOlderLanding onOlderLanding,
        OnVanished onVanished,
        OnModelChange onModelChange,
        boolean createEmpty) {

    public static final RunSettings DEFAULT = new RunSettings(
            "landing",
            256L << 20,
            OnDroppedRows.APPLY,
            OnOlderLanding.REBUILD,
            OnVanished.IGNORE,
            OnModelChange.WARN,
            false);

    public RunSettings {
        if (maxBatchBytes <= 0) {
            throw new IllegalArgumentException("max-batch-bytes must be positive: " + maxBatchBytes);
        }
    }

    public enum OnDroppedRows {
        /** Apply them, and say so once. */
        APPLY,
        /** Fail the model. */
        FAIL,
        /** Leave them out, and say so. */
        WARN
    }

    public enum OnOlderLanding {
        /** Build the model's table anew from all files that the ledger knows. */
        REBUILD,
        /** Fail the model and say what to do. */
        REFUSE
    }

    public enum OnVanished {
        /** Rows of vanished files stay. */
        IGNORE,
        FULL_REFRESH
    }

    public enum OnModelChange {
        WARN,
        FULL_REFRESH
    }

    public RunSettings withBucket(String other) {
        return new RunSettings(
                other, maxBatchBytes, onDroppedRows, onOlderLanding, onVanished, onModelChange, createEmpty);
    }

    public RunSettings withMaxBatchBytes(long bytes) {
        return new RunSettings(bucket, bytes, onDroppedRows, onOlderLanding, onVanished, onModelChange, createEmpty);
    }

    public RunSettings withOnDroppedRows(OnDroppedRows other) {
        return new RunSettings(bucket, maxBatchBytes, other, onOlderLanding, onVanished, onModelChange, createEmpty);
    }

    public RunSettings withOnOlderLanding(OnOlderLanding other) {
        return new RunSettings(bucket, maxBatchBytes, onDroppedRows, other, onVanished, onModelChange, createEmpty);
    }

    public RunSettings withOnModelChange(OnModelChange other) {
        return new RunSettings(bucket, maxBatchBytes, onDroppedRows, onOlderLanding, onVanished, other, createEmpty);
    }

    public RunSettings withCreateEmpty(boolean other) {
        return new RunSettings(bucket, maxBatchBytes, onDroppedRows, onOlderLanding, onVanished, onModelChange, other);
    }
}
