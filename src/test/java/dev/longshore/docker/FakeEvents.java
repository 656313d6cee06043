package dev.longshore.docker;

import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.docker.EngineEvent.Engine;
import dev.longshore.docker.EngineEvent.Recall;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The events of {@link FakeDocker} and who listens to them. From any thread. */
final class FakeEvents {
    private final List<Watch> watches = new ArrayList<>();
    private final List<Happened> missed = new ArrayList<>();
    private final List<Happened> memory = new ArrayList<>();
    private boolean down;

    /** An event with what its listeners choose it by. */
    private record Happened(EngineEvent.Container event, Map<String, String> labels) {}

    synchronized EventWatch watch(
            Context context, Map<String, String> labels, Consumer<EngineEvent> sink) {
        Watch watch = new Watch(context, Map.copyOf(labels), sink);
        watches.add(watch);
        if (down) {
            watch.tell(new EngineEvent.Lost(Instant.now()));
        } else {
            watch.tell(new EngineEvent.Connected(Instant.now(), Engine.FIRST, Recall.WHOLE));
            memory.forEach(watch::tell);
        }
        return watch;
    }

    void tell(FakeContainer container, Action action) {
        tell(container, action, null, null);
    }

    void tell(
            FakeContainer container,
            Action action,
            @Nullable Integer exitCode,
            @Nullable String signal) {
        tell(
                container,
                new EngineEvent.Container(container.id, action, exitCode, signal, Instant.now()));
    }

    synchronized void tell(FakeContainer container, EngineEvent.Container event) {
        Happened happened = new Happened(event, container.spec.labels());
        if (down) {
            missed.add(happened);
        } else {
            memory.add(happened);
            List.copyOf(watches).forEach(watch -> watch.tell(happened));
        }
    }

    synchronized void lose() {
        if (!down) {
            down = true;
            watches.forEach(watch -> watch.tell(new EngineEvent.Lost(Instant.now())));
        }
    }

    synchronized void connect(Engine engine) {
        if (down) {
            down = false;
            if (engine != Engine.SAME) {
                memory.clear();
            }
            memory.addAll(missed);
            watches.forEach(watch -> watch.tell(new EngineEvent.Connected(Instant.now(), engine)));
            missed.forEach(happened -> watches.forEach(watch -> watch.tell(happened)));
            missed.clear();
        }
    }

    private synchronized void forget(Watch watch) {
        watches.remove(watch);
    }

    private final class Watch implements EventWatch {
        private final Context context;
        private final Map<String, String> labels;
        private final Consumer<EngineEvent> sink;
        private final Promise<Void> end = Promise.promise();
        private volatile boolean closed;

        Watch(Context context, Map<String, String> labels, Consumer<EngineEvent> sink) {
            this.context = context;
            this.labels = labels;
            this.sink = sink;
        }

        void tell(Happened happened) {
            if (happened.labels.entrySet().containsAll(labels.entrySet())) {
                tell(happened.event);
            }
        }

        void tell(EngineEvent event) {
            context.runOnContext(
                    _ -> {
                        if (!closed) {
                            sink.accept(event);
                        }
                    });
        }

        @Override
        public void close() {
            closed = true;
            forget(this);
            context.runOnContext(_ -> end.tryComplete());
        }

        @Override
        public Future<Void> end() {
            return end.future();
        }
    }
}
