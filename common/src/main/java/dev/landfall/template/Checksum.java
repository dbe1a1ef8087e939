package dev.landfall.template;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** SHA-256. */
final class Checksum {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private Checksum() {}

    static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    static String hex(String text) {
        return HexFormat.of().formatHex(of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Of a template, whatever its white space: dbt's way to tell whether a model has changed. */
    static String ofText(String text) {
        return hex(SPACE.matcher(text.strip()).replaceAll(" "));
    }

    /** Over files by name, whatever the order in which they were read. */
    static String hex(Map<String, byte[]> digests) {
        MessageDigest digest = digest();
        new TreeMap<>(digests).forEach((name, bytes) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(bytes);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
