package dev.landfall.run;

/**
 * Where a stream's lane stands in its landed topic.
 *
 * @param epoch what {@link StreamRunner#takeLane} gave when the lane was assigned; a later taker fences this one out
 * @param committed the offset that the broker is known to have committed; -1 when the run covers no records
 * @param firstOffset the lowest offset of the records that the run covers, -1 when it covers none (a start-up check)
 * @param lastOffset the highest one, -1 when it covers none
 */
public record LanePosition(long epoch, long committed, long firstOffset, long lastOffset) {

    /** A run over the records right behind the committed offset. */
    public LanePosition(long epoch, long firstOffset, long lastOffset) {
        this(epoch, firstOffset, firstOffset, lastOffset);
    }

    /** A run that stands for no records: catching up with the ledger, a request of the command line. */
    public static LanePosition none(long epoch) {
        return new LanePosition(epoch, -1, -1, -1);
    }
}
