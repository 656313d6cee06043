package dev.longshore.executor;

import dev.longshore.job.Input;
import dev.longshore.job.WebAddress;
import dev.longshore.results.StagedFile;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * One file on its way from a server to the node's disk. Redirects are followed by hand, each only
 * to where the policy leads. Lives on the executor's context and holds no thread.
 */
final class Fetch {
    static final int MOST_REDIRECTS = 5;
    private static final long MOST_WAITING_BYTES = 1 << 20;
    private static final Duration LAST_PIECES = Duration.ofSeconds(1);

    private final HttpClient client;
    private final Timers timers;
    private final Limits limits;
    private final Input.Http input;
    private final StagedFile file;
    private final Promise<StagedFile.Whole> done = Promise.promise();
    private Timers.Timer totalTimer = () -> {};
    private Timers.Timer silenceTimer = () -> {};
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private long heardAtNanos;
    private long bytes;
    private long waitingBytes;
    private boolean paused;
    private boolean broken;
    private boolean came;

    /**
     * What bounds it.
     *
     * @param policy where files may come from
     * @param rules for how long
     * @param leftBytes how much more the attempt may have
     */
    record Limits(DownloadPolicy policy, InputRules rules, long leftBytes) {}

    /**
     * @param file where it goes; the caller removes it
     */
    Fetch(HttpClient client, Timers timers, Limits limits, Input.Http input, StagedFile file) {
        this.client = client;
        this.timers = timers;
        this.limits = limits;
        this.input = input;
        this.file = file;
    }

    /** Fails with {@link InputFailure}. */
    Future<StagedFile.Whole> start() {
        Duration total = limits.rules.total();
        totalTimer =
                timers.after(
                        total,
                        () ->
                                fail(
                                        "did not come within "
                                                + total
                                                + " (inputs.timeout of the node)"));
        heardAtNanos = timers.nanoTime();
        listenForSilence();
        open(input.address(), 0);
        return done.future()
                .onComplete(
                        any -> {
                            totalTimer.cancel();
                            silenceTimer.cancel();
                        });
    }

    /** Hangs up. */
    void stop() {
        fail("is not wanted any more");
    }

    private void listenForSilence() {
        Duration silence = limits.rules.silence();
        silenceTimer =
                timers.after(
                        silence.dividedBy(4),
                        () -> {
                            if (!paused && timers.nanoTime() - heardAtNanos > silence.toNanos()) {
                                fail(
                                        "stalled: its server said nothing for "
                                                + silence
                                                + " (inputs.stall-timeout of the node)");
                            } else {
                                listenForSilence();
                            }
                        });
    }

    private void open(WebAddress address, int redirects) {
        if (!limits.policy.allows(address)) {
            fail(
                    "was redirected to "
                            + address
                            + ", from where this node may not fetch files (policy.downloads)");
            return;
        }
        RequestOptions asked =
                new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setSsl(address.isSecure())
                        .setHost(address.host())
                        .setPort(address.port())
                        .setURI(address.target())
                        .setFollowRedirects(false)
                        .putHeader("Accept", "*/*")
                        .putHeader("Accept-Encoding", "identity")
                        .putHeader("User-Agent", "longshore");
        client.request(asked)
                .compose(this::send)
                .onSuccess(answer -> answered(address, answer, redirects))
                .onFailure(failure -> fail("could not be asked for: " + failure.getMessage()));
    }

    private Future<HttpClientResponse> send(HttpClientRequest opened) {
        // Its failures are told by the answer, or by the response.
        opened.exceptionHandler(told -> {});
        request = opened;
        if (done.future().isComplete()) {
            opened.reset();
        }
        return opened.send();
    }

    private void answered(WebAddress address, HttpClientResponse answer, int redirects) {
        heardAtNanos = timers.nanoTime();
        answer.exceptionHandler(told -> {}); // also of one that is reset: without, it is logged
        int status = answer.statusCode();
        String location = answer.getHeader("Location");
        if (done.future().isComplete()) {
            answer.request().reset();
        } else if (isRedirect(status) && location != null) {
            answer.request().reset();
            redirected(address, location, redirects);
        } else if (status != 200) {
            fail("could not be had: " + refusal(status));
        } else {
            read(answer);
        }
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    private static String refusal(int status) {
        String advice =
                switch (status) {
                    case 401, 403 ->
                            "; this node sends no credentials, so the URL has to be one that needs"
                                    + " none, such as one that is signed";
                    case 404, 410 -> "; is its URL right?";
                    default -> status >= 500 ? "; it may be there later" : "";
                };
        return "the server answered " + status + advice;
    }

    private void redirected(WebAddress from, String location, int redirects) {
        WebAddress next = from.follow(location);
        if (redirects == MOST_REDIRECTS) {
            fail("was redirected more than " + MOST_REDIRECTS + " times");
        } else if (next == null) {
            fail("was redirected to what is no address of the web that this node follows");
        } else {
            open(next, redirects + 1);
        }
    }

    private void read(HttpClientResponse answer) {
        response = answer;
        if (declared(answer) > limits.leftBytes) {
            failTooLarge();
            return;
        }
        answer.exceptionHandler(failure -> brokeOff(answer, failure));
        answer.handler(this::take);
        answer.endHandler(
                end -> {
                    came = true;
                    file.finish()
                            .onSuccess(this::check)
                            .onFailure(failure -> fail("was not kept: " + failure.getMessage()));
                });
    }

    /**
     * A server that closes when it has sent everything is heard before what it sent, where that
     * waits here to be read on: then its end is among it.
     */
    private void brokeOff(HttpClientResponse answer, Throwable failure) {
        broken = true;
        answer.resume();
        timers.after(
                LAST_PIECES,
                () -> {
                    if (!came) {
                        fail("broke off after " + bytes + " bytes: " + failure.getMessage());
                    }
                });
    }

    private static long declared(HttpClientResponse answer) {
        String length = answer.getHeader("Content-Length");
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
    }

    private void take(Buffer piece) {
        heardAtNanos = timers.nanoTime();
        bytes += piece.length();
        if (done.future().isComplete()) {
            return;
        }
        if (bytes > limits.leftBytes) {
            failTooLarge();
            return;
        }
        waitingBytes += piece.length();
        flow();
        file.write(piece)
                .onComplete(
                        written -> {
                            waitingBytes -= piece.length();
                            flow();
                        })
                .onFailure(failure -> fail("was not kept: " + failure.getMessage()));
    }

    /** What was read and is not on the disk yet is bounded by reading no further. */
    private void flow() {
        HttpClientResponse reading = response;
        if (reading == null || broken || done.future().isComplete()) {
            return;
        }
        if (!paused && waitingBytes > MOST_WAITING_BYTES) {
            paused = true;
            reading.pause();
        } else if (paused && waitingBytes < MOST_WAITING_BYTES / 2) {
            paused = false;
            heardAtNanos = timers.nanoTime();
            reading.resume();
        }
    }

    private void check(StagedFile.Whole whole) {
        if (whole.sha256().equals(input.sha256())) {
            done.tryComplete(whole);
        } else {
            fail(
                    "is another file than the job asks for: its SHA-256 is "
                            + whole.sha256()
                            + ", not "
                            + input.sha256());
        }
    }

    private void failTooLarge() {
        fail(
                "is too large: all files that a job names by URL have at most "
                        + limits.rules.maxBytes()
                        + " bytes together (inputs.max-size of the node)");
    }

    private void fail(String wrong) {
        if (done.tryFail(new InputFailure(input, wrong)) && request != null) {
            request.reset();
        }
    }
}
