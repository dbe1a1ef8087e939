package dev.landfall.standalone.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The demo's SQL files, which lie beside this class. */
final class DemoSql {
    private DemoSql() {}

    static String read(String name) throws IOException {
        try (InputStream in = DemoSql.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A SQL text literal. */
    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
