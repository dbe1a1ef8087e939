package dev.landfall.run;

/**
 * Which records of a stream's landed topic a run is for.
 *
 * @param epoch what {@link StreamRunner#takeLane} gave when the lane was assigned; a later taker fences this one out
 * @param firstOffset the lowest offset of the records that the run covers, -1 when it covers none (a start-up check)
 * @param lastOffset the highest one, -1 when it covers none
 */
public record LanePosition(long epoch, long firstOffset, long lastOffset) {

    /** A run that stands for no records: catching up with the ledger, a request of the command line. */
    public static LanePosition none(long epoch) {
        return new LanePosition(epoch, -1, -1);
    }
}
