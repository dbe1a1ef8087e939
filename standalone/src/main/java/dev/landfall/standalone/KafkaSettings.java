package dev.landfall.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of Kafka's clients from the variables that the services read too: {@code SPRING_KAFKA_BOOTSTRAP_SERVERS},
 * {@code SPRING_KAFKA_SECURITY_PROTOCOL}, {@code SPRING_KAFKA_PROPERTIES_*} and a PEM bundle that
 * {@code SPRING_KAFKA_SSL_BUNDLE} names.
 */
final class KafkaSettings {
    static final String SERVERS = "SPRING_KAFKA_BOOTSTRAP_SERVERS";

    private static final String PROPERTIES = "SPRING_KAFKA_PROPERTIES_";

    private KafkaSettings() {}

    static Map<String, Object> of(String bootstrapServers, Surroundings surroundings) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", "landfall");
        surroundings
                .variable("SPRING_KAFKA_SECURITY_PROTOCOL")
                .ifPresent(protocol -> settings.put("security.protocol", protocol));
        surroundings.environment().forEach((name, value) -> {
            if (name.startsWith(PROPERTIES) && !value.isEmpty()) {
                String key = name.substring(PROPERTIES.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                settings.put(key, value);
            }
        });
        surroundings.variable("SPRING_KAFKA_SSL_BUNDLE").ifPresent(bundle -> {
            String prefix = "SPRING_SSL_BUNDLE_PEM_" + bundle.toUpperCase(Locale.ROOT) + "_";
            pem(surroundings, prefix + "KEYSTORE_CERTIFICATE").ifPresent(text -> {
                settings.put("ssl.keystore.type", "PEM");
                settings.put("ssl.keystore.certificate.chain", text);
            });
            pem(surroundings, prefix + "KEYSTORE_PRIVATE_KEY")
                    .ifPresent(text -> settings.put("ssl.keystore.key", text));
            pem(surroundings, prefix + "TRUSTSTORE_CERTIFICATE").ifPresent(text -> {
                settings.put("ssl.truststore.type", "PEM");
                settings.put("ssl.truststore.certificates", text);
            });
        });
        return settings;
    }

    /** As in Spring Boot: the text itself, or {@code file:} and where it lies. */
    private static Optional<String> pem(Surroundings surroundings, String variable) {
        return surroundings.variable(variable).map(value -> {
            if (!value.startsWith("file:")) {
                return value;
            }
            try {
                return Files.readString(surroundings.resolve(Path.of(value.substring("file:".length()))));
            } catch (IOException e) {
                throw new UncheckedIOException(variable + ": cannot read " + value + ": " + e.getMessage(), e);
            }
        });
    }
}
