package dev.landfall.standalone;

import dev.landfall.event.DeadLetterStatus;
import dev.landfall.event.DeadLetterStatus.LeftOut;
import dev.landfall.event.RunRequested;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.StreamName;
import dev.landfall.standalone.Requests.Asked;
import dev.landfall.standalone.RunningSystem.Landed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What could not be applied and was set aside: shown, taken up again, or given up. */
@Command(
        name = "dead-letters",
        description = {
            "Show what could not be applied and was set aside, and decide what becomes of it.",
            "FILE is an object's key, or the end of one that is unique."
        },
        sortOptions = false)
final class DeadLettersCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Landfall landfall;

    DeadLettersCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        return list();
    }

    @Command(description = "List the files that models leave out, and records that are no landings.")
    int list() throws InvalidProjectException {
        RunningSystem system = RunningSystem.get(landfall);
        Console console = landfall.console();
        List<LeftOut> files = leftOut(system);
        List<Unreadable> records = unreadable(system);
        if (files.isEmpty() && records.isEmpty()) {
            console.line("nothing is set aside");
            return Landfall.FINE;
        }
        if (!files.isEmpty()) {
            TextTable table = new TextTable(List.of("model", "partition", "file", "since", "reason"));
            files.forEach(file -> table.row(List.of(
                    PipelineLines.name(file.model()),
                    file.partition(),
                    name(file.key()),
                    time(file.since()),
                    firstLine(withoutModel(file.reason())))));
            table.lines().forEach(console::line);
            long total = system.status().deadLetters().values().stream()
                    .mapToLong(DeadLetterStatus::total)
                    .sum();
            if (total > files.size()) {
                console.line("and " + (total - files.size()) + " more");
            }
        }
        if (!records.isEmpty()) {
            console.line("");
            TextTable table = new TextTable(List.of("record of", "offset", "key", "reason"));
            records.forEach(record -> table.row(List.of(
                    record.topic(), String.valueOf(record.offset()), record.key(), firstLine(record.reason()))));
            table.lines().forEach(console::line);
            console.line("The streams went on without these records; who wrote them may write their keys anew.");
        }
        return Landfall.FINE;
    }

    @Command(description = "Show all about a file: why each model left it out, and the landing that it came with.")
    int show(@Parameters(paramLabel = "FILE") String file) throws InvalidProjectException {
        RunningSystem system = RunningSystem.get(landfall);
        Console console = landfall.console();
        List<LeftOut> found = find(leftOut(system), List.of(file));
        Map<String, Letter> letters = letters(system);
        for (LeftOut each : found) {
            console.line("s3://" + each.bucket() + "/" + each.key());
            console.line("  etag       " + each.etag());
            console.line("  partition  " + each.partition());
            console.line("  model      " + each.model());
            console.line("  since      " + time(each.since()));
            Letter letter = letters.get(each.model() + "\n" + each.key() + "\n" + each.etag());
            if (letter != null) {
                console.line("  landing    " + letter.topic() + " offset " + letter.offset());
                console.line("  letter     " + system.topics().deadLetters() + " offset " + letter.own());
            }
            console.line("  reason     " + each.reason().replace("\n", "\n             "));
            console.line("");
        }
        return Landfall.FINE;
    }

    @Command(
            description = {
                "Apply files once more that were left out: after the model, or what it reads, was mended.",
                "Fails when they cannot be applied this time either."
            })
    int retry(
            @Parameters(paramLabel = "FILE", arity = "0..*") List<String> files,
            @Option(names = "--all", description = "Every file that is set aside.") boolean all)
            throws InvalidProjectException {
        return ask(RunRequested.RETRY, files, all);
    }

    @Command(
            description =
                    "Give files up: they are listed no more, and no model reads them until a newer version comes.")
    int drop(
            @Parameters(paramLabel = "FILE", arity = "0..*") List<String> files,
            @Option(names = "--all", description = "Every file that is set aside.") boolean all)
            throws InvalidProjectException {
        return ask(RunRequested.DROP, files, all);
    }

    private int ask(String cause, List<String> files, boolean all) throws InvalidProjectException {
        List<String> named = files == null ? List.of() : files;
        if (all != named.isEmpty()) {
            throw landfall.usage(all ? "name files or --all, not both" : "name a file, or --all");
        }
        RunningSystem system = RunningSystem.get(landfall);
        Map<String, DeadLetterStatus> status = system.status().deadLetters();
        List<LeftOut> chosen = all
                ? List.of()
                : find(
                        status.values().stream()
                                .flatMap(each -> each.files().stream())
                                .toList(),
                        named);
        List<Asked> asked = new ArrayList<>();
        status.forEach((stream, dead) -> {
            List<String> keys = dead.files().stream()
                    .filter(chosen::contains)
                    .map(LeftOut::key)
                    .distinct()
                    .toList();
            if (all ? dead.total() > 0 : !keys.isEmpty()) {
                asked.add(asked(cause, stream, keys));
            }
        });
        if (asked.isEmpty()) {
            landfall.console().line("nothing is set aside");
        }
        return ReplayCommand.run(landfall, system, asked, false);
    }

    /** @param files none for all: also those that the status has no room for */
    private static Asked asked(String cause, String stream, List<String> files) {
        return new Asked(
                new RunRequested(
                        UUID.randomUUID().toString(),
                        cause,
                        stream,
                        List.of(),
                        List.of(),
                        files,
                        false,
                        false,
                        Instant.now()),
                stream + " " + cause,
                cause.equals(RunRequested.DROP) ? "file" : "partition");
    }

    private static List<LeftOut> leftOut(RunningSystem system) {
        return system.status().deadLetters().values().stream()
                .flatMap(status -> status.files().stream())
                .toList();
    }

    private List<LeftOut> find(List<LeftOut> known, List<String> names) {
        List<LeftOut> found = new ArrayList<>();
        for (String name : names) {
            List<LeftOut> same =
                    known.stream().filter(file -> file.key().endsWith(name)).toList();
            long keys = same.stream().map(LeftOut::key).distinct().count();
            if (keys != 1) {
                throw landfall.usage(
                        keys == 0
                                ? "no file that is set aside ends with '" + name + "'; see landfall dead-letters list"
                                : keys + " files that are set aside end with '" + name + "'; write more of the key");
            }
            found.addAll(same);
        }
        return found;
    }

    /** A record of a landed topic that is no landing. */
    private record Unreadable(String topic, long offset, String key, String reason) {}

    /** Those that still are the newest of their key. */
    private static List<Unreadable> unreadable(RunningSystem system) {
        List<Unreadable> found = new ArrayList<>();
        for (StreamName stream : system.streams()) {
            for (Landed landed : system.landed(stream)) {
                if (landed.landing().isEmpty()) {
                    found.add(new Unreadable(
                            system.topics().landed(stream.source(), stream.stream()),
                            landed.offset(),
                            landed.key(),
                            landed.problem()));
                }
            }
        }
        return found;
    }

    /** Where a dead letter came from, and where it lies. */
    private record Letter(String topic, long offset, long own) {}

    /** The newest letter of each model and version of a file. */
    private static Map<String, Letter> letters(RunningSystem system) {
        Map<String, Letter> letters = new LinkedHashMap<>();
        system.read(system.topics().deadLetters(), message -> {
            Optional<String> model = header(message, "landfall-model");
            Optional<String> file = header(message, "landfall-file");
            Optional<String> etag = header(message, "landfall-etag");
            if (Stream.of(model, file, etag).allMatch(Optional::isPresent)) {
                letters.put(
                        model.get() + "\n" + file.get() + "\n" + etag.get(),
                        new Letter(
                                header(message, "kafka_dlt-original-topic").orElse("?"),
                                offset(message),
                                message.offset()));
            }
        });
        return letters;
    }

    private static Optional<String> header(ConsumerRecord<String, String> message, String name) {
        return Optional.ofNullable(message.headers().lastHeader(name))
                .map(header -> new String(header.value(), StandardCharsets.UTF_8));
    }

    private static long offset(ConsumerRecord<String, String> message) {
        Header header = message.headers().lastHeader("kafka_dlt-original-offset");
        return header == null || header.value().length != Long.BYTES
                ? -1
                : ByteBuffer.wrap(header.value()).getLong();
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** A column names the model already. */
    private static String withoutModel(String reason) {
        return reason.replaceFirst("^model \\S+ \\([^)]*\\): ", "");
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 120 ? line.substring(0, 119) + "…" : line;
    }

    private static String time(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }
}
