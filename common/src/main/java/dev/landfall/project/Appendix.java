package dev.landfall.project;

import java.util.Map;

/**
 * What a project has beside what is built and read.
 *
 * @param exposures by unique id
 * @param groups by unique id
 * @param selectors of selectors.yml by name, as written
 * @param disabled the nodes that are switched off, by unique id
 */
public record Appendix(
        Map<String, Exposure> exposures,
        Map<String, Group> groups,
        Map<String, YamlMap> selectors,
        Map<String, Node> disabled) {
    public static final Appendix NONE = new Appendix(Map.of(), Map.of(), Map.of(), Map.of());
}
