package dev.landfall.jinja;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Python's bytes, as far as {@code str.encode} makes them: always UTF-8. */
record Bytes(String text) implements HostObject {

    @Override
    public Object attribute(String name) {
        return switch (name) {
            case "decode" -> (BuiltIn) arguments -> text;
            case "hex" -> (BuiltIn) arguments -> hexadecimal();
            default -> Undefined.of(name);
        };
    }

    private byte[] encoded() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String hexadecimal() {
        StringBuilder out = new StringBuilder();
        for (byte unit : encoded()) {
            out.append(String.format(Locale.ROOT, "%02x", unit & 0xff));
        }
        return out.toString();
    }

    @Override
    public int length() {
        return encoded().length;
    }

    @Override
    public boolean truth() {
        return !text.isEmpty();
    }

    @Override
    public String typeName() {
        return "bytes";
    }

    /** A string literal in which every unit that is not ASCII is escaped. */
    @Override
    public String toString() {
        String latin = new String(encoded(), StandardCharsets.ISO_8859_1);
        StringBuilder out = new StringBuilder("b");
        for (char character : Representation.repr(latin).toCharArray()) {
            out.append(
                    character < 0x80
                            ? String.valueOf(character)
                            : String.format(Locale.ROOT, "\\x%02x", (int) character));
        }
        return out.toString();
    }
}
