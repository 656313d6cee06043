package dev.longshore.app.dev;

import dev.longshore.app.dev.EngineApi.Answer;
import dev.longshore.app.dev.EngineApi.Call;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sees to it that the engine has one small image to run: the one it has, else the registry's, else
 * one made from the machine's own busybox. Blocks the calling thread: where no registry can be
 * reached, for at most ten seconds.
 */
public final class ImageSetup {
    /** The image that is there afterwards. */
    public static final String IMAGE = "busybox:latest";

    /** The label of an image made here, with the value {@code local}. */
    public static final String LABEL = "dev.longshore.image";

    private static final Duration PULL_HEAD = Duration.ofSeconds(8);
    private static final Duration PULL = Duration.ofMinutes(2);
    private static final Duration IMPORT = Duration.ofSeconds(60);

    private final EngineApi api;
    private final Machine machine;
    private final Consumer<String> progress;

    /**
     * Makes one.
     *
     * @param api the engine
     * @param machine where a busybox may come from
     * @param progress is told of each step in a line
     */
    public ImageSetup(EngineApi api, Machine machine, Consumer<String> progress) {
        this.api = api;
        this.machine = machine;
        this.progress = progress;
    }

    /** Where an image came from. */
    public enum Origin {
        /** The engine had it. */
        PRESENT,
        /** From the registry. */
        PULLED,
        /** Made here: a stand-in. */
        LOCAL
    }

    /** Makes {@link #IMAGE} be there. */
    public Origin ensure() throws SetupException, InterruptedException {
        try {
            if (present()) {
                return Origin.PRESENT;
            }
            progress.accept("pulling " + IMAGE);
            String failure = pull();
            if (failure.isEmpty() && present()) {
                progress.accept(IMAGE + " is pulled");
                return Origin.PULLED;
            }
            progress.accept("cannot pull " + IMAGE + ": " + failure);
            importLocal();
            return Origin.LOCAL;
        } catch (IOException e) {
            throw new SetupException(
                    "no image " + IMAGE + ": " + e.getMessage(),
                    "load an image by hand: docker pull busybox, or docker load < busybox.tar",
                    e);
        }
    }

    /** Whether the engine has the image. */
    public boolean present() throws IOException {
        return api.get("/images/" + IMAGE + "/json", Duration.ofSeconds(10)).status() == 200;
    }

    /** Makes the image from the machine's own busybox, whatever the engine has. */
    public void importLocal() throws IOException, InterruptedException, SetupException {
        byte[] program = BusyboxImage.program(machine);
        byte[] tar = BusyboxImage.tar(program, BusyboxImage.applets(program));
        String changes =
                Stream.of(
                                "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "CMD [\"/bin/sh\"]",
                                "LABEL " + LABEL + "=local")
                        .map(
                                change ->
                                        "&changes="
                                                + URLEncoder.encode(change, StandardCharsets.UTF_8))
                        .collect(Collectors.joining());
        String path = "/images/create?fromSrc=-&repo=busybox&tag=latest" + changes;
        Answer answer = api.call(new Call("POST", path, tar, "application/x-tar", IMPORT, IMPORT));
        answer.orFail("import");
        String failure = failureIn(answer);
        if (!failure.isEmpty()) {
            throw new IOException("import: " + failure);
        }
        progress.accept(
                IMAGE
                        + " is a local stand-in, made from this machine's busybox ("
                        + (tar.length >> 10)
                        + " KiB, label "
                        + LABEL
                        + "=local)");
    }

    /** Empty where it worked, else why it did not. */
    private String pull() throws IOException {
        try {
            Answer answer =
                    api.call(
                            new Call(
                                    "POST",
                                    "/images/create?fromImage=busybox&tag=latest",
                                    new byte[0],
                                    "",
                                    PULL_HEAD,
                                    PULL));
            return answer.status() == 200 ? failureIn(answer) : answer.message();
        } catch (SocketTimeoutException e) {
            return "the registry does not answer in time";
        }
    }

    /** The engine reports what goes wrong later as a JSON line within a 200. */
    private static String failureIn(Answer answer) {
        List<String> errors =
                answer.text()
                        .lines()
                        .filter(line -> line.contains("\"error\""))
                        .map(line -> line.replaceAll(".*\"error\":\"(.*?)\".*", "$1"))
                        .toList();
        return errors.isEmpty() ? "" : errors.getFirst();
    }
}
