package dev.landfall.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Takes the time of the parts of a run that count; what lies between them, such as making the input, does not. */
final class Stopwatch {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final long NANOS_PER_TICK = 10_000_000;

    private long wall;
    private long cpu;
    private long checkpoint;

    /** Something to be measured. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    void time(Work work) throws Exception {
        long cpuBefore = cpuNanos();
        long before = System.nanoTime();
        work.run();
        wall += System.nanoTime() - before;
        cpu += cpuNanos() - cpuBefore;
    }

    /** Times a checkpoint, apart from everything else. */
    void checkpoint(Work work) throws Exception {
        long before = System.nanoTime();
        work.run();
        checkpoint += System.nanoTime() - before;
    }

    Cost cost() {
        return new Cost(Duration.ofNanos(wall), Duration.ofNanos(cpu), Duration.ofNanos(checkpoint));
    }

    /** CPU time of this process, of the children that run and, on Linux, of those that ended. */
    private static long cpuNanos() {
        long running = ProcessHandle.current()
                .descendants()
                .mapToLong(child ->
                        child.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
        return SYSTEM.getProcessCpuTime() + running + endedChildren();
    }

    private static long endedChildren() {
        if (!Files.isReadable(STAT)) {
            return 0;
        }
        try {
            // The name of the process, which may hold blanks, stands in brackets; cutime and cstime are 14 and 15
            // after.
            String stat = Files.readString(STAT);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * NANOS_PER_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
