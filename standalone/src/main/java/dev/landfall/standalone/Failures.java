package dev.landfall.standalone;

import dev.landfall.jinja.JinjaException;
import dev.landfall.lake.LakeException;
import dev.landfall.warehouse.WarehouseException;
import java.io.UncheckedIOException;

/** What ended a command, told to the user: a message for what they can mend, a stack trace for a mistake of ours. */
final class Failures {
    private Failures() {}

    static void report(Throwable failure, Console console) {
        if (isExpected(failure)) {
            console.error(String.valueOf(failure.getMessage()));
        } else {
            console.error("this should not have happened: " + failure);
            failure.printStackTrace(console.err());
        }
    }

    private static boolean isExpected(Throwable failure) {
        return failure instanceof LakeException
                || failure instanceof WarehouseException
                || failure instanceof JinjaException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalStateException;
    }
}
