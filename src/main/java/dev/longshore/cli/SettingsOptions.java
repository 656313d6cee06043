package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the settings of a node come from, besides the environment. */
final class SettingsOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings. Default: conf/longshore.yaml, if there.")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting; wins over file and environment.")
    private Map<String, String> flags = new LinkedHashMap<>();

    /** The file, or null where there is none and none is named. */
    @Nullable Path file() {
        Path file = config == null ? Path.of("conf", "longshore.yaml") : config;
        boolean there = Files.isReadable(file);
        if (config != null && !there) {
            throw new CliFailure(ExitCodes.USAGE, "there is no settings file " + config);
        }
        return there ? file : null;
    }

    /** Single settings, which win. */
    Map<String, String> flags() {
        return flags;
    }
}
