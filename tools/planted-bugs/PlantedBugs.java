import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plants one bug after another in a copy of the tree and runs the test that must catch it: {@code java
 * tools/planted-bugs/PlantedBugs.java [NAME...]}, from the repository's root. Fails when a bug gets away.
 *
 * <p>A bug is a file in bugs/: what is wrong, the test, the file, and between {@code <<<<}, {@code ====} and {@code >>>>}
 * the lines that are there once and what takes their place. {@code PLANTED_BUGS_RUN} names a command that is given
 * directory, module and tests instead of Maven.
 */
public final class PlantedBugs {
    private static final Set<String> LEFT_BEHIND = Set.of(".git", "target", "data", ".idea");
    private static final int MINUTES = 10;

    private record Bug(String name, String what, String module, List<String> tests, Path file, String old, String bad) {
        static Bug read(Path path) {
            try {
                String text = Files.readString(path);
                String[] head = text.substring(0, text.indexOf("<<<<\n")).split("\n");
                String[] test = head[1].substring("test: ".length()).split(" ");
                int from = text.indexOf("<<<<\n") + 5;
                int middle = text.indexOf("====\n");
                return new Bug(
                        path.getFileName().toString().replace(".bug", ""),
                        head[0],
                        test[0],
                        Arrays.asList(test).subList(1, test.length),
                        Path.of(head[2].substring("file: ".length())),
                        text.substring(from, middle - 1),
                        text.substring(middle + 5, Math.max(middle + 5, text.lastIndexOf(">>>>\n") - 1)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path tree = Path.of("").toAbsolutePath();
        List<Bug> bugs;
        try (Stream<Path> files = Files.list(tree.resolve("tools/planted-bugs/bugs"))) {
            bugs = files.filter(file -> file.toString().endsWith(".bug"))
                    .sorted()
                    .map(Bug::read)
                    .filter(bug -> arguments.length == 0 || List.of(arguments).contains(bug.name()))
                    .toList();
        }
        Path copy = Files.createTempDirectory("planted-bugs-");
        copy(tree, copy);
        List<String> escaped = new ArrayList<>();
        for (Bug bug : bugs) {
            String end = plant(bug, copy);
            System.out.printf("%-9s %-30s %s%n", end, bug.name(), bug.module() + " " + String.join(" ", bug.tests()));
            if (!end.equals("caught")) {
                escaped.add(bug.name());
            }
        }
        System.out.println(bugs.size() - escaped.size() + " of " + bugs.size() + " caught"
                + (escaped.isEmpty() ? "" : "; not: " + String.join(", ", escaped)));
        System.exit(escaped.isEmpty() ? 0 : 1);
    }

    private static String plant(Bug bug, Path copy) throws Exception {
        Path file = copy.resolve(bug.file());
        String good = Files.readString(file);
        int at = good.indexOf(bug.old());
        if (at < 0 || good.indexOf(bug.old(), at + 1) >= 0) {
            return "NO PLACE";
        }
        Files.writeString(file, good.substring(0, at) + bug.bad() + good.substring(at + bug.old().length()));
        try {
            return run(bug, copy);
        } finally {
            Files.writeString(file, good);
        }
    }

    private static String run(Bug bug, Path copy) throws Exception {
        Path log = copy.resolve("planted-" + bug.name() + ".log");
        Process process = new ProcessBuilder(command(bug, copy))
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return "hangs";
        }
        String said = Files.readString(log);
        if (said.contains("COMPILATION ERROR") || said.contains(": error:")) {
            return "NO BUILD";
        }
        return process.exitValue() == 0 ? "ESCAPED" : "caught";
    }

    private static List<String> command(Bug bug, Path copy) {
        String own = System.getenv("PLANTED_BUGS_RUN");
        List<String> command = new ArrayList<>();
        if (own != null) {
            command.addAll(List.of(own, copy.toString(), bug.module()));
            command.addAll(bug.tests());
            return command;
        }
        String units = named(bug, "Test");
        String integration = named(bug, "IT");
        command.addAll(List.of("./mvnw", "-q", "-pl", bug.module(), "-am", integration.isEmpty() ? "test" : "verify"));
        command.addAll(List.of(
                "-Dtest=" + (units.isEmpty() ? "none" : units),
                "-Dit.test=" + (integration.isEmpty() ? "none" : integration),
                "-Dsurefire.failIfNoSpecifiedTests=false",
                "-Dfailsafe.failIfNoSpecifiedTests=false",
                "-Dspotless.check.skip"));
        return command;
    }

    private static String named(Bug bug, String ending) {
        return bug.tests().stream()
                .filter(test -> test.split("#")[0].endsWith(ending))
                .collect(Collectors.joining(","));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (LEFT_BEHIND.contains(String.valueOf(folder.getFileName()))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && !LEFT_BEHIND.contains(String.valueOf(file.getFileName()))) {
                    Files.copy(file, to.resolve(from.relativize(file)), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
