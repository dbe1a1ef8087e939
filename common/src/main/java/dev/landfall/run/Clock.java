package dev.landfall.run;

import dev.landfall.project.Model;
import dev.landfall.project.Node;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marts that are also built by the clock: {@code landfall: {every: 1h}}. */
final class Clock {
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(s|m|h|d)");

    private Clock() {}

    /** How old a mart may be at most, where it says so. */
    static Optional<Duration> every(Node node) {
        if (!(node instanceof Model model && model.config().getOrMeta("landfall") instanceof Map<?, ?> landfall)) {
            return Optional.empty();
        }
        Matcher matcher = DURATION.matcher(String.valueOf(landfall.get("every")));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }
}
