package dev.landfall.template;

import dev.landfall.jinja.Arguments;
import dev.landfall.jinja.JinjaException;
import java.util.Map;

/** {@code env_var()}. */
final class Environment {
    private static final String SECRET = "DBT_ENV_SECRET";

    private Environment() {}

    /** @param secrets whether secret variables may be read here: in profiles.yml and packages.yml */
    static Object read(Map<String, String> environment, Arguments arguments, boolean secrets) {
        String name = arguments.text(0, "var");
        if (name.startsWith(SECRET) && !secrets) {
            throw new JinjaException("Secret env vars are allowed only in profiles.yml or packages.yml. Found '" + name
                    + "' referenced elsewhere.");
        }
        String value = environment.get(name);
        if (value != null) {
            return value;
        }
        Object otherwise = arguments.get(1, "default");
        if (otherwise != null) {
            return otherwise;
        }
        throw new JinjaException("Env var required but not provided: '" + name + "'");
    }
}
