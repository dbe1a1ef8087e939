package dev.landfall.artifact;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A JSON file in the making. It is there only once it is whole, so that no reader meets half of it. */
final class ArtifactFile implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Path file;
    private final Path unfinished;
    private final JsonGenerator json;

    private ArtifactFile(Path file, Path unfinished, OutputStream out) {
        this.file = file;
        this.unfinished = unfinished;
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** Begins the file with its one object. */
    static ArtifactFile begin(Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        ArtifactFile artifact = new ArtifactFile(
                file, unfinished, new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16));
        artifact.json.writeStartObject();
        return artifact;
    }

    /** dbt's form of a time. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    void beginObject(String name) {
        json.writeName(name);
        json.writeStartObject();
    }

    void endObject() {
        json.writeEndObject();
    }

    void beginArray(String name) {
        json.writeName(name);
        json.writeStartArray();
    }

    void endArray() {
        json.writeEndArray();
    }

    void field(String name, @Nullable Object value) {
        json.writeName(name);
        item(value);
    }

    /** Any value of a template or a YAML file; what JSON has no form for is written as text. */
    void item(@Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((key, item) -> field(String.valueOf(key), item));
            json.writeEndObject();
        } else if (value instanceof Iterable<?> items) {
            json.writeStartArray();
            items.forEach(this::item);
            json.writeEndArray();
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof java.math.BigInteger number) {
            json.writeNumber(number);
        } else if (value instanceof java.math.BigDecimal number) {
            json.writeNumber(number);
        } else {
            json.writeString(value.toString());
        }
    }

    /** Puts the file in its place. */
    Path finish() throws IOException {
        json.writeEndObject();
        json.close();
        return Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        json.close();
        Files.deleteIfExists(unfinished);
    }
}
