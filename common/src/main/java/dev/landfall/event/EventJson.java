package dev.landfall.event;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as JSON, and the CloudEvents attributes that go beside them in the record's headers.
 *
 * <p>An event is a record of this package. Its type is its name and version, as in {@code
 * dev.landfall.partition-landed.v1}. Fields that are added later must be {@code @Nullable}: every other field must be
 * there when an event is read.
 */
public final class EventJson {
    /** The header that holds an event's type and version. */
    public static final String TYPE_HEADER = "ce_type";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    /** The parts of each type of record; the JDK makes them anew for whoever asks. */
    private static final ClassValue<List<Part>> PARTS = new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).map(Part::of).toList();
        }
    };

    private record Part(String name, boolean nullable, Method accessor) {
        static Part of(RecordComponent component) {
            return new Part(
                    component.getName(),
                    component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                    component.getAccessor());
        }

        @Nullable
        Object of(Object value) {
            try {
                return accessor.invoke(value);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + accessor, e);
            }
        }
    }

    private EventJson() {}

    public static String write(Record event) {
        return MAPPER.writeValueAsString(event);
    }

    /**
     * Reads an event.
     *
     * @param json a record's value; null is refused
     * @throws EventException when it is not such an event; the message says what is wrong and where
     */
    public static <T extends Record> T read(Class<T> event, @Nullable String json) throws EventException {
        if (json == null) {
            throw new EventException("a " + typeOf(event) + " without a value");
        }
        try {
            T read = MAPPER.readValue(json, event);
            if (read == null) {
                throw new EventException("'null' is not a " + typeOf(event));
            }
            requireComplete(event, read, "");
            return read;
        } catch (JacksonException e) {
            throw new EventException("not a " + typeOf(event) + ": " + explain(e));
        }
    }

    /** As {@link #read(Class, String)}; refuses an event of another type or version, where the header tells it. */
    public static <T extends Record> T read(Class<T> event, @Nullable String json, @Nullable String typeHeader)
            throws EventException {
        if (typeHeader != null && !typeHeader.equals(typeOf(event))) {
            throw new EventException("the record is a " + typeHeader + ", not a " + typeOf(event)
                    + "; update this service if the writer is newer");
        }
        return read(event, json);
    }

    /** The type and version of an event: {@code dev.landfall.partition-landed.v1}. */
    public static String typeOf(Class<? extends Record> event) {
        String words = event.getSimpleName().replaceAll("(?<!^)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        return "dev.landfall." + words + ".v1";
    }

    /**
     * The record's headers, as CloudEvents' Kafka binding has them.
     *
     * @param source the service that speaks: {@code /core-runner}
     * @param subject what the event is about: a model, a partition
     */
    public static Map<String, String> headers(
            Class<? extends Record> event, String source, String subject, Instant time) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", UUID.randomUUID().toString());
        headers.put("ce_source", source);
        headers.put(TYPE_HEADER, typeOf(event));
        headers.put("ce_subject", subject);
        headers.put("ce_time", time.toString());
        headers.put("content-type", "application/json");
        return headers;
    }

    /** Nullness is the contract: a field that is not {@code @Nullable} must have come. */
    private static void requireComplete(Class<?> type, Object value, String path) throws EventException {
        for (Part part : PARTS.get(type)) {
            String field = path + part.name();
            Object content = part.of(value);
            if (content == null) {
                if (!part.nullable()) {
                    throw new EventException("not a " + type.getSimpleName() + ": '" + field + "' is missing");
                }
            } else if (content instanceof Record nested) {
                requireComplete(nested.getClass(), nested, field + ".");
            } else if (content instanceof List<?> list) {
                requireCompleteElements(list, field);
            }
        }
    }

    private static void requireCompleteElements(List<?> list, String field) throws EventException {
        for (int index = 0; index < list.size(); index++) {
            Object element = list.get(index);
            if (element == null) {
                throw new EventException("'" + field + "[" + index + "]' is null");
            }
            if (element instanceof Record nested) {
                requireComplete(nested.getClass(), nested, field + "[" + index + "].");
            }
        }
    }

    private static String explain(JacksonException e) {
        String place = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return e.getOriginalMessage() + place;
    }
}
