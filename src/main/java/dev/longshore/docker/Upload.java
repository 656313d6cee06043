package dev.longshore.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.exception.DockerException;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.time.Duration;

/**
 * One file on its way from this machine's disk into a container, as a tar that is made on the way:
 * neither a thread nor memory is held for it. Runs on one context.
 */
final class Upload {
    private static final int RECORD_BYTES = 512;

    private final Context context;
    private final String what;
    private final String containerId;
    private final CopyEntry.Stored file;
    private final Duration silence;
    private final Promise<Void> done = Promise.promise();
    private @Nullable HttpClientRequest request;
    private @Nullable AsyncFile disk;
    private long sentBytes;
    private long heardAt = System.nanoTime();

    /**
     * @param silence how long the engine may take nothing and say nothing
     */
    Upload(Context context, String containerId, CopyEntry.Stored file, Duration silence) {
        this.context = context;
        this.what = "copy " + file.path() + " into container " + containerId;
        this.containerId = containerId;
        this.file = file;
        this.silence = silence;
    }

    /**
     * @param directory where the tar is unpacked: {@code /} or a mount that the path lies in
     */
    Future<Void> start(EngineHttp http, String directory) {
        String uri =
                "/containers/"
                        + containerId
                        + "/archive?noOverwriteDirNonDir=1&path="
                        + URLEncoder.encode(directory, UTF_8);
        long watch =
                context.owner()
                        .setPeriodic(
                                Math.max(1, silence.toMillis() / 4), tick -> listenForSilence());
        OpenOptions reading = new OpenOptions().setWrite(false).setCreate(false);
        http.upload(uri)
                .compose(
                        opened -> {
                            request = opened;
                            opened.exceptionHandler(this::fail);
                            return context.owner()
                                    .fileSystem()
                                    .open(file.source().toString(), reading);
                        })
                .onSuccess(opened -> send(opened, CopyTars.header(directory, file)))
                .onFailure(this::fail);
        return done.future()
                .onComplete(
                        any -> {
                            context.owner().cancelTimer(watch);
                            if (disk != null) {
                                disk.close();
                            }
                        });
    }

    private void send(AsyncFile from, Buffer header) {
        disk = from;
        HttpClientRequest to = request;
        if (to == null || done.future().isComplete()) {
            from.close();
            return;
        }
        int padding = (int) ((RECORD_BYTES - file.bytes() % RECORD_BYTES) % RECORD_BYTES);
        Buffer end = Buffer.buffer(new byte[padding + 2 * RECORD_BYTES]);
        to.putHeader("Content-Type", "application/x-tar");
        to.putHeader(
                "Content-Length", Long.toString(header.length() + file.bytes() + end.length()));
        to.response().onSuccess(this::answered).onFailure(this::fail);
        to.write(header);
        from.exceptionHandler(this::fail);
        from.handler(
                piece -> {
                    heardAt = System.nanoTime();
                    sentBytes += piece.length();
                    if (sentBytes > file.bytes()) {
                        fail(changed());
                        return;
                    }
                    to.write(piece);
                    if (to.writeQueueFull()) {
                        from.pause();
                        to.drainHandler(room -> from.resume());
                    }
                });
        from.endHandler(
                read -> {
                    if (sentBytes == file.bytes()) {
                        to.end(end);
                    } else {
                        fail(changed());
                    }
                });
    }

    private void answered(HttpClientResponse response) {
        heardAt = System.nanoTime();
        response.body()
                .onSuccess(
                        words -> {
                            if (response.statusCode() < 400) {
                                done.tryComplete();
                            } else {
                                fail(new DockerException(words.toString(), response.statusCode()));
                            }
                        })
                .onFailure(this::fail);
    }

    private DockerFailure changed() {
        return new DockerFailure.Refused(
                DockerFailures.line(what + ": the file changed while it was read"), 400);
    }

    private void listenForSilence() {
        if (System.nanoTime() - heardAt > silence.toNanos()) {
            fail(new DockerFailure.Unreachable(DockerFailures.silent(what, silence)));
        }
    }

    private void fail(Throwable failure) {
        DockerFailure told =
                failure instanceof DockerFailure known ? known : DockerFailures.of(what, failure);
        if (done.tryFail(told) && request != null) {
            request.reset();
        }
    }
}
