package dev.longshore.docker;

import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.TreeMap;

/**
 * What a container has from outside its image, as the engine is asked for it: always as mounts,
 * never as a bind's {@code source:target}, for which the engine would make a source that is not
 * there. Pure.
 */
final class HostMounts {
    private HostMounts() {}

    /** Without any mounts, nothing is said of them. */
    static void mount(HostConfig host, List<Mount> mounts) {
        if (!mounts.isEmpty()) {
            host.withMounts(mounts.stream().map(HostMounts::asked).toList());
        }
    }

    private static com.github.dockerjava.api.model.Mount asked(Mount mount) {
        com.github.dockerjava.api.model.Mount asked =
                new com.github.dockerjava.api.model.Mount().withTarget(mount.target());
        return switch (mount) {
            case Mount.Bind bind ->
                    asked.withType(MountType.BIND)
                            .withSource(bind.source())
                            .withReadOnly(bind.readOnly())
                            .withBindOptions(
                                    new BindOptions().withPropagation(BindPropagation.R_PRIVATE));
            case Mount.Volume volume ->
                    asked.withType(MountType.VOLUME)
                            .withSource(volume.name())
                            .withReadOnly(volume.readOnly());
            case Mount.Scratch scratch ->
                    asked.withType(MountType.VOLUME)
                            .withReadOnly(false)
                            .withVolumeOptions(
                                    new VolumeOptions()
                                            .withLabels(new TreeMap<>(scratch.labels())));
        };
    }

    /** What of a mount keeps a program apart from its host, in words. */
    static List<String> inWords(@Nullable List<com.github.dockerjava.api.model.Mount> mounts) {
        return mounts == null ? List.of() : mounts.stream().map(HostMounts::inWords).toList();
    }

    private static String inWords(com.github.dockerjava.api.model.Mount mount) {
        BindOptions options = mount.getBindOptions();
        return mount.getType()
                + " "
                + (mount.getSource() == null ? "" : mount.getSource())
                + " at "
                + mount.getTarget()
                + (Boolean.TRUE.equals(mount.getReadOnly()) ? " read-only" : " read-write")
                + (options == null || options.getPropagation() == null
                        ? ""
                        : " " + options.getPropagation());
    }
}
