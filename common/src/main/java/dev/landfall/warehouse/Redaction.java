package dev.landfall.warehouse;

import dev.landfall.project.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes the secrets of profiles.yml out of what is logged or reported. */
final class Redaction {
    /** Of a secret these say where and how, and are worth reading in an error. */
    private static final Set<String> HARMLESS = Set.of(
            "type",
            "name",
            "provider",
            "scope",
            "persistent",
            "region",
            "endpoint",
            "url_style",
            "use_ssl",
            "url_compatibility_mode",
            "chain",
            "host",
            "port",
            "database",
            "user");

    private static final Pattern PASSWORD =
            Pattern.compile("(?i)(password|pwd|token|secret)(\\s*=\\s*)('[^']*'|\"[^\"]*\"|[^\\s;&'\"]+)");
    private static final Pattern USER_INFO = Pattern.compile("(://[^/\\s:@]+:)[^@\\s/]+@");

    private Redaction() {}

    static String of(Target target, @Nullable String text) {
        String redacted = text == null ? "" : text;
        for (String secret : secrets(target)) {
            redacted = redacted.replace(secret, "…");
        }
        redacted = PASSWORD.matcher(redacted).replaceAll("$1$2…");
        return USER_INFO.matcher(redacted).replaceAll("$1…@");
    }

    /** The longest first: one may be part of another. */
    private static List<String> secrets(Target target) {
        List<String> secrets = new ArrayList<>();
        for (Map<String, @Nullable Object> secret : target.secrets()) {
            secret.forEach((key, value) -> {
                if (value != null && !HARMLESS.contains(key.toLowerCase(Locale.ROOT))) {
                    collect(value, secrets);
                }
            });
        }
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        return secrets;
    }

    private static void collect(Object value, List<String> secrets) {
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(part -> collect(String.valueOf(part), secrets));
        } else if (value instanceof Iterable<?> parts) {
            parts.forEach(part -> collect(String.valueOf(part), secrets));
        } else if (value.toString().length() > 3) {
            secrets.add(value.toString());
        }
    }
}
