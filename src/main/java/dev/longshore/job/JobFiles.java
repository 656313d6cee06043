package dev.longshore.job;

import java.util.List;

/**
 * What goes into a container and comes out of it besides its image and its log.
 *
 * @param inputs what the program finds
 * @param outputs what is collected
 * @param provision scripts that run before the program, in this order; the first that fails ends
 *     the execution
 * @param secrets what it is given of the secrets that its node holds
 */
public record JobFiles(
        List<Input> inputs,
        List<Output> outputs,
        List<ProvisionScript> provision,
        List<SecretUse> secrets) {
    /** Nothing. */
    public static final JobFiles NONE = new JobFiles(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public JobFiles {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        provision = List.copyOf(provision);
        secrets = List.copyOf(secrets);
    }

    /** The secrets that become files. */
    public List<SecretUse> secretFiles() {
        return secrets.stream().filter(SecretUse.File.class::isInstance).toList();
    }

    /** Without secrets. */
    public JobFiles(List<Input> inputs, List<Output> outputs, List<ProvisionScript> provision) {
        this(inputs, outputs, provision, List.of());
    }
}
