package dev.landfall.sensor;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import dev.landfall.project.StreamName;
import dev.landfall.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says and counts what was announced of one stream: a line for each landing, and one for all when they are many. */
final class LandingLog {
    private static final Logger log = LoggerFactory.getLogger(LandingLog.class);
    private static final int TOLD_ONE_BY_ONE = 20;

    private final StreamName stream;
    private final LandedTable before;
    private final MeterRegistry metrics;
    private final AtomicBoolean hasLanded = new AtomicBoolean();

    /** @param before what the topic held before the landings that are told */
    LandingLog(StreamName stream, LandedTable before, MeterRegistry metrics) {
        this.stream = stream;
        this.before = before;
        this.metrics = metrics;
    }

    void announced(List<PartitionLanded> landings) {
        hasLanded.set(true);
        Count all = new Count();
        for (PartitionLanded landed : landings) {
            Count count = count(landed);
            all.add(count);
            if (landings.size() <= TOLD_ONE_BY_ONE) {
                log.atInfo()
                        .addKeyValue("stream", stream.toString())
                        .addKeyValue("partition", landed.key())
                        .log("landed {} {}: {}", stream, landed.key(), count);
            }
        }
        if (landings.size() > TOLD_ONE_BY_ONE) {
            log.atInfo()
                    .addKeyValue("stream", stream.toString())
                    .log(
                            "landed {} {} partitions, {} to {}: {}",
                            stream,
                            landings.size(),
                            landings.get(0).key(),
                            landings.get(landings.size() - 1).key(),
                            all);
        }
        count(Metric.LANDINGS, landings.size());
        count(Metric.LANDED_FILES, all.added + all.changed);
        count(Metric.LANDED_BYTES, all.freshBytes);
        count(Metric.GONE_FILES, all.gone);
    }

    /** Whether anything was announced since this was last asked. */
    boolean takeHasLanded() {
        return hasLanded.getAndSet(false);
    }

    private void count(Metric metric, long amount) {
        metric.counter(metrics, stream.source(), stream.stream()).increment((double) amount);
    }

    private Count count(PartitionLanded landed) {
        Count count = new Count();
        count.gone = landed.gone().size();
        for (LakeFile file : landed.files()) {
            LakeFile known = before.file(file.key());
            count.files++;
            count.bytes += file.size();
            if (known == null) {
                count.added++;
                count.freshBytes += file.size();
            } else if (!known.etag().equals(file.etag())) {
                count.changed++;
                count.freshBytes += file.size();
            }
        }
        return count;
    }

    private static final class Count {
        private long files;
        private long bytes;
        private long added;
        private long changed;
        private long gone;
        private long freshBytes;

        void add(Count other) {
            files += other.files;
            bytes += other.bytes;
            added += other.added;
            changed += other.changed;
            gone += other.gone;
            freshBytes += other.freshBytes;
        }

        @Override
        public String toString() {
            return (files == 1 ? "1 file, " : files + " files, ") + size(bytes) + " (" + added + " new, " + changed
                    + " changed, " + gone + " gone)";
        }

        private static String size(long bytes) {
            double size = bytes;
            String[] units = {"B", "kB", "MB", "GB", "TB"};
            int unit = 0;
            while (size >= 1_000 && unit < units.length - 1) {
                size /= 1_000;
                unit++;
            }
            return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
        }
    }
}
