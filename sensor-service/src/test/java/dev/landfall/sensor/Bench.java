package dev.landfall.sensor;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.KeyOrder;
import dev.landfall.lake.LakeException;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout;
import dev.landfall.project.StreamName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A stream's sensor over a lake and a topic in memory, in a time of their own. */
final class Bench implements InstantSource {
    static final String PREFIX = "raw/shop/things/";

    Instant now = Instant.parse("2026-01-15T08:00:00Z");
    final MemoryLake lake;
    /** The topic: every record in the order of its writing. */
    final List<PartitionLanded> topic = new ArrayList<>();
    /** Fails so many announcements. */
    int announceFailures;

    LakeSensor.Subject subject;
    StreamPoll.Rhythm rhythm =
            new StreamPoll.Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(60), false);
    LakeSensor sensor;
    StreamPoll poll;
    int pollFailures;
    /** Who had the stream before, and does not know that it lost it. */
    final List<StreamPoll> zombies = new ArrayList<>();

    private int generation;

    Bench() {
        this(1_000);
    }

    Bench(int pageSize) {
        lake = new MemoryLake(this, pageSize);
        subject = new LakeSensor.Subject(
                new StreamName("shop", "things"),
                "landing",
                PREFIX,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                "p");
        restart();
    }

    /** A process that knows nothing but the topic. */
    void restart() {
        sensor = new LakeSensor(subject);
        topic.forEach(sensor::announced);
        int mine = ++generation;
        poll = new StreamPoll(lake, subject, sensor, rhythm, landings -> announce(mine, landings), this, Runnable::run);
    }

    /** Another replica gets the stream, and this one goes on. */
    void moveAway() {
        zombies.add(poll);
        restart();
    }

    /** A turn of those that lost the stream. */
    void zombiesTurn() {
        for (StreamPoll zombie : zombies) {
            try {
                zombie.turn();
            } catch (NotAnnouncedException | LakeException refused) {
                pollFailures++;
            }
        }
    }

    private void announce(int mine, List<PartitionLanded> landings) throws NotAnnouncedException {
        if (mine != generation) {
            throw NotAnnouncedException.none("the group has moved on", null);
        }
        if (announceFailures > 0) {
            announceFailures--;
            throw NotAnnouncedException.none("no broker", null);
        }
        topic.addAll(landings);
    }

    /** A turn now; {@code true} when it passed. */
    boolean turn() {
        try {
            next = poll.turn();
            return true;
        } catch (NotAnnouncedException | LakeException e) {
            next = now.plusSeconds(1);
            pollFailures++;
            return false;
        }
    }

    private Instant next = Instant.MIN;

    /** Lets time pass, turning whenever the poll wants to. */
    void run(Duration time) {
        Instant end = now.plus(time);
        while (!next.isAfter(end)) {
            if (next.isAfter(now)) {
                now = next;
            }
            turn();
        }
        if (now.isBefore(end)) {
            now = end;
        }
    }

    void run(int seconds) {
        run(Duration.ofSeconds(seconds));
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** The newest record of each key. */
    Map<String, PartitionLanded> table() {
        Map<String, PartitionLanded> table = new LinkedHashMap<>();
        topic.forEach(landed -> table.put(landed.key(), landed));
        return table;
    }

    /** Every file that the topic knows, by key. */
    NavigableMap<String, LakeFile> known() {
        NavigableMap<String, LakeFile> known = new TreeMap<>(KeyOrder.UTF_8);
        table().values()
                .forEach(landed -> landed.files().forEach(file -> {
                    if (known.put(file.key(), file) != null) {
                        throw new AssertionError(file.key() + " is in two records");
                    }
                }));
        return known;
    }

    /** What the bucket holds of landings, by key. */
    NavigableMap<String, LakeFile> landings() {
        NavigableMap<String, LakeFile> landings = new TreeMap<>(lake.files());
        Layout layout = new Layout(PREFIX);
        landings.values().removeIf(file -> layout.kind(file) != Layout.Kind.LANDING);
        return landings;
    }

    static String key(String below) {
        return PREFIX + below;
    }

    static String day(int month, int day, String name) {
        return PREFIX + String.format("year=2026/month=%02d/day=%02d/%s", month, day, name);
    }
}
