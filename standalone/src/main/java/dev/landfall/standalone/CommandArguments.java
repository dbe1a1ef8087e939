package dev.landfall.standalone;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command that runs and all of its options by their names in dbt, for artifacts. */
final class CommandArguments {
    private CommandArguments() {}

    static Map<String, @Nullable Object> of(CommandLine commandLine, List<String> given) {
        ParseResult parsed = commandLine.getParseResult();
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        arguments.put("which", parsed.commandSpec().name());
        arguments.put("invocation_command", "landfall " + String.join(" ", given));
        for (OptionSpec option : parsed.commandSpec().options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                arguments.put(name(option), value(option));
            }
        }
        return arguments;
    }

    private static String name(OptionSpec option) {
        String name = option.longestName().replaceFirst("^-+", "").replace('-', '_');
        return switch (name) {
            case "resource_type" -> "resource_types";
            case "exclude_resource_type" -> "exclude_resource_types";
            case "models" -> "select";
            default -> name;
        };
    }

    private static @Nullable Object value(ArgSpec option) {
        Object value = option.getValue();
        if (value instanceof Collection<?> items) {
            List<String> texts = new ArrayList<>();
            items.forEach(item -> texts.add(String.valueOf(item)));
            return texts;
        }
        return value == null || value instanceof Boolean || value instanceof Number
                ? value
                : value instanceof Enum<?> choice ? choice.name().toLowerCase(Locale.ROOT) : value.toString();
    }
}
