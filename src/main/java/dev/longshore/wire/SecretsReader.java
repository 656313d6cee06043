package dev.longshore.wire;

import dev.longshore.job.RefusalCode;
import dev.longshore.job.SecretUse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The secrets that a start command asks for by name; a broken rule is a {@link RefusedException}.
 * Messages show no value of these fields: someone may have put the secret itself there. Any thread.
 */
final class SecretsReader {
    /** No separator, and no dot before it: a name leads nowhere else. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private SecretsReader() {}

    /**
     * @param targets where the command puts other things; the secrets' files are added
     */
    static List<SecretUse> read(Given body, Targets targets) {
        List<SecretUse> secrets = new ArrayList<>();
        Set<String> variables = new HashSet<>(body.field("environment").texts().keySet());
        for (Given item : body.field("secrets").items()) {
            String name = item.field("name").node().asText();
            if (!NAME.matcher(name).matches()) {
                throw item.field("name")
                        .refused(
                                "must be the name of a secret, never the secret: 1 to 128 letters,"
                                        + " digits, '_', '.' or '-', starting with a letter or"
                                        + " digit");
            }
            Given environment = item.field("environment");
            Given target = item.field("target");
            if (environment.isAbsent() == target.isAbsent()) {
                throw item.refused("needs either environment or target");
            }
            secrets.add(
                    target.isAbsent()
                            ? variable(name, item, variables)
                            : new SecretUse.File(
                                    name,
                                    targets.add(target, Targets.Kind.SECRET),
                                    FilesReader.mode(
                                            item.field("mode"), SecretUse.File.DEFAULT_MODE)));
        }
        return secrets;
    }

    private static SecretUse variable(String name, Given item, Set<String> taken) {
        Given given = item.field("environment");
        String variable = given.node().asText();
        StartRules.checkVariable(variable, given.pointer());
        if (!taken.add(variable)) {
            throw new RefusedException(
                    RefusalCode.INVALID_ENV,
                    given.pointer(),
                    "a variable of this name is there already");
        }
        if (!item.field("mode").isAbsent()) {
            throw item.field("mode").refused("a variable has no mode");
        }
        return new SecretUse.Variable(name, variable);
    }
}
