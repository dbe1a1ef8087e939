package dev.landfall.bench;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakePage;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ListingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What landing detection costs: sensor-service in a process of its own, a real broker, and a store that answers a page
 * in the same time however much there is.
 */
final class DetectionBench implements Bench {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration LATENCY_LIMIT = POLL.plus(QUIET).plusMillis(100);
    private static final int WATCHED_POLLS = 6;
    private static final int PUTS = 10;
    private static final double LISTING_LIMIT = 1.3;
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(20);

    private final String name;
    private final List<Case> cases;

    private DetectionBench(String name, Case... cases) {
        this.name = name;
        this.cases = List.of(cases);
    }

    /** With a heap of 256 MB. */
    static Bench steady() {
        return new DetectionBench(
                "sensor",
                new Case("one", 1, 100_000, 24, 0, "256m"),
                new Case("hundred", 100, 100_000, 24, 0, "256m"),
                new Case("days", 1, 100_000, 1, 0, "256m"));
    }

    /** A million objects, or as many as the system property {@code objects} says. */
    static Bench firstStart() {
        return new DetectionBench(
                "first-start", new Case("million", 1, Integer.getInteger("objects", 1_000_000), 24, 40, "1g"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        System.setProperty("aws.accessKeyId", "any");
        System.setProperty("aws.secretAccessKey", "any");
        System.setProperty("aws.region", "us-east-1");
        try (KafkaFixture kafka = KafkaFixture.embedded().start()) {
            for (Case each : cases) {
                measure(each, kafka, report, scratch);
            }
        }
    }

    /**
     * What is measured.
     *
     * @param filesADay in each partition
     * @param latency milliseconds that each page takes on its way
     * @param heap the sensor's {@code -Xmx}
     */
    private record Case(String prefix, int streams, int objects, int filesADay, int latency, String heap) {
        String inWords() {
            return String.format(Locale.ROOT, "%,d objects, %d stream%s", objects, streams, streams == 1 ? "" : "s");
        }

        String stream(int number) {
            return prefix + number;
        }

        int objectsOfAStream() {
            return objects / streams;
        }

        /** Each is a partition. */
        int days() {
            return Math.max(1, objectsOfAStream() / filesADay);
        }

        String topic(int number) {
            return prefix + ".landed.shop." + stream(number);
        }

        /** For each poll of a stream: one for the newest, and so many for the sweep that its cycle of an hour holds. */
        double pagesAPoll() {
            return 1 + Math.ceil(objects / 1_000.0 / streams / (3_600.0 / POLL.toSeconds()));
        }
    }

    private static void measure(Case each, KafkaFixture kafka, Report report, Scratch scratch) throws Exception {
        Path project = scratch.directory().resolve(each.prefix);
        Path streams = Files.createDirectories(project.resolve("streams/shop"));
        try (ListingServer store = ListingServer.start().latencyMillis(each.latency)) {
            for (int number = 0; number < each.streams; number++) {
                Files.writeString(streams.resolve(each.stream(number) + ".json"), "{}");
                fill(store, each, number);
            }
            Duration listing = list(store, each);
            long before = store.pages();
            try (SensorProcess sensor = start(each, kafka, project, store)) {
                while (store.pages() == before) {
                    pause(5);
                }
                Instant begun = Instant.now();
                while (sensor.sum("landfall_objects", "kind=\"landing\"") < each.objects) {
                    pause(100);
                }
                Duration taken = Duration.between(begun, Instant.now());
                double ratio = taken.toMillis() / (double) listing.toMillis();
                boolean isFar = each.latency > 0;
                report.add(
                        each.inWords() + ": taken in at a first start, beside a pure listing of the same store ("
                                + each.latency + " ms a page)",
                        String.format(
                                Locale.ROOT,
                                "%.1f s / %.1f s = %.2f; %,d objects/s",
                                taken.toMillis() / 1e3,
                                listing.toMillis() / 1e3,
                                ratio,
                                each.objects * 1_000L / taken.toMillis()),
                        isFar ? "1.30" : "",
                        ratio <= LISTING_LIMIT);
                pause(2 * POLL.toMillis());
                double pages = pagesAPoll(store, each);
                report.add(
                        each.inWords() + ": LIST pages a steady poll",
                        String.format(Locale.ROOT, "%.2f", pages),
                        String.format(Locale.ROOT, "%.0f", each.pagesAPoll()),
                        pages <= each.pagesAPoll() * 1.2);
                long[] latencies = latencies(kafka, store, each);
                report.add(
                        each.inWords() + ": put to record, p50 and max of " + PUTS,
                        String.format(
                                Locale.ROOT, "%.2f s, %.2f s", latencies[PUTS / 2] / 1e3, latencies[PUTS - 1] / 1e3),
                        LATENCY_LIMIT.toMillis() / 1e3 + " s",
                        latencies[PUTS - 1] <= LATENCY_LIMIT.toMillis());
                report.add(
                        each.inWords() + ": heap used, beside -Xmx",
                        String.format(
                                Locale.ROOT,
                                "%.0f MB of %s",
                                sensor.sum("jvm_memory_used_bytes", "area=\"heap\"") / (1 << 20),
                                each.heap),
                        each.heap,
                        true);
            }
            restart(each, kafka, project, store, report);
        }
    }

    /** A new process over the topics that the first one left: it reads them, then lists everything once. */
    private static void restart(Case each, KafkaFixture kafka, Path project, ListingServer store, Report report)
            throws Exception {
        long records = records(kafka, each);
        long before = store.pages();
        Instant begun = Instant.now();
        try (SensorProcess sensor = start(each, kafka, project, store)) {
            while (store.pages() == before) {
                pause(5);
            }
            Duration read = Duration.between(begun, Instant.now());
            while (sensor.sum("landfall_objects", "kind=\"landing\"") < each.objects) {
                pause(100);
            }
            Duration listed = Duration.between(begun, Instant.now());
            report.add(
                    String.format(
                            Locale.ROOT,
                            "%s: a start over %,d partitions already in the topic: process begun to first LIST, to all"
                                    + " listed; records written",
                            each.inWords(),
                            each.days() * each.streams),
                    String.format(
                            Locale.ROOT,
                            "%.1f s, %.1f s; %d",
                            read.toMillis() / 1e3,
                            listed.toMillis() / 1e3,
                            records(kafka, each) - records),
                    RESTART_LIMIT.toSeconds() + " s; 0",
                    read.compareTo(RESTART_LIMIT) <= 0 && records(kafka, each) == records);
        }
    }

    private static SensorProcess start(Case each, KafkaFixture kafka, Path project, ListingServer store)
            throws IOException {
        return SensorProcess.start(
                each.heap, project, kafka.bootstrapServers(), each.prefix, store.endpoint(), POLL, QUIET);
    }

    /** Where the topics end. */
    private static long records(KafkaFixture kafka, Case each) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            return consumer.endOffsets(topics(each)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaFixture kafka) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> topics(Case each) {
        return IntStream.range(0, each.streams)
                .mapToObj(number -> new TopicPartition(each.topic(number), 0))
                .toList();
    }

    private static double pagesAPoll(ListingServer store, Case each) {
        long before = store.pages();
        pause(POLL.toMillis() * WATCHED_POLLS);
        return (store.pages() - before) / (double) (WATCHED_POLLS * each.streams);
    }

    /** From a put into the newest partition to the committed record in the topic, in milliseconds, sorted. */
    private static long[] latencies(KafkaFixture kafka, ListingServer store, Case each) {
        long[] latencies = new long[PUTS];
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> topics = topics(each);
            consumer.assign(topics);
            consumer.seekToEnd(topics);
            topics.forEach(consumer::position);
            for (int i = 0; i < PUTS; i++) {
                // Not in step with the polls.
                pause(370L * i);
                String folder = folder(each.stream(i % each.streams), LocalDate.now(ZoneOffset.UTC));
                Instant put = Instant.now();
                store.put("landing", folder + "new" + i + ".parquet", 10, put);
                while (consumer.poll(Duration.ofMillis(20)).isEmpty()) {
                    if (put.plus(LATENCY_LIMIT.multipliedBy(5)).isBefore(Instant.now())) {
                        throw new IllegalStateException("put into " + folder + " and never announced");
                    }
                }
                latencies[i] = Duration.between(put, Instant.now()).toMillis();
            }
        }
        Arrays.sort(latencies);
        return latencies;
    }

    private static void fill(ListingServer store, Case each, int number) {
        int days = each.days();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Instant old = Instant.now().minusSeconds(86_400);
        for (int i = 0; i < each.objectsOfAStream(); i++) {
            String name = String.format(Locale.ROOT, "1700000000_%05d.parquet", i / days);
            store.put("landing", folder(each.stream(number), today.minusDays(i % days)) + name, 1_000_000, old);
        }
    }

    private static String folder(String stream, LocalDate day) {
        return String.format(
                Locale.ROOT,
                "raw/shop/%s/year=%04d/month=%02d/day=%02d/",
                stream,
                day.getYear(),
                day.getMonthValue(),
                day.getDayOfMonth());
    }

    /** How long it takes to list everything and do nothing with it, warm. */
    private static Duration list(ListingServer store, Case each) throws IOException {
        try (Lake lake =
                Lakes.open(LakeSettings.of(null, store.endpoint().toString(), null, null, null, null, null, null))) {
            list(lake, each, 100);
            Instant begun = Instant.now();
            list(lake, each, Integer.MAX_VALUE);
            return Duration.between(begun, Instant.now());
        }
    }

    private static void list(Lake lake, Case each, int pagesAtMost) {
        int pages = 0;
        for (int number = 0; number < each.streams; number++) {
            String token = null;
            do {
                LakePage page = lake.list("landing", "raw/shop/" + each.stream(number) + "/", null, token);
                token = page.next();
                pages++;
            } while (token != null && pages < pagesAtMost);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
