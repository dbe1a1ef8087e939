package dev.landfall.warehouse;

import dev.landfall.warehouse.WarehouseException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns between processes, first come first served, under a lock file of our own.
 *
 * <p>Every process that wants the warehouse draws a ticket and locks that ticket's byte of the file for as long as it
 * waits and works. It is its turn when it can lock the bytes of all lower tickets. A process that dies loses its locks,
 * so it can neither hold a turn nor block the queue.
 *
 * <p>A lock belongs to the process and the file, and closing any channel of the file drops it: so there is one channel
 * for each file in a JVM, never closed. It is an asynchronous one: an interrupted thread would close the other kind.
 */
final class TurnLock {
    private static final Map<Path, TurnLock> LOCKS = new ConcurrentHashMap<>();
    private static final long TICKETS = 1L << 40;
    private static final int HOLDER_AT = 64;
    private static final int HOLDER_BYTES = 256;

    private final Path file;
    private final Semaphore jvm = new Semaphore(1, true);
    private @Nullable AsynchronousFileChannel channel;

    private TurnLock(Path file) {
        this.file = file;
    }

    static TurnLock at(Path lockFile) {
        return LOCKS.computeIfAbsent(lockFile.toAbsolutePath().normalize(), TurnLock::new);
    }

    /** Waits for this process's turn. */
    Turn take(String owner, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            if (!jvm.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw timedOut(timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
        boolean taken = false;
        try {
            Turn turn = take(owner, timeout, deadline);
            taken = true;
            return turn;
        } catch (IOException e) {
            throw new WarehouseException(
                    "cannot lock " + file + ": " + e + "; is the folder writable by this process?",
                    Kind.RETRYABLE,
                    null,
                    e);
        } finally {
            if (!taken) {
                jvm.release();
            }
        }
    }

    private Turn take(String owner, Duration timeout, long deadline) throws IOException {
        AsynchronousFileChannel open = channel();
        long ticket;
        FileLock own;
        try (FileLock mutex = poll(open, 0, 1, timeout, deadline)) {
            Objects.requireNonNull(mutex);
            ticket = nextTicket(open);
            own = poll(open, TICKETS + ticket, 1, timeout, deadline);
        }
        FileLock lower = own;
        boolean taken = false;
        try {
            if (ticket > 0) {
                lower = poll(open, TICKETS, ticket, timeout, deadline);
            }
            writeHolder(
                    open,
                    "process " + ProcessHandle.current().pid() + " (" + owner + ") since " + Instant.now() + "\n");
            taken = true;
            return new Turn(open, own, lower);
        } finally {
            if (!taken) {
                lower.release();
                own.release();
            }
        }
    }

    private synchronized AsynchronousFileChannel channel() throws IOException {
        if (channel == null) {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            channel = AsynchronousFileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return channel;
    }

    private FileLock poll(AsynchronousFileChannel open, long position, long size, Duration timeout, long deadline)
            throws IOException {
        for (int millis = 1; ; millis = Math.min(20, millis + 1)) {
            FileLock lock = open.tryLock(position, size, false);
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() >= deadline) {
                throw timedOut(timeout);
            }
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted(e);
            }
        }
    }

    private static long nextTicket(AsynchronousFileChannel open) throws IOException {
        ByteBuffer counter = ByteBuffer.allocate(Long.BYTES);
        long ticket = await(open.read(counter, 0)) == Long.BYTES ? counter.getLong(0) : 0;
        counter.clear();
        counter.putLong(0, ticket + 1);
        await(open.write(counter, 0));
        return ticket;
    }

    private static void writeHolder(AsynchronousFileChannel open, String holder) throws IOException {
        byte[] text = Arrays.copyOf(holder.getBytes(StandardCharsets.UTF_8), HOLDER_BYTES);
        await(open.write(ByteBuffer.wrap(text), HOLDER_AT));
    }

    /** Few bytes are soon written, whatever interrupts the thread. */
    private static int await(Future<Integer> bytes) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return bytes.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Who has the turn now, or had the last one: process, service and what it does. */
    String holder() {
        try {
            ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES);
            await(channel().read(text, HOLDER_AT));
            String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8)
                    .replace("\0", "")
                    .strip();
            return holder.isEmpty() ? "another process" : holder;
        } catch (IOException e) {
            return "another process";
        }
    }

    private WarehouseException timedOut(Duration timeout) {
        return new WarehouseException(
                "no turn at the warehouse in " + timeout.toMillis() / 1000.0 + " s: " + file + " is held by " + holder()
                        + "; wait for it, stop it, or raise landfall.warehouse.lock-timeout",
                Kind.RETRYABLE,
                null,
                null);
    }

    private WarehouseException interrupted(InterruptedException cause) {
        return new WarehouseException("interrupted while waiting for a turn at " + file, Kind.RETRYABLE, null, cause);
    }

    /** A turn that this process has. */
    final class Turn implements AutoCloseable {
        private final AsynchronousFileChannel open;
        private final FileLock own;
        private final FileLock lower;

        private Turn(AsynchronousFileChannel open, FileLock own, FileLock lower) {
            this.open = open;
            this.own = own;
            this.lower = lower;
        }

        @Override
        public void close() {
            try (own;
                    lower) {
                writeHolder(open, "");
            } catch (IOException e) {
                throw new WarehouseException("cannot unlock " + file + ": " + e, Kind.RETRYABLE, null, e);
            } finally {
                jvm.release();
            }
        }
    }
}
