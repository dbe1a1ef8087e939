package dev.landfall.standalone;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Where the command line writes: results and progress to standard output, everything else to standard error, always as
 * UTF-8. Colours only on a terminal.
 */
final class Console {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean colours;
    private String status = "";

    Console(PrintStream out, PrintStream err, boolean colours) {
        this.out = out;
        this.err = err;
        this.colours = colours;
    }

    /** Of this process. The launcher says with {@code landfall.terminal} whether standard output is a terminal. */
    static Console ofProcess() {
        boolean terminal = Boolean.getBoolean("landfall.terminal") && System.getenv("NO_COLOR") == null;
        return new Console(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                terminal);
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** The same stream for those who want a writer. */
    PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    boolean colours() {
        return colours;
    }

    /** A line of a result. */
    void line(String text) {
        print(out, text);
    }

    /** A line of progress, with the time of day before it. */
    void progress(String text) {
        print(out, LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + "  " + text);
    }

    void error(String text) {
        print(err, red("error: ") + text);
    }

    void warning(String text) {
        print(err, yellow("warning: ") + text);
    }

    /** What a terminal shows below all other lines from now on; empty for nothing. Elsewhere it is not shown. */
    synchronized void status(String text) {
        if (colours && !(status.isEmpty() && text.isEmpty())) {
            out.print(ERASE + dim(text));
            out.flush();
            status = text;
        }
    }

    private synchronized void print(PrintStream stream, String text) {
        if (status.isEmpty()) {
            stream.println(text);
            return;
        }
        out.print(ERASE);
        out.flush();
        stream.println(text);
        out.print(dim(status));
        out.flush();
    }

    String green(String text) {
        return coloured("32", text);
    }

    String red(String text) {
        return coloured("31", text);
    }

    String yellow(String text) {
        return coloured("33", text);
    }

    String bold(String text) {
        return coloured("1", text);
    }

    String dim(String text) {
        return coloured("2", text);
    }

    private String coloured(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
