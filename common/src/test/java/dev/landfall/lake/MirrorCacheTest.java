package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.LakeException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorCacheTest {
    private static final long PLENTY = 1 << 20;

    @TempDir
    Path directory;

    private final Store store = new Store();

    @Test
    void fetchesAFileOnceAndKeepsItsKeyInThePath() throws IOException {
        LakeFile file = store.put("raw/shop/year=2026/x y.parquet", "hello");
        MirrorCache cache = cache(PLENTY);

        String path = cache.paths("landing", List.of(file)).get(0);
        cache.paths("landing", List.of(file));

        assertThat(path).endsWith("/raw/shop/year=2026/x y.parquet");
        assertThat(Path.of(path)).hasContent("hello");
        assertThat(store.reads).hasValue(1);
        assertThat(cache.use()).isEqualTo(new MirrorCache.Use(1, 1, 5));
        assertThat(cache.bytes()).isEqualTo(5);
    }

    @Test
    void keepsVersionsOfAFileApart() {
        LakeFile first = store.put("raw/x.parquet", "first");
        MirrorCache cache = cache(PLENTY);
        Path firstCopy = Path.of(cache.paths("landing", List.of(first)).get(0));

        LakeFile other = store.put("raw/x.parquet", "other");
        Path otherCopy = Path.of(cache.paths("landing", List.of(other)).get(0));

        assertThat(firstCopy).hasContent("first");
        assertThat(otherCopy).hasContent("other");
    }

    @Test
    void isSharedByProcessesAndSurvivesThem() {
        LakeFile file = store.put("raw/x.parquet", "hello");
        try (MirrorCache cache = cache(PLENTY)) {
            cache.paths("landing", List.of(file));
        }

        cache(PLENTY).paths("landing", List.of(file));

        assertThat(store.reads).hasValue(1);
    }

    @Test
    void givesPathsInTheOrderOfTheFiles() {
        List<LakeFile> files = IntStream.range(0, 50)
                .mapToObj(i -> store.put("raw/" + (50 - i) + ".parquet", "content " + i))
                .toList();

        List<String> paths = cache(PLENTY).paths("landing", files);

        assertThat(paths).hasSize(50);
        for (int i = 0; i < 50; i++) {
            assertThat(Path.of(paths.get(i))).hasContent("content " + i);
        }
    }

    @Test
    void fetchesInParallel() {
        CyclicBarrier all = new CyclicBarrier(4);
        store.beforeRead = () -> all.await(60, TimeUnit.SECONDS);
        List<LakeFile> files =
                IntStream.range(0, 4).mapToObj(i -> store.put("raw/" + i, "x")).toList();

        assertThat(cache(PLENTY).paths("landing", files)).hasSize(4);
    }

    @Test
    void fetchesAFileOnceForManyWhoAskAtTheSameTime() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        store.beforeRead = () -> go.await(60, TimeUnit.SECONDS);
        LakeFile file = store.put("raw/x.parquet", "hello");
        MirrorCache cache = cache(PLENTY);
        List<Thread> askers = new ArrayList<>();
        List<String> answers = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 5; i++) {
            Thread asker = new Thread(() -> answers.addAll(cache.paths("landing", List.of(file))));
            asker.start();
            askers.add(asker);
        }

        go.countDown();
        for (Thread asker : askers) {
            asker.join();
        }

        assertThat(answers).hasSize(5);
        assertThat(store.reads).hasValue(1);
    }

    @Test
    void refusesAFileThatChangedSinceItWasListed() throws IOException {
        LakeFile listed = store.put("raw/x.parquet", "first");
        store.put("raw/x.parquet", "other");

        assertThatThrownBy(() -> cache(PLENTY).paths("landing", List.of(listed)))
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.CHANGED);
                    assertThat(e.retryable()).isFalse();
                });
        assertThat(copies()).isEmpty();
    }

    @Test
    void triesAgainWhenAReadBreaksOff() {
        LakeFile file = store.put("raw/x.parquet", "hello");
        store.shortReads.set(2);

        String path = cache(PLENTY).paths("landing", List.of(file)).get(0);

        assertThat(Path.of(path)).hasContent("hello");
        assertThat(store.reads).hasValue(3);
    }

    @Test
    void keepsNoTornCopyWhenReadsAlwaysBreakOff() throws IOException {
        LakeFile file = store.put("raw/x.parquet", "hello");
        store.shortReads.set(100);

        assertThatThrownBy(() -> cache(PLENTY).paths("landing", List.of(file)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("raw/x.parquet")
                .hasMessageContaining("4 of 5 bytes");
        assertThat(copies()).isEmpty();
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void fetchesATornCopyAnew() throws IOException {
        LakeFile file = store.put("raw/x.parquet", "hello");
        Path copy = Path.of(cache(PLENTY).paths("landing", List.of(file)).get(0));
        Files.writeString(copy, "hel");

        cache(PLENTY).paths("landing", List.of(file));

        assertThat(copy).hasContent("hello");
    }

    @Test
    void clearsWhatACrashLeftBehind() throws IOException {
        cache(PLENTY).close();
        Path left = Files.writeString(directory.resolve("tmp/left"), "half");
        Path underway = Files.writeString(directory.resolve("tmp/underway"), "half");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

        cache(PLENTY);

        assertThat(left).doesNotExist();
        assertThat(underway).exists();
    }

    @Test
    void throwsTheLeastRecentlyUsedCopiesAway() throws IOException {
        MirrorCache cache = cache(25);
        LakeFile a = store.put("raw/a.parquet", "0123456789");
        LakeFile b = store.put("raw/b.parquet", "0123456789");
        LakeFile c = store.put("raw/c.parquet", "0123456789");
        age(cache.paths("landing", List.of(a)), 30);
        age(cache.paths("landing", List.of(b)), 20);
        cache.paths("landing", List.of(a));

        cache.paths("landing", List.of(c));

        assertThat(copies()).containsExactlyInAnyOrder("a.parquet", "c.parquet");
    }

    @Test
    void keepsWhatIsLeasedEvenBeyondItsSize() throws IOException {
        MirrorCache cache = cache(15);
        LakeFile a = store.put("raw/a.parquet", "0123456789");
        LakeFile b = store.put("raw/b.parquet", "0123456789");
        LakeFile c = store.put("raw/c.parquet", "0123456789");
        LakeReader.Lease lease = cache.lease("landing", List.of(a));
        age(lease.paths(), 30);

        cache.paths("landing", List.of(b));
        assertThat(copies()).contains("a.parquet");

        lease.close();
        cache.paths("landing", List.of(c));
        assertThat(copies()).containsExactly("c.parquet");
    }

    @Test
    void heedsThePinsOfOtherProcessesAsLongAsTheyLive() throws Exception {
        LakeFile a = store.put("raw/a.parquet", "0123456789");
        LakeFile b = store.put("raw/b.parquet", "0123456789");
        LakeFile c = store.put("raw/c.parquet", "0123456789");
        MirrorCache cache = cache(15);
        age(cache.paths("landing", List.of(a)), 30);
        Process other = OtherProcess.pinning(directory, a);
        try {
            cache.paths("landing", List.of(b));
            assertThat(copies()).contains("a.parquet");
        } finally {
            other.destroyForcibly().waitFor();
        }

        cache.paths("landing", List.of(c));

        assertThat(copies()).containsExactly("c.parquet");
    }

    @Test
    void refusesKeysThatLeaveTheDirectory() {
        LakeFile file = new LakeFile("raw/../../../../x.parquet", 1, "e", Instant.EPOCH);

        assertThatThrownBy(() -> cache(PLENTY).paths("landing", List.of(file)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
    }

    @Test
    void refusesADirectoryThatDuckDbWouldTakeForAPartition() {
        assertThatThrownBy(() -> new MirrorCache(store, directory.resolve("a=b"), PLENTY))
                .hasMessageContaining("landfall.lake.mirror-dir");
    }

    private MirrorCache cache(long maxBytes) {
        return new MirrorCache(store, directory, maxBytes);
    }

    private List<String> copies() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("files"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static void age(List<String> paths, int minutes) throws IOException {
        for (String path : paths) {
            Files.setLastModifiedTime(Path.of(path), FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
        }
    }

    /** Another JVM that holds a lease until it is killed. */
    static final class OtherProcess {
        static Process pinning(Path directory, LakeFile file) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            directory.toString(),
                            file.key(),
                            String.valueOf(file.size()),
                            file.etag())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(process.getInputStream().read()).isEqualTo('!');
            return process;
        }

        public static void main(String[] arguments) throws InterruptedException {
            LakeFile file = new LakeFile(arguments[1], Long.parseLong(arguments[2]), arguments[3], Instant.EPOCH);
            MirrorDirectory mirror = new MirrorDirectory(Path.of(arguments[0]), PLENTY);
            MirrorDirectory.Pins pins = mirror.pin(List.of(mirror.copy("landing", file)));
            age(mirror.copy("landing", file));
            System.out.print('!');
            System.out.flush();
            Thread.sleep(600_000);
            pins.close();
        }

        private static void age(Path copy) {
            assertThat(copy.toFile().setLastModified(System.currentTimeMillis() - 1_800_000))
                    .isTrue();
        }
    }

    private interface Wait {
        void run() throws Exception;
    }

    /** A store in memory whose reads can be delayed and broken off. */
    private static final class Store implements Lake {
        final Map<String, String> contents = new ConcurrentHashMap<>();
        final AtomicInteger reads = new AtomicInteger();
        final AtomicInteger shortReads = new AtomicInteger();
        Wait beforeRead = () -> {};

        LakeFile put(String key, String content) {
            contents.put(key, content);
            return new LakeFile(key, content.length(), "e" + content.hashCode(), Instant.EPOCH);
        }

        @Override
        public InputStream open(String bucket, LakeFile file) {
            reads.incrementAndGet();
            try {
                beforeRead.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            String content = contents.get(file.key());
            if (content == null || !file.etag().equals("e" + content.hashCode())) {
                throw new LakeException(Reason.CHANGED, file.key() + " was replaced");
            }
            boolean isShort = shortReads.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            byte[] bytes = (isShort ? content.substring(1) : content).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public LakePage list(String bucket, String prefix, @Nullable String startAfter, @Nullable String token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> folders(String bucket, String prefix) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<LakeFile> stat(String bucket, String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void check(String bucket) {}

        @Override
        public void close() {}
    }
}
