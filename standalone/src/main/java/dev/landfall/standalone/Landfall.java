package dev.landfall.standalone;

/** The command line's entry point. */
public final class Landfall {
    private Landfall() {}

    public static void main(String[] arguments) {}
}
