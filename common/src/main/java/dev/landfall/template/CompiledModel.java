package dev.landfall.template;

import dev.landfall.project.Model;
import java.util.Set;

/**
 * A model's SQL, ready to run.
 *
 * @param sql one query, the text of ephemeral models included
 * @param varsRead the variables that the template asked for, through macros too; {@code landed_partitions} or
 *     {@code files} among them tell that the model is landing-aware
 * @param checksum SHA-256 of the SQL
 */
public record CompiledModel(Model model, String sql, Set<String> varsRead, String checksum) {

    /** Whether the model narrows itself to the landings of its run. */
    public boolean landingAware() {
        return varsRead.contains("landed_partitions") || varsRead.contains("files");
    }
}
