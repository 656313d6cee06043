package dev.longshore.executor;

import dev.longshore.docker.CopyEntry;
import dev.longshore.docker.ImageView;
import dev.longshore.docker.Mount;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Input;
import dev.longshore.job.JobFiles;
import dev.longshore.job.Output;
import dev.longshore.job.ProvisionScript;
import dev.longshore.job.SecretUse;
import dev.longshore.results.StagedFile;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How a job's files reach its container: as mounts, as copies before the start, and, for provision
 * scripts, as words before those of the program. Pure.
 */
final class ContainerFiles {
    /** The directory in a container that is ours. */
    static final String OURS = "/.longshore";

    private static final String START = OURS + "/start";
    private static final String PROVISION = OURS + "/provision";

    /** Whoever the program runs as, it may write its outputs. */
    private static final int ANYBODY = 01777;

    private static final int EXECUTABLE = 0755;

    private ContainerFiles() {}

    /**
     * The mounts of a container.
     *
     * @param sources the real path of each bind's source, by its place among the inputs
     * @param labels of the volumes that are made for it
     */
    static List<Mount> mounts(
            ExecutionRequest request, Map<Integer, Path> sources, Map<String, String> labels) {
        JobFiles files = request.files();
        Map<String, Mount> byTarget = new LinkedHashMap<>();
        for (int i = 0; i < files.inputs().size(); i++) {
            switch (files.inputs().get(i)) {
                case Input.Bind bind ->
                        byTarget.put(
                                bind.target(),
                                new Mount.Bind(
                                        Objects.requireNonNull(sources.get(i), "source").toString(),
                                        bind.target(),
                                        bind.readOnly()));
                case Input.Volume volume ->
                        byTarget.put(
                                volume.target(),
                                new Mount.Volume(
                                        volume.name(), volume.target(), volume.readOnly()));
                case Input.Inline inline -> {}
                case Input.Http http -> {}
            }
        }
        for (Output output : files.outputs()) {
            byTarget.put(output.target(), new Mount.Scratch(output.target(), labels));
        }
        if (request.engine().isolation().readOnlyRootfs()) {
            // Nothing can be copied into a root that is read-only, but into a volume in it.
            for (String path : copied(request)) {
                if (byTarget.keySet().stream().noneMatch(target -> isUnder(path, target))) {
                    String directory = parent(path);
                    byTarget.put(directory, new Mount.Scratch(directory, labels));
                }
            }
        }
        return List.copyOf(byTarget.values());
    }

    /** Where something is copied to before the start. */
    private static List<String> copied(ExecutionRequest request) {
        JobFiles files = request.files();
        Stream<String> here =
                Stream.concat(
                                entries(files, null, Map.of()).stream(),
                                secrets(request, Map.of()).stream())
                        .map(CopyEntry::path);
        Stream<String> fetched =
                files.inputs().stream().filter(Input.Http.class::isInstance).map(Input::target);
        return Stream.concat(here, fetched).toList();
    }

    private static boolean isUnder(String path, String target) {
        return path.equals(target) || path.startsWith(target + "/");
    }

    private static String parent(String path) {
        if (path.startsWith(OURS + "/")) {
            return OURS;
        }
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    /**
     * What is copied in before the start.
     *
     * @param fetched what was fetched for inputs that name a URL, by their places among the inputs
     */
    static List<CopyEntry> entries(
            JobFiles files, @Nullable String user, Map<Integer, StagedFile.Whole> fetched) {
        List<CopyEntry> entries = new ArrayList<>();
        for (Output output : files.outputs()) {
            entries.add(CopyEntry.directory(output.target(), ANYBODY));
        }
        int[] owner = owner(user);
        for (Input input : files.inputs()) {
            if (input instanceof Input.Inline inline) {
                entries.add(
                        CopyEntry.file(
                                inline.target(),
                                inline.content(),
                                inline.mode(),
                                owner[0],
                                owner[1]));
            }
        }
        if (!files.provision().isEmpty()) {
            int number = 0;
            for (ProvisionScript script : files.provision()) {
                entries.add(script(scriptPath(number++, script), script.script()));
            }
            entries.add(script(START, startScript(files.provision())));
        }
        for (int i = 0; i < files.inputs().size(); i++) {
            StagedFile.Whole whole = fetched.get(i);
            if (whole != null && files.inputs().get(i) instanceof Input.Http http) {
                entries.add(
                        new CopyEntry.Stored(
                                http.target(),
                                whole.path(),
                                whole.bytes(),
                                http.mode(),
                                new CopyEntry.Owner(owner[0], owner[1])));
            }
        }
        return List.copyOf(entries);
    }

    /**
     * The secrets among what is copied in, owned as the files that come with the command.
     *
     * @param values by the secrets' names; one that is not there is empty
     */
    static List<CopyEntry> secrets(ExecutionRequest request, Map<String, byte[]> values) {
        int[] owner = owner(request.engine().user());
        List<CopyEntry> entries = new ArrayList<>();
        for (SecretUse use : request.files().secrets()) {
            if (use instanceof SecretUse.File file) {
                byte[] value = values.getOrDefault(file.name(), new byte[0]);
                entries.add(CopyEntry.file(file.target(), value, file.mode(), owner[0], owner[1]));
            }
        }
        return entries;
    }

    private static CopyEntry script(String path, String text) {
        return CopyEntry.file(path, text.getBytes(StandardCharsets.UTF_8), EXECUTABLE, 0, 0);
    }

    /** The user and group by number, root's where they are named: only the image knows those. */
    private static int[] owner(@Nullable String user) {
        String[] parts = user == null ? new String[0] : user.split(":", 2);
        int[] owner = new int[2];
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].matches("[0-9]{1,9}")) {
                owner[i] = Integer.parseInt(parts[i]);
            }
        }
        return owner;
    }

    private static String scriptPath(int number, ProvisionScript script) {
        return PROVISION + "/" + number + "-" + script.name();
    }

    /** Names follow the rule of ids, so that nothing here needs quoting. */
    private static String startScript(List<ProvisionScript> scripts) {
        StringBuilder text = new StringBuilder("#!/bin/sh\n");
        int number = 0;
        for (ProvisionScript script : scripts) {
            text.append(scriptPath(number++, script))
                    .append(" || { code=$?; echo \"longshore: provision script ")
                    .append(script.name())
                    .append(" failed with exit code $code\" >&2; exit \"$code\"; }\n");
        }
        return text.append(
                        "[ $# -gt 0 ] || { echo 'longshore: neither the job nor its image names a"
                                + " program' >&2; exit 127; }\n")
                .append("exec \"$@\"\n")
                .toString();
    }

    /**
     * The same spec, with the provision scripts before its program: the words of the program stay
     * words of their own, whether they are the job's or the image's.
     */
    static EngineSpec provisioned(EngineSpec engine, JobFiles files, ImageView image) {
        if (files.provision().isEmpty()) {
            return engine;
        }
        List<String> words = new ArrayList<>();
        if (engine.entrypoint().isEmpty()) {
            words.addAll(image.entrypoint());
            words.addAll(engine.command().isEmpty() ? image.command() : engine.command());
        } else {
            words.addAll(engine.entrypoint());
            words.addAll(engine.command());
        }
        return engine.withProgram(List.of("/bin/sh", START), words);
    }
}
