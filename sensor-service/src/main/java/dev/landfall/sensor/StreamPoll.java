package dev.landfall.sensor;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.KeyOrder;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakePage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one stream in the lake, turn by turn, and announces what changed. At the start the whole stream is listed;
 * from then on each poll lists the newest folders, and one page or more of a sweep over all the others.
 *
 * <p>Not safe for several threads: one turn at a time.
 */
final class StreamPoll {
    private static final int PAGE = 1_000;
    private static final int SWEEP_PAGES_AT_MOST = 10;

    /** A poll that comes so much later than it was wanted leaves out what can wait. */
    private static final Duration LATE = Duration.ofMillis(500);

    /** A long listing gives way to the newest folders after so many pages. */
    private static final int PAGES_PER_TURN = 50;

    /** So many pages of a long listing are fetched ahead while others are worked on: what one announcement holds. */
    private static final int PAGES_AHEAD = 10;

    /** What so many pages of a long listing brought is announced together: a transaction costs as much as a page. */
    private static final int PAGES_PER_ANNOUNCEMENT = 10;

    /** A stream that rested for an hour is looked at every three minutes, were it not for the limit. */
    private static final int IDLE_SHARE = 20;

    /**
     * How often it looks.
     *
     * @param poll the interval while something happens
     * @param idlePoll the longest interval, reached as nothing happens
     * @param sweepCycle within which the sweep passes everything
     * @param byFolders whether the newest folders are listed one by one, for stores in which each page costs a walk
     *     through everything
     */
    record Rhythm(Duration poll, Duration idlePoll, Duration sweepCycle, boolean byFolders) {}

    private final Lake lake;
    private final String bucket;
    private final String prefix;
    private final LakeSensor sensor;
    private final Rhythm rhythm;
    private final Announcer announcer;
    private final InstantSource clock;
    private final Executor ahead;

    private final Stretch listing = new Stretch();
    private final Stretch sweep = new Stretch();
    private List<Span> newest = List.of();
    private Census newestCensus = new Census();
    private Census census = new Census();
    private HotWindow.Shape shape = new HotWindow.Shape(0, true);
    private int shapeVersion;
    private final boolean wasKnown;
    private boolean isListed;
    private int pagesToAnnounce;
    private Instant nextPoll = Instant.MIN;
    private Instant lastChange;
    private Instant lastSweep = Instant.MIN;

    /** How far a listing of everything has come, which goes on turn after turn. */
    private static final class Stretch {
        @Nullable
        String after;

        @Nullable
        String token;

        Census census = new Census();
    }

    /** @param ahead fetches the next page of a long listing while the last one is worked on */
    StreamPoll(
            Lake lake,
            LakeSensor.Subject subject,
            LakeSensor sensor,
            Rhythm rhythm,
            Announcer announcer,
            InstantSource clock,
            Executor ahead) {
        this.lake = lake;
        this.bucket = subject.bucket();
        this.prefix = subject.prefix();
        this.sensor = sensor;
        this.rhythm = rhythm;
        this.announcer = announcer;
        this.clock = clock;
        this.ahead = ahead;
        this.lastChange = clock.instant();
        // What a first listing has passed so far says nothing of where the newest is.
        this.wasKnown = sensor.table().files() > 0;
    }

    /** Whether the stream has been listed from end to end since the start. */
    boolean isListed() {
        return isListed;
    }

    /** Whether the stream has been listed since the start, and all that was found is announced. */
    boolean isSettled() {
        return isListed && sensor.isSettled();
    }

    /** As of the last full listing, or the last whole sweep. */
    Census census() {
        return census;
    }

    /** Lets the next turn look, whatever the rhythm. */
    void hurry() {
        nextPoll = Instant.MIN;
    }

    /**
     * One look at the lake. What fails is done again by the next turn.
     *
     * @return when that one is wanted
     */
    Instant turn() throws NotAnnouncedException {
        Instant now = clock.instant();
        boolean isPoll = !now.isBefore(nextPoll);
        if (isListed) {
            boolean isLate =
                    !nextPoll.equals(Instant.MIN) && nextPoll.plus(LATE).isBefore(now);
            lookAround(now, isPoll, isLate);
        } else {
            listOn(isPoll);
        }
        if (isPoll) {
            nextPoll = now.plus(interval(now));
        }
        if (!isListed) {
            return now;
        }
        for (Span look : sensor.looks(now)) {
            list(look, new Census());
        }
        announce(sensor.due(clock.instant(), null));
        Instant settled = sensor.nextLook(clock.instant()).orElse(nextPoll);
        return settled.isBefore(nextPoll) ? settled : nextPoll;
    }

    private void lookAround(Instant now, boolean isPoll, boolean isLate) throws NotAnnouncedException {
        if (isPoll || sensor.hasChangesIn(newest)) {
            HotWindow window = window();
            lookAtNewest(window);
            announce(sensor.due(clock.instant(), null));
            if (isPoll && (!isLate || isSweepDue(now))) {
                sweep(window, pagesToSweep(now));
                lastSweep = now;
            }
        }
    }

    /** The listing at the start; what it passes is announced while it goes on. */
    private void listOn(boolean isPoll) throws NotAnnouncedException {
        if (isPoll && wasKnown) {
            lookAtNewest(window());
        }
        Deque<CompletableFuture<@Nullable LakePage>> under = new ArrayDeque<>();
        under.add(CompletableFuture.completedFuture(page(listing, prefix)));
        for (int pages = 1; pages <= PAGES_PER_TURN && !isListed; pages++) {
            LakePage page = awaited(under.element());
            while (under.size() <= Math.min(PAGES_AHEAD, PAGES_PER_TURN - pages)) {
                under.add(under.getLast().thenApplyAsync(this::following, ahead));
            }
            under.remove();
            if (pagesToAnnounce == PAGES_PER_ANNOUNCEMENT) {
                // Only now: the next pages are on their way meanwhile.
                announcePassed();
            }
            boolean isLast = page.next() == null;
            String last = isLast ? null : lastKey(page, listing.after);
            if (isLast || last != null) {
                // Also what the topic knows of other prefixes, which this stream had before, is gone.
                sensor.observe(new Span("", listing.after, last), page.files(), clock.instant());
            }
            page.files().forEach(file -> listing.census.count(sensor.layout(), file));
            listing.after = last;
            listing.token = page.next();
            isListed = isLast;
            pagesToAnnounce++;
        }
        if (isListed) {
            census = listing.census;
            announcePassed();
        }
    }

    /** What the listing at the start brought so far; the partition that it stands in may go on. */
    private void announcePassed() throws NotAnnouncedException {
        String last = isListed ? null : listing.after;
        announce(sensor.due(clock.instant(), last == null ? null : sensor.partition(last)));
        pagesToAnnounce = 0;
    }

    private void lookAtNewest(HotWindow window) {
        newest = window.kind() == HotWindow.Kind.NEWEST_FOLDERS
                ? FolderWalk.newest(lake, bucket, prefix, window.depth())
                : List.of(new Span(prefix, window.after().isEmpty() ? null : window.after(), null));
        newestCensus = new Census();
        for (Span span : newest) {
            list(span, newestCensus);
        }
    }

    private void sweep(HotWindow window, int pages) {
        if (window.isEverything()) {
            restartSweep();
            return;
        }
        String end = window.kind() == HotWindow.Kind.BEHIND_A_KEY ? window.after() : null;
        for (int i = 0; i < pages; i++) {
            LakePage page = page(sweep, prefix);
            String last = lastKey(page, sweep.after);
            boolean isLast =
                    page.next() == null || (end != null && last != null && KeyOrder.UTF_8.compare(last, end) >= 0);
            if (!isLast && last == null) {
                continue;
            }
            String upTo = isLast ? end : last;
            sensor.observe(new Span(prefix, sweep.after, upTo), page.files(), clock.instant());
            for (LakeFile file : page.files()) {
                if (upTo == null || KeyOrder.UTF_8.compare(file.key(), upTo) <= 0) {
                    sweep.census.count(sensor.layout(), file);
                }
            }
            sweep.after = last;
            if (isLast) {
                restartSweep();
                return;
            }
        }
    }

    private void restartSweep() {
        Census whole = new Census();
        whole.add(sweep.census);
        whole.add(newestCensus);
        census = whole;
        sweep.after = null;
        sweep.token = null;
        sweep.census = new Census();
    }

    /** Whether the cycle would take too long without another page now. */
    private boolean isSweepDue(Instant now) {
        int pages = 1 + sensor.table().files() / PAGE;
        return !lastSweep.plus(rhythm.sweepCycle.dividedBy(2L * pages)).isAfter(now);
    }

    /** So many that the whole cycle keeps to its time. */
    private int pagesToSweep(Instant now) {
        double pages = Math.ceil(sensor.table().files() / (double) PAGE);
        double polls = (double) rhythm.sweepCycle.toMillis()
                / Math.max(1, interval(now).toMillis());
        return (int) Math.max(1, Math.min(SWEEP_PAGES_AT_MOST, Math.ceil(pages / polls)));
    }

    /** Lists a stretch from end to end. */
    private void list(Span span, Census counts) {
        Stretch stretch = new Stretch();
        stretch.after = span.after();
        boolean more = true;
        while (more) {
            LakePage page = page(stretch, span.prefix());
            String last = lastKey(page, stretch.after);
            more = page.next() != null
                    && (last == null || span.upTo() == null || KeyOrder.UTF_8.compare(last, span.upTo()) < 0);
            if (!more || last != null) {
                sensor.observe(
                        new Span(span.prefix(), stretch.after, more ? last : span.upTo()),
                        page.files(),
                        clock.instant());
            }
            page.files().forEach(file -> counts.count(sensor.layout(), file));
            stretch.after = last;
        }
    }

    /** The next page of a stretch. After a failure it is asked for by its first key, since a token may have gone stale. */
    private LakePage page(Stretch stretch, String below) {
        String token = stretch.token;
        stretch.token = null;
        LakePage page = lake.list(bucket, below, stretch.after, token);
        stretch.token = page.next();
        return page;
    }

    private @Nullable LakePage following(@Nullable LakePage page) {
        String token = page == null ? null : page.next();
        return token == null ? null : lake.list(bucket, prefix, null, token);
    }

    private LakePage awaited(CompletableFuture<@Nullable LakePage> page) {
        // Should it fail, it is asked for by its first key: a token may have gone stale.
        listing.token = null;
        try {
            return Objects.requireNonNull(page.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** The greatest key of a page, by our order should the store's differ; an empty page ends where it began. */
    private static @Nullable String lastKey(LakePage page, @Nullable String after) {
        String last = after;
        for (LakeFile file : page.files()) {
            if (last == null || KeyOrder.UTF_8.compare(file.key(), last) > 0) {
                last = file.key();
            }
        }
        return last;
    }

    private HotWindow window() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LandedTable table = sensor.table();
        if (shapeVersion != table.foldersVersion()) {
            shape = HotWindow.Shape.of(table.folders(), prefix);
            shapeVersion = table.foldersVersion();
        }
        return HotWindow.of(table, prefix, shape, today, rhythm.byFolders);
    }

    private void announce(List<PartitionLanded> landings) throws NotAnnouncedException {
        if (!landings.isEmpty()) {
            announcer.announce(landings);
            landings.forEach(sensor::announced);
            lastChange = clock.instant();
            Instant soon = lastChange.plus(rhythm.poll);
            nextPoll = nextPoll.isAfter(soon) ? soon : nextPoll;
        }
    }

    private Duration interval(Instant now) {
        Duration idle = Duration.between(lastChange, now).dividedBy(IDLE_SHARE);
        Duration longest = rhythm.idlePoll.compareTo(rhythm.poll) > 0 ? rhythm.idlePoll : rhythm.poll;
        Duration wanted = idle.compareTo(rhythm.poll) > 0 ? idle : rhythm.poll;
        return wanted.compareTo(longest) > 0 ? longest : wanted;
    }
}
