package dev.landfall.jinja;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code dict.keys()}, {@code .values()}, {@code .items()}: a live view of the dict. */
final class DictView extends AbstractCollection<@Nullable Object> implements TypedValue {

    enum Kind {
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ITEMS("dict_items");

        private final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }
    }

    private final Kind kind;
    private final Map<?, ?> map;

    DictView(Kind kind, Map<?, ?> map) {
        this.kind = kind;
        this.map = map;
    }

    Kind kind() {
        return kind;
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public @Nullable Object next() {
                Map.Entry<?, ?> entry = entries.next();
                return switch (kind) {
                    case KEYS -> entry.getKey();
                    case VALUES -> entry.getValue();
                    case ITEMS -> PyTuple.of(entry.getKey(), entry.getValue());
                };
            }
        };
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public String typeName() {
        return kind.typeName;
    }
}
