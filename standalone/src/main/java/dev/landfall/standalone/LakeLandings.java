package dev.landfall.standalone;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout;
import dev.landfall.lake.Partition;
import dev.landfall.project.StreamConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the sensor would tell of a stream, were it to list it now. */
final class LakeLandings {
    private LakeLandings() {}

    static List<PartitionLanded> of(Lake lake, String defaultBucket, StreamConfig stream, String projectChecksum) {
        String bucket = stream.bucket() == null ? defaultBucket : stream.bucket();
        Layout layout = new Layout(stream.prefix());
        Map<Partition, List<LakeFile>> files = new LinkedHashMap<>();
        for (LakeFile file : lake.listAll(bucket, stream.prefix())) {
            if (layout.kind(file) == Layout.Kind.LANDING) {
                files.computeIfAbsent(layout.partition(file.key()), first -> new ArrayList<>())
                        .add(file);
            }
        }
        Instant now = Instant.now();
        return files.entrySet().stream()
                .map(each -> new PartitionLanded(
                        stream.name().source(),
                        stream.name().stream(),
                        bucket,
                        stream.prefix(),
                        each.getKey().values(),
                        1,
                        each.getValue(),
                        List.of(),
                        now,
                        PartitionLanded.manifest(each.getValue()),
                        projectChecksum))
                .toList();
    }
}
