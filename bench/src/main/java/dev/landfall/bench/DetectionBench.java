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
    private static final int FILES_A_DAY = 24;
    private static final double LISTING_LIMIT = 1.3;

    @Override
    public String name() {
        return "sensor";
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        System.setProperty("aws.accessKeyId", "any");
        System.setProperty("aws.secretAccessKey", "any");
        System.setProperty("aws.region", "us-east-1");
        try (KafkaFixture kafka = KafkaFixture.embedded().start()) {
            measure(new Case("one", 1, 100_000, 0, "256m"), kafka, report, scratch);
            measure(new Case("hundred", 100, 100_000, 0, "256m"), kafka, report, scratch);
            measure(new Case("million", 1, 1_000_000, 40, "1g"), kafka, report, scratch);
        }
    }

    /**
     * What is measured.
     *
     * @param latency milliseconds that each page takes on its way
     * @param heap the sensor's {@code -Xmx}
     */
    private record Case(String prefix, int streams, int objects, int latency, String heap) {
        String inWords() {
            return String.format(Locale.ROOT, "%,d objects, %d stream%s", objects, streams, streams == 1 ? "" : "s");
        }

        String stream(int number) {
            return prefix + number;
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
                fill(store, each.stream(number), each.objects / each.streams);
            }
            Duration listing = list(store, each);
            long before = store.pages();
            try (SensorProcess sensor = SensorProcess.start(
                    each.heap, project, kafka.bootstrapServers(), each.prefix, store.endpoint(), POLL, QUIET)) {
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
        }
    }

    private static double pagesAPoll(ListingServer store, Case each) {
        long before = store.pages();
        pause(POLL.toMillis() * WATCHED_POLLS);
        return (store.pages() - before) / (double) (WATCHED_POLLS * each.streams);
    }

    /** From a put into the newest partition to the committed record in the topic, in milliseconds, sorted. */
    private static long[] latencies(KafkaFixture kafka, ListingServer store, Case each) {
        long[] latencies = new long[PUTS];
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> topics = IntStream.range(0, each.streams)
                    .mapToObj(number -> new TopicPartition(each.prefix + ".landed.shop." + each.stream(number), 0))
                    .toList();
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

    private static void fill(ListingServer store, String stream, int objects) {
        int days = Math.max(1, objects / FILES_A_DAY);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Instant old = Instant.now().minusSeconds(86_400);
        for (int i = 0; i < objects; i++) {
            String name = String.format(Locale.ROOT, "1700000000_%05d.parquet", i / days);
            store.put("landing", folder(stream, today.minusDays(i % days)) + name, 1_000_000, old);
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
