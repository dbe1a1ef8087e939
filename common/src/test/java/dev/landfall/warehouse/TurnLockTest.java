package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that stops interrupts its threads; others of the JVM go on, with the same lock. */
class TurnLockTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private TurnLock lock;

    @BeforeEach
    void open() {
        lock = TurnLock.at(folder.resolve("shop.duckdb.lock"));
    }

    @Test
    void isGivenBackByAnInterruptedThreadAndTakenByTheNext() {
        TurnLock.Turn turn = lock.take("one", SOON);
        Thread.currentThread().interrupt();

        turn.close();

        assertThat(Thread.interrupted()).isTrue();
        lock.take("another", SOON).close();
    }

    @Test
    void staysWithItsHolderWhenAnInterruptedThreadAsksWhoThatIs() {
        TurnLock.Turn turn = lock.take("one", SOON);
        Thread.currentThread().interrupt();

        assertThat(lock.holder()).contains("(one)");

        assertThat(Thread.interrupted()).isTrue();
        turn.close();
    }
}
