package dev.landfall.jinja;

/**
 * A named part of a file, {@code {% snapshot name %}…{% endsnapshot %}} or {@code {% docs name %}…{% enddocs %}}.
 *
 * @param location of the opening tag
 * @param source the text between the tags, unrendered
 * @param template the text between the tags, to be rendered on its own
 */
public record Block(String name, Location location, String source, Template template) {}
