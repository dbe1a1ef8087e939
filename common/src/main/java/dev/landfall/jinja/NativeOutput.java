package dev.landfall.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the value if only one is written; more than one become a text. */
final class NativeOutput implements Output {
    private final List<@Nullable Object> pieces = new ArrayList<>();
    private final Budget budget = Budget.current();
    private boolean lastIsText;

    @Override
    public void text(String text) {
        budget.wrote(text.length());
        if (lastIsText) {
            int last = pieces.size() - 1;
            pieces.set(last, pieces.get(last) + text);
        } else {
            pieces.add(text);
        }
        lastIsText = true;
    }

    @Override
    public void print(@Nullable Object value) {
        budget.wrote(1);
        pieces.add(value);
        lastIsText = false;
    }

    @Nullable
    Object value() {
        if (pieces.size() == 1) {
            Object only = pieces.get(0);
            return only instanceof NativeMarker marker ? marker.value() : Markup.plain(only);
        }
        TextOutput text = new TextOutput();
        pieces.forEach(text::print);
        return text.toString();
    }
}
