package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The argument {@code attribute} of many filters: {@code name}, {@code address.city}, {@code rows.0}, {@code 1}. */
final class AttributePath {
    private final List<Object> parts;
    private final @Nullable Object otherwise;
    private final boolean ignoreCase;

    private AttributePath(List<Object> parts, @Nullable Object otherwise, boolean ignoreCase) {
        this.parts = parts;
        this.otherwise = otherwise;
        this.ignoreCase = ignoreCase;
    }

    /** @param attribute None for the element itself */
    static AttributePath of(@Nullable Object attribute) {
        List<Object> parts = new ArrayList<>();
        if (attribute instanceof CharSequence) {
            for (String part : attribute.toString().split("\\.", -1)) {
                boolean number =
                        !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
                parts.add(number ? (Object) Long.parseLong(part) : part);
            }
        } else if (attribute != null) {
            parts.add(attribute);
        }
        return new AttributePath(parts, null, false);
    }

    /** Several attributes, separated by commas. */
    static List<AttributePath> all(@Nullable Object attribute, boolean ignoreCase) {
        List<AttributePath> paths = new ArrayList<>();
        if (attribute instanceof CharSequence) {
            for (String part : attribute.toString().split(",", -1)) {
                paths.add(of(part).ignoringCase(ignoreCase));
            }
        } else {
            paths.add(of(attribute).ignoringCase(ignoreCase));
        }
        return paths;
    }

    /** Takes this value for what is missing on the way, unless it is None. */
    AttributePath otherwise(@Nullable Object value) {
        return new AttributePath(parts, value, ignoreCase);
    }

    /** Gives texts in lower case. */
    AttributePath ignoringCase(boolean ignore) {
        return new AttributePath(parts, otherwise, ignore);
    }

    @Nullable
    Object get(@Nullable Object element) {
        Object value = element;
        for (Object part : parts) {
            value = Attributes.item(value, part);
            if (value instanceof Undefined && otherwise != null) {
                value = otherwise;
            }
        }
        return ignoreCase && value instanceof CharSequence ? value.toString().toLowerCase(Locale.ROOT) : value;
    }
}
