package dev.landfall.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs the benches that are named, else all, and prints what they measured; exits 1 when a limit was missed. */
public final class Benches {
    private static final List<Bench> ALL = List.of(
            new LandingBench(),
            new HistoryBench(),
            new ReplayBench(),
            new WaveBench(),
            new RateBench(),
            DetectionBench.steady(),
            DetectionBench.firstStart(),
            new TableBench());

    private Benches() {}

    public static void main(String[] names) throws Exception {
        Set<String> wanted =
                Arrays.stream(names).filter(name -> !name.isBlank()).collect(Collectors.toSet());
        Set<String> known = ALL.stream().map(Bench::name).collect(Collectors.toSet());
        if (!known.containsAll(wanted)) {
            throw new IllegalArgumentException("there are the benches " + known + ", not " + wanted);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Report report = new Report(out);
        for (Bench bench : ALL) {
            if (wanted.isEmpty() || wanted.contains(bench.name())) {
                out.println("bench " + bench.name());
                try (Scratch scratch = Scratch.make(bench.name())) {
                    bench.run(report, scratch);
                }
            }
        }
        out.println();
        out.println(report.markdown());
        System.exit(report.missed() ? 1 : 0);
    }
}
