package dev.landfall.standalone;

import dev.landfall.project.StreamName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which streams are meant. */
final class StreamChoice {
    @Parameters(paramLabel = "STREAM", arity = "0..*", description = "source.stream, such as shopify.orders.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Every stream that ever landed.")
    private boolean all;

    List<StreamName> of(Landfall landfall, RunningSystem system) {
        if (all != names.isEmpty()) {
            throw landfall.usage(
                    all ? "name streams or --all, not both" : "name a stream, such as shopify.orders, or --all");
        }
        List<StreamName> known = system.streams();
        if (all) {
            return known;
        }
        Set<StreamName> streams = new LinkedHashSet<>();
        for (String name : names) {
            String[] parts = name.split("\\.", -1);
            if (parts.length != 2) {
                throw landfall.usage("'" + name + "' is not of the form source.stream");
            }
            StreamName stream = new StreamName(parts[0], parts[1]);
            if (!known.contains(stream)) {
                throw landfall.usage("there is no stream " + stream + " at " + system.where() + "; it has "
                        + (known.isEmpty()
                                ? "none yet"
                                : String.join(
                                        ", ",
                                        known.stream().map(StreamName::toString).toList())));
            }
            streams.add(stream);
        }
        return List.copyOf(streams);
    }
}
