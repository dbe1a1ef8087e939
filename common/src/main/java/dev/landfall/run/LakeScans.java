package dev.landfall.run;

import dev.landfall.project.Project;
import dev.landfall.warehouse.ParsedQuery;
import dev.landfall.warehouse.Session;
import java.util.regex.Pattern;

/** Points a one-shot command's scans of object storage at files. */
final class LakeScans {
    private static final Pattern STORAGE = Pattern.compile("\\bs3[an]?://", Pattern.CASE_INSENSITIVE);

    private final Project project;
    private final RunSettings settings;
    private final LakeView lake;

    LakeScans(Project project, RunSettings settings, LakeView lake) {
        this.project = project;
        this.settings = settings;
        this.lake = lake;
    }

    /** Whether a query may read object storage at all. */
    static boolean mentionedIn(String sql) {
        return STORAGE.matcher(sql).find();
    }

    /** The query itself when it reads none. */
    String rewrite(Session session, String sql) {
        return mentionedIn(sql) ? new ScanPlan(project, settings, lake).rewrite(ParsedQuery.parse(session, sql)) : sql;
    }
}
