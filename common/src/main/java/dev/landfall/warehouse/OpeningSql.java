package dev.landfall.warehouse;

import dev.landfall.lake.StoreAccess;
import dev.landfall.project.Relation;
import dev.landfall.project.Target;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements that make a fresh connection what profiles.yml says, in dbt-duckdb's order. */
final class OpeningSql {
    /** Names the directory of extensions that were brought along, as the images do. */
    private static final String EXTENSIONS = "LANDFALL_DUCKDB_EXTENSIONS";

    /** Of the lake's own need, as opposed to those of profiles.yml. */
    private static final String HTTPFS = "LOAD httpfs";

    private OpeningSql() {}

    /** What to do when a statement fails, or nothing. */
    static String remedy(String sql) {
        return sql.equals(HTTPFS)
                ? "\n  landfall.lake.read is httpfs: put DuckDB's extension httpfs into the directory that "
                        + EXTENSIONS + " names, or set landfall.lake.read to mirror"
                : "";
    }

    /** Lets DuckDB read the buckets with the credentials. */
    static String lakeSecret(StoreAccess access) {
        Map<String, @Nullable Object> secret = new LinkedHashMap<>();
        secret.put("name", "landfall_lake");
        secret.put("type", "s3");
        secret.put(
                "scope",
                access.buckets().stream().map(bucket -> "s3://" + bucket + "/").toList());
        secret.put("key_id", access.accessKey());
        secret.put("secret", access.secretKey());
        secret.put("session_token", access.sessionToken());
        secret.put("region", access.region());
        secret.put("url_style", access.pathStyle() ? "path" : "vhost");
        URI endpoint = access.endpoint();
        if (endpoint != null) {
            secret.put("endpoint", endpoint.getAuthority());
            secret.put("use_ssl", !"http".equals(endpoint.getScheme()));
        }
        return secret(secret, 0);
    }

    /** Once per database: extensions, secrets, attached databases, memory. */
    static List<String> of(Target target, WarehouseSettings settings, @Nullable Path file) {
        List<String> statements = new ArrayList<>();
        // Commits that checkpoint on the way cost seconds; a close checkpoints anyway.
        if (!target.configOptions().containsKey("checkpoint_threshold")) {
            statements.add("SET GLOBAL checkpoint_threshold = '128MB'");
        }
        if (settings.tempDirectory() != null) {
            statements.add("SET GLOBAL temp_directory = "
                    + Relation.literal(settings.tempDirectory().toAbsolutePath().toString()));
        } else if (file == null && !target.settings().containsKey("temp_directory")) {
            statements.add("SET GLOBAL temp_directory = "
                    + Relation.literal(Path.of(System.getProperty("java.io.tmpdir"), "landfall-duckdb")
                            .toString()));
        }
        String extensions = System.getenv(EXTENSIONS);
        if (extensions != null && !extensions.isEmpty()) {
            statements.add("SET GLOBAL extension_directory = " + Relation.literal(extensions));
        }
        target.extensions().forEach(extension -> {
            String from = extension.repository() == null
                    ? ""
                    : extension.repository().contains("/")
                                    || extension.repository().contains(":")
                            ? " FROM " + Relation.literal(extension.repository())
                            : " FROM " + extension.repository();
            statements.add("INSTALL " + extension.name() + from);
            statements.add("LOAD " + extension.name());
        });
        if (settings.httpfs()) {
            statements.add(HTTPFS);
            // Without it a key's ? begins options, among them the address of another server.
            statements.add("SET GLOBAL s3_url_compatibility_mode = true");
            // Secrets are looked for in the home directory once, which the lock would forbid.
            statements.add("SELECT count(*) FROM duckdb_secrets()");
        }
        int number = 0;
        for (Map<String, @Nullable Object> secret : target.secrets()) {
            statements.add(secret(secret, number++));
        }
        if (target.duckLake()
                && target.attach().stream().noneMatch(each -> each.path().equals(target.path()))) {
            statements.add(
                    attach(new Target.Attachment(target.path(), target.database(), null, null, false, true, Map.of())));
        }
        target.attach().forEach(attachment -> statements.add(attach(attachment)));
        statements.addAll(perConnection(target, settings));
        List<String> lockDown = settings.lockDown();
        if (lockDown != null) {
            statements.addAll(lock(target, lockDown));
        }
        return statements;
    }

    /** Once per connection. */
    static List<String> perConnection(Target target, WarehouseSettings settings) {
        List<String> statements = new ArrayList<>();
        target.settings().forEach((key, value) -> statements.add("SET " + key + " = " + Relation.literal(value)));
        if (settings.memoryLimit() != null) {
            statements.add("SET GLOBAL memory_limit = " + Relation.literal(settings.memoryLimit()));
        }
        return statements;
    }

    /**
     * Extensions, secrets and attached databases are in place by now; from here on nothing reaches out. What each new
     * connection sets must stay settable.
     */
    private static List<String> lock(Target target, List<String> directories) {
        Set<String> allowed = new LinkedHashSet<>(directories);
        for (Target.Attachment attachment : target.attach()) {
            attachment.options().forEach((key, value) -> {
                if (key.equalsIgnoreCase("data_path") && value != null) {
                    allowed.add(value.toString());
                }
            });
        }
        Set<String> settable = new LinkedHashSet<>(target.settings().keySet());
        settable.add("memory_limit");
        return List.of(
                "SET GLOBAL autoinstall_known_extensions = false",
                "SET GLOBAL autoload_known_extensions = false",
                "SET GLOBAL allow_community_extensions = false",
                "SET GLOBAL allowed_directories = " + literals(allowed),
                "SET GLOBAL enable_external_access = false",
                "SET GLOBAL allowed_configs = " + literals(settable),
                "SET GLOBAL lock_configuration = true");
    }

    private static String literals(Collection<String> texts) {
        return texts.stream().map(Relation::literal).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String secret(Map<String, @Nullable Object> secret, int number) {
        Object name = secret.getOrDefault("name", "_dbt_secret_" + number);
        boolean persistent = Boolean.TRUE.equals(secret.get("persistent"));
        String body = secret.entrySet().stream()
                .filter(entry -> entry.getValue() != null
                        && !List.of("name", "persistent").contains(entry.getKey()))
                .map(entry ->
                        entry.getKey().toUpperCase(Locale.ROOT) + " " + secretValue(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        return "CREATE OR REPLACE " + (persistent ? "PERSISTENT " : "") + "SECRET "
                + Relation.quote(String.valueOf(name)) + " (" + body + ")";
    }

    private static String secretValue(String key, @Nullable Object value) {
        if (List.of("type", "provider").contains(key.toLowerCase(Locale.ROOT))) {
            return String.valueOf(value);
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(each -> Relation.literal(String.valueOf(each)))
                    .collect(Collectors.joining(", ", "(", ")"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> Relation.literal(String.valueOf(entry.getKey())) + ": "
                            + Relation.literal(String.valueOf(entry.getValue())))
                    .collect(Collectors.joining(", ", "MAP {", "}"));
        }
        return Relation.literal(String.valueOf(value));
    }

    private static String attach(Target.Attachment attachment) {
        List<String> options = new ArrayList<>();
        if (attachment.type() != null) {
            options.add("TYPE " + attachment.type());
        }
        if (attachment.secret() != null) {
            options.add("SECRET " + attachment.secret());
        }
        if (attachment.readOnly()) {
            options.add("READ_ONLY");
        }
        attachment
                .options()
                .forEach((key, value) -> options.add(key.toUpperCase(Locale.ROOT)
                        + (value == null || Boolean.TRUE.equals(value)
                                ? ""
                                : " "
                                        + (value instanceof Number
                                                ? value.toString()
                                                : Relation.literal(String.valueOf(value))))));
        String path = attachment.duckLake() && !attachment.path().startsWith("ducklake:")
                ? "ducklake:" + attachment.path()
                : attachment.path();
        return "ATTACH IF NOT EXISTS " + Relation.literal(path)
                + (attachment.alias() == null ? "" : " AS " + Relation.quote(attachment.alias()))
                + (options.isEmpty() ? "" : options.stream().collect(Collectors.joining(", ", " (", ")")));
    }

    static String withoutSecrets(String sql) {
        return sql.startsWith("CREATE OR REPLACE") ? sql.replaceFirst("\\(.*", "(…)") : sql;
    }
}
