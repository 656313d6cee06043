package dev.longshore.executor;

import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Input;
import dev.longshore.results.ResultStore;
import dev.longshore.results.StagedFile;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Files that jobs name by URL, fetched to the node's disk before their containers are made. Lives
 * on the executor's context.
 */
final class Downloads {
    private static final int CONNECT_MS = 10_000;

    private final HttpClient client;
    private final ResultStore results;
    private final ExecutorSettings settings;
    private final Timers timers;

    Downloads(Vertx vertx, ResultStore results, ExecutorSettings settings) {
        this.results = results;
        this.settings = settings;
        this.timers = Timers.of(vertx);
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setConnectTimeout(CONNECT_MS)
                                .setKeepAlive(false)
                                .setVerifyHost(true)
                                .setDecompressionSupported(false));
    }

    /** Begins to fetch all that the job names, one after the other. */
    Batch start(ExecutionRequest request, int attempt) {
        Batch batch = new Batch(request, attempt);
        batch.files = batch.next(0, settings.inputs().maxBytes());
        return batch;
    }

    /** Whether the job names any. */
    static boolean isWanted(ExecutionRequest request) {
        return request.files().inputs().stream().anyMatch(Input.Http.class::isInstance);
    }

    Future<Void> close() {
        return client.close();
    }

    /** The files of one attempt. */
    final class Batch {
        private final ExecutionRequest request;
        private final int attempt;
        private final List<StagedFile> staged = new ArrayList<>();
        private final Map<Integer, StagedFile.Whole> whole = new HashMap<>();
        private Future<Map<Integer, StagedFile.Whole>> files = Future.succeededFuture(Map.of());
        private @Nullable Fetch current;
        private boolean discarded;

        private Batch(ExecutionRequest request, int attempt) {
            this.request = request;
            this.attempt = attempt;
        }

        /** By their places among the inputs; fails with {@link InputFailure}. */
        Future<Map<Integer, StagedFile.Whole>> files() {
            return files;
        }

        /** Stops what is under way and removes all from the disk; harmless a second time. */
        void discard() {
            if (!discarded) {
                discarded = true;
                if (current != null) {
                    current.stop();
                }
                staged.forEach(StagedFile::remove);
            }
        }

        private Future<Map<Integer, StagedFile.Whole>> next(int from, long leftBytes) {
            List<Input> inputs = request.files().inputs();
            int at = from;
            while (at < inputs.size() && !(inputs.get(at) instanceof Input.Http)) {
                at++;
            }
            if (at == inputs.size() || !(inputs.get(at) instanceof Input.Http input)) {
                return Future.succeededFuture(whole);
            }
            if (discarded) {
                return Future.failedFuture(new InputFailure(input, "is not wanted any more"));
            }
            int place = at;
            StagedFile file =
                    results.stage(
                            request.executionId(),
                            attempt + "." + place,
                            settings.disk().reserveBytes());
            staged.add(file);
            Fetch.Limits limits =
                    new Fetch.Limits(settings.policy().downloads(), settings.inputs(), leftBytes);
            Fetch fetch = new Fetch(client, timers, limits, input, file);
            current = fetch;
            return fetch.start()
                    .compose(
                            got -> {
                                whole.put(place, got);
                                return next(place + 1, leftBytes - got.bytes());
                            });
        }
    }
}
