package dev.landfall.standalone;

import dev.landfall.lake.Layout;
import dev.landfall.project.StreamName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How one stream's bucket, topic and ledger agree; lists of keys are sorted.
 *
 * @param objects landings that the bucket holds
 * @param unaccounted in the bucket, and this version was not announced; without a topic, that some model lacks
 * @param waiting announced, still in the bucket, and some model has neither applied it nor set it aside
 * @param goneUntold announced, and no longer in the bucket
 * @param vanished applied by some model, and no longer in the bucket
 * @param setAside in the bucket, and some model could not read it
 * @param unknown in the bucket under a name that is not read
 * @param others how many objects are no landings, by kind
 */
record Reconciliation(
        StreamName stream,
        long objects,
        List<String> unaccounted,
        List<String> waiting,
        List<String> goneUntold,
        List<String> vanished,
        List<String> setAside,
        List<String> unknown,
        Map<Layout.Kind, Long> others) {

    /** {@code 2 empty, 1 unknown}. */
    String othersInWords() {
        return others.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
