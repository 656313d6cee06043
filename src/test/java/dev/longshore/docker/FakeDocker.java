package dev.longshore.docker;

import dev.longshore.docker.ContainerView.State;
import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.docker.EngineEvent.Engine;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;
import dev.longshore.job.LogStream;
import dev.longshore.job.PullState;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * An engine in memory, for tests of what stands on {@link Docker}. Passes the same contract suite
 * as the real one. Its programs are chosen by their command; nothing happens in it that the test
 * did not ask for. From any thread.
 */
public final class FakeDocker implements Docker {
    private static final ContainerSpec MISSING =
            new ContainerSpec("missing", EngineSpec.of("missing"), new Grant(0, 0, 0), Map.of());

    private final Vertx vertx;
    private final Duration deadline;
    private final Map<String, ImageView> images = new ConcurrentHashMap<>();
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final Set<String> registry = ConcurrentHashMap.newKeySet();
    private final Map<List<String>, FakeProgram> programs = new ConcurrentHashMap<>();
    private final Map<List<String>, ExecResult> execs = new ConcurrentHashMap<>();
    private final Map<String, DockerFailure> nextFailures = new ConcurrentHashMap<>();
    private final Set<String> lostAnswers = ConcurrentHashMap.newKeySet();
    private final List<String> journal = new ArrayList<>();
    private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
    private final Map<String, String> idsByName = new HashMap<>();
    private final List<Runnable> stalled = new ArrayList<>();
    private final FakeEvents events = new FakeEvents();
    private boolean stalling;
    private boolean down;
    private long ids;
    private int mostAlive;

    /** An engine without images; a call that it does not answer fails after {@code deadline}. */
    public FakeDocker(Vertx vertx, Duration deadline) {
        this.vertx = vertx;
        this.deadline = deadline;
    }

    /** Gives it an image. */
    public FakeDocker image(String reference) {
        images.put(reference, plainImage(reference));
        return this;
    }

    /** Gives it an image that looks like this. */
    public FakeDocker image(String reference, ImageView view) {
        images.put(reference, view);
        return this;
    }

    /** Makes an image available to a pull. */
    public FakeDocker registryHas(String reference) {
        registry.add(reference);
        return this;
    }

    /** What a container with just this command does; unknown commands end at once with 0. */
    public FakeDocker program(FakeProgram program, String... command) {
        programs.put(List.of(command), program);
        return this;
    }

    /** What just this command comes to in a running container; others end at once with 0. */
    public FakeDocker exec(ExecResult result, String... command) {
        execs.put(List.of(command), result);
        return this;
    }

    /** Fails the next call of this name, such as {@code create}, once; it has then no effect. */
    public FakeDocker failNext(String call, DockerFailure failure) {
        nextFailures.put(call, failure);
        return this;
    }

    /** Does what the next call of this name asks for, but lets its caller hear nothing of it. */
    public FakeDocker loseNextAnswer(String call) {
        lostAnswers.add(call);
        return this;
    }

    /** From now on takes calls and answers none. */
    public synchronized void stall() {
        stalling = true;
    }

    /** Answers again; calls that came in between take effect now, their askers having given up. */
    public void recover() {
        List<Runnable> late;
        synchronized (this) {
            stalling = false;
            late = List.copyOf(stalled);
            stalled.clear();
        }
        late.forEach(Runnable::run);
    }

    /** Every call so far that came, as {@code name argument}. */
    public synchronized List<String> journal() {
        return List.copyOf(journal);
    }

    /** The most programs that ran at a time. */
    public synchronized int mostAlive() {
        return mostAlive;
    }

    /** Lets a running program say a line. */
    public synchronized void say(String idOrName, LogStream stream, String line) {
        required(idOrName).say(stream, line);
    }

    /** Ends a running program. */
    public synchronized void end(String idOrName, int exitCode) {
        required(idOrName).end(exitCode, false);
    }

    /** Lets a program write a file, whether it runs or not. */
    public synchronized void write(String idOrName, String path, byte[] content) {
        required(idOrName).files.write(path, content);
    }

    /** The content of a file in a container, null where there is none. */
    public synchronized byte @Nullable [] read(String idOrName, String path) {
        return required(idOrName).files.read(path);
    }

    /** What the container was asked for. */
    public synchronized ContainerSpec spec(String idOrName) {
        return required(idOrName).spec;
    }

    /** Lets a container have written so much besides its files. */
    public synchronized void hasWritten(String idOrName, long bytes) {
        required(idOrName).otherBytes = bytes;
    }

    /** Takes a container away, as somebody else at the engine could. */
    public synchronized void lose(String idOrName) {
        removeNow(required(idOrName));
    }

    /** Ends a container's program as {@code docker stop} does, sent by somebody else. */
    public synchronized void stopByHand(String idOrName) {
        FakeContainer container = required(idOrName);
        signal(container.id, "SIGTERM");
        signal(container.id, "SIGKILL");
        events.tell(container, Action.STOP);
    }

    /** Lets a container's program have been started so long before now. */
    public synchronized void startedBefore(String idOrName, Duration age) {
        required(idOrName).startedAt = Instant.now().minus(age);
    }

    /** Has somebody else send a signal. */
    public synchronized void killByHand(String idOrName, String signal) {
        signal(required(idOrName).id, signal);
    }

    /** Tells an event of a container that nothing else brings about. */
    public synchronized void tell(EngineEvent.Container event) {
        events.tell(required(event.containerId()), event);
    }

    /** Cuts the stream of events alone; calls are answered. */
    public void cutEvents() {
        events.lose();
    }

    /** Goes on with the stream of events; what was missed is told by the same engine only. */
    public void connectEvents(Engine engine) {
        events.connect(engine);
    }

    /** Ends the engine as a restart of its service does: it stops its containers first. */
    public synchronized void stopEngine() {
        containers.values().stream()
                .filter(FakeContainer::alive)
                .toList()
                .forEach(container -> stopByHand(container.id));
        killEngine();
    }

    /** Ends the engine at once: what runs goes on, and calls fail. */
    public synchronized void killEngine() {
        down = true;
        events.lose();
    }

    /**
     * Starts an engine again that was ended; what ran meanwhile ends, of which it tells only where
     * it has ended it itself.
     *
     * @param exitCode 137 or 143 where the engine ends it, 255 where it was gone with its host
     */
    public synchronized void startEngine(int exitCode) {
        containers.values().stream()
                .filter(FakeContainer::alive)
                .toList()
                .forEach(container -> endAtStart(container, exitCode));
        down = false;
        events.connect(Engine.RESTARTED);
    }

    private void endAtStart(FakeContainer container, int exitCode) {
        if (exitCode == 255) {
            container.endSilently(exitCode, false);
        } else {
            events.tell(container, Action.KILL, null, exitCode == 143 ? "SIGTERM" : "SIGKILL");
            container.end(exitCode, false);
            events.tell(container, Action.STOP);
        }
    }

    @Override
    public Future<Void> ping() {
        return answer("ping", "", () -> null);
    }

    @Override
    public Future<EngineInfo> info() {
        return answer("info", "", () -> new EngineInfo("fake", "0.0", "1.41", 8, 16L << 30, "2"));
    }

    @Override
    public Future<ImageView> inspectImage(String reference) {
        return answer(
                "inspectImage",
                reference,
                () -> {
                    if (!images.containsKey(reference)) {
                        throw new DockerFailure.ImageNotFound(
                                "inspect image " + reference + ": No such image: " + reference);
                    }
                    return images.get(reference);
                });
    }

    @Override
    public Future<Void> pull(PullRequest request, Consumer<PullState> progress) {
        String reference = request.reference();
        Context context = vertx.getOrCreateContext();
        return answer(
                "pull",
                reference,
                () -> {
                    inRegistry("pull ", request);
                    images.putIfAbsent(reference, plainImage(reference));
                    context.runOnContext(_ -> progress.accept(new PullState(1, 1, 1000, 1000)));
                    return null;
                });
    }

    /** Lets only who names this credential have an image of the registry. */
    public FakeDocker registryHas(String reference, String credential) {
        owners.put(reference, credential);
        return registryHas(reference);
    }

    @Override
    public Future<Void> checkAccess(PullRequest request) {
        String reference = request.reference();
        return answer(
                "checkAccess",
                reference,
                () -> {
                    inRegistry("check access to ", request);
                    return null;
                });
    }

    private void inRegistry(String what, PullRequest request) {
        String reference = request.reference();
        String owner = owners.get(reference);
        if (owner != null && !owner.equals(request.credential())) {
            throw new DockerFailure.ImageDenied(what + reference + ": unauthorized");
        }
        if (!registry.contains(reference)) {
            throw new DockerFailure.ImageNotFound(what + reference + ": manifest unknown");
        }
    }

    @Override
    public Future<List<ImageSummary>> images() {
        return answer(
                "images",
                "",
                () ->
                        images.entrySet().stream()
                                .map(image -> summary(image.getKey(), image.getValue()))
                                .toList());
    }

    private static ImageSummary summary(String reference, ImageView view) {
        return new ImageSummary(
                view.id(), List.of(reference), view.repoDigests(), view.sizeBytes(), Instant.EPOCH);
    }

    @Override
    public Future<Void> removeImage(String idOrReference) {
        return answer(
                "removeImage",
                idOrReference,
                () -> {
                    images.entrySet()
                            .removeIf(
                                    image -> {
                                        boolean meant =
                                                image.getKey().equals(idOrReference)
                                                        || image.getValue()
                                                                .id()
                                                                .equals(idOrReference);
                                        if (meant && inUse(image.getKey())) {
                                            throw new DockerFailure.ImageInUse(
                                                    "remove image "
                                                            + idOrReference
                                                            + ": a container was made from it");
                                        }
                                        return meant;
                                    });
                    return null;
                });
    }

    private boolean inUse(String reference) {
        ImageView image = images.get(reference);
        return image != null
                && containers.values().stream()
                        .anyMatch(container -> container.imageId.equals(image.id()));
    }

    /** The id of an image by one of its references or by the id itself, null for none. */
    private @Nullable String idOfImage(String referenceOrId) {
        ImageView named = images.get(referenceOrId);
        if (named != null) {
            return named.id();
        }
        return images.values().stream()
                .map(ImageView::id)
                .filter(referenceOrId::equals)
                .findAny()
                .orElse(null);
    }

    @Override
    public Future<Void> copyIn(String containerId, List<CopyEntry> entries) {
        List<CopyEntry> all = List.copyOf(entries);
        return answer(
                "copyIn",
                containerId,
                () -> {
                    required(containerId).copyIn(all);
                    return null;
                });
    }

    @Override
    public Future<Archive> copyOut(String containerId, String path) {
        Context context = vertx.getOrCreateContext();
        return answer(
                "copyOut",
                containerId + " " + path,
                () -> {
                    byte[] tar = required(containerId).files.tar(path);
                    if (tar == null) {
                        throw new DockerFailure.NoSuchPath(
                                "copy " + path + " out of container " + containerId);
                    }
                    return new Archive(
                            context,
                            "copy " + path,
                            new FakeStream(context, tar),
                            () -> {},
                            deadline);
                });
    }

    @Override
    public Future<Map<String, Long>> diskUse() {
        return answer(
                "diskUse",
                "",
                () ->
                        containers.values().stream()
                                .collect(
                                        Collectors.toUnmodifiableMap(
                                                container -> container.id,
                                                FakeContainer::diskBytes)));
    }

    @Override
    public Future<String> create(ContainerSpec spec) {
        return answer(
                "create",
                spec.name(),
                () -> {
                    String imageId = idOfImage(spec.engine().image());
                    if (imageId == null) {
                        throw new DockerFailure.ImageNotFound(
                                "create container " + spec.name() + ": No such image");
                    }
                    if (idsByName.containsKey(spec.name())) {
                        throw new DockerFailure.NameTaken(
                                "create container " + spec.name() + ": the name is already in use");
                    }
                    String id = String.format("%064x", ++ids);
                    FakeProgram program =
                            programs.getOrDefault(spec.engine().command(), FakeProgram.exits(0));
                    containers.put(id, new FakeContainer(id, imageId, spec, program, events));
                    idsByName.put(spec.name(), id);
                    events.tell(required(id), Action.CREATE);
                    return id;
                });
    }

    @Override
    public Future<Void> verify(String containerId, ContainerSpec spec) {
        return answer(
                "verify",
                containerId,
                () -> {
                    FakeContainer container = required(containerId);
                    if (!container.spec.grant().equals(spec.grant())) {
                        throw new DockerFailure.Refused("the grant is another", 400);
                    }
                    return null;
                });
    }

    @Override
    public Future<Void> start(String containerId) {
        return answer(
                "start",
                containerId,
                () -> {
                    FakeContainer container = required(containerId);
                    if (container.alive()) {
                        return null;
                    }
                    if (container.program.startFails() != 0) {
                        container.exitCode = container.program.startFails();
                        throw new DockerFailure.StartFailed(
                                "start container " + containerId + ": exec failed",
                                container.program.startFails());
                    }
                    run(container);
                    return null;
                });
    }

    private void run(FakeContainer container) {
        FakeProgram program = container.program;
        container.state = State.RUNNING;
        container.startedAt = Instant.now();
        events.tell(container, Action.START);
        long alive = containers.values().stream().filter(FakeContainer::alive).count();
        mostAlive = Math.max(mostAlive, (int) alive);
        program.lines().forEach(said -> container.say(said.stream(), said.text()));
        program.files().forEach(container.files::write);
        if (program.lasts() == null) {
            return;
        }
        if (program.lasts().isZero()) {
            container.end(program.exitCode(), program.oomKilled());
        } else {
            vertx.setTimer(
                    Math.max(1, program.lasts().toMillis()),
                    _ -> {
                        synchronized (this) {
                            container.end(program.exitCode(), program.oomKilled());
                        }
                    });
        }
    }

    @Override
    public Future<Integer> awaitExit(String containerId) {
        Context context = vertx.getOrCreateContext();
        Promise<Integer> exit = Promise.promise();
        synchronized (this) {
            journal.add("awaitExit " + containerId);
            FakeContainer container = find(containerId);
            if (container == null) {
                exit.fail(noSuch(containerId));
            } else if (container.alive()) {
                container.waiters.add(exit);
            } else {
                exit.complete(container.exitCode);
            }
        }
        return Hop.to(context, exit.future());
    }

    @Override
    public synchronized LogFollow follow(LogRequest request, LogSink sink) {
        journal.add("follow " + request.containerId());
        FakeContainer container = find(request.containerId());
        if (container == null) {
            container =
                    new FakeContainer(
                            request.containerId(),
                            "sha256:0",
                            MISSING,
                            FakeProgram.exits(0),
                            events);
            container.removed = true;
        }
        FakeFollow follow =
                new FakeFollow(this, container, vertx.getOrCreateContext(), request, sink);
        container.followers.add(follow);
        follow.wake();
        return follow;
    }

    @Override
    public Future<Void> stop(String containerId, String signal, Duration grace) {
        return answer(
                        "stop",
                        containerId + " " + signal,
                        () -> {
                            signal(containerId, signal);
                            return null;
                        })
                .compose(
                        _ -> {
                            long timer =
                                    vertx.setTimer(
                                            Math.max(1, grace.toMillis()),
                                            _ -> {
                                                synchronized (this) {
                                                    signal(containerId, "SIGKILL");
                                                }
                                            });
                            return awaitExit(containerId).onComplete(_ -> vertx.cancelTimer(timer));
                        })
                .transform(
                        exit ->
                                exit.succeeded()
                                                || exit.cause()
                                                        instanceof DockerFailure.NoSuchContainer
                                        ? Future.succeededFuture()
                                        : Future.failedFuture(exit.cause()));
    }

    @Override
    public Future<Void> kill(String containerId, String signal) {
        return answer(
                "kill",
                containerId + " " + signal,
                () -> {
                    signal(containerId, signal);
                    return null;
                });
    }

    private void signal(String containerId, String signal) {
        FakeContainer container = find(containerId);
        if (container == null || !container.alive()) {
            return;
        }
        events.tell(container, Action.KILL, null, signal);
        if (signal.equals("SIGKILL")) {
            container.end(137, false);
        } else if (!container.program.ignoresTerm()) {
            container.end(signal.equals("SIGTERM") ? 143 : 130, false);
        }
    }

    @Override
    public Future<Void> pause(String containerId) {
        return answer("pause", containerId, () -> freeze(containerId, State.PAUSED));
    }

    @Override
    public Future<Void> unpause(String containerId) {
        return answer("unpause", containerId, () -> freeze(containerId, State.RUNNING));
    }

    @Override
    public Future<ExecResult> exec(String containerId, List<String> command) {
        List<String> words = List.copyOf(command);
        return answer(
                "exec",
                containerId + " " + String.join(" ", words),
                () -> {
                    if (running(containerId).state == State.PAUSED) {
                        throw new DockerFailure.Refused(containerId + " is paused", 409);
                    }
                    return execs.getOrDefault(words, new ExecResult(0, "", "", false));
                });
    }

    @Override
    public Future<ContainerStats> stats(String containerId) {
        return answer("stats", containerId, () -> running(containerId).stats());
    }

    private FakeContainer running(String containerId) {
        FakeContainer container = required(containerId);
        if (!container.alive()) {
            throw new DockerFailure.Refused(containerId + " is not running", 409);
        }
        return container;
    }

    private @Nullable Void freeze(String containerId, State wanted) {
        FakeContainer container = running(containerId);
        container.state = wanted;
        events.tell(container, wanted == State.PAUSED ? Action.PAUSE : Action.UNPAUSE);
        return null;
    }

    @Override
    public Future<ContainerView> inspect(String containerIdOrName) {
        return answer("inspect", containerIdOrName, () -> view(required(containerIdOrName)));
    }

    @Override
    public Future<List<ContainerView>> list(Map<String, String> labels) {
        Map<String, String> all = Map.copyOf(labels);
        return answer(
                "list",
                all.toString(),
                () ->
                        containers.values().stream()
                                .filter(
                                        container ->
                                                container
                                                        .spec
                                                        .labels()
                                                        .entrySet()
                                                        .containsAll(all.entrySet()))
                                .map(this::view)
                                .toList());
    }

    @Override
    public Future<Void> remove(String containerId) {
        return answer(
                "remove",
                containerId,
                () -> {
                    FakeContainer container = find(containerId);
                    if (container != null) {
                        removeNow(container);
                    }
                    return null;
                });
    }

    private void removeNow(FakeContainer container) {
        signal(container.id, "SIGKILL");
        container.removed = true;
        events.tell(container, Action.DESTROY);
        containers.remove(container.id);
        idsByName.remove(container.spec.name());
        container.followers.forEach(FakeFollow::wake);
    }

    @Override
    public Future<SweepReport> sweep(Map<String, String> labels) {
        return answer("sweep", labels.toString(), () -> new SweepReport(List.of(), List.of()));
    }

    @Override
    public EventWatch events(Map<String, String> labels, Consumer<EngineEvent> sink) {
        return events.watch(vertx.getOrCreateContext(), labels, sink);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    /** Answers on the caller's context: at once, or not at all while stalling. */
    private <T> Future<T> answer(String call, String argument, Supplier<@Nullable T> effect) {
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        Runnable act = () -> act(call, effect, promise);
        synchronized (this) {
            journal.add(argument.isEmpty() ? call : call + " " + argument);
            if (down) {
                promise.fail(new DockerFailure.Unreachable(call + ": no engine listens"));
                return Hop.to(context, promise.future());
            }
            if (stalling) {
                stalled.add(act);
                vertx.setTimer(
                        Math.max(1, deadline.toMillis()),
                        _ ->
                                promise.tryFail(
                                        new DockerFailure.Unreachable(
                                                call + ": no answer from the engine")));
                return Hop.to(context, promise.future());
            }
        }
        act.run();
        return Hop.to(context, promise.future());
    }

    private synchronized <T> void act(
            String call, Supplier<@Nullable T> effect, Promise<T> promise) {
        DockerFailure failure = nextFailures.remove(call);
        if (failure != null) {
            promise.tryFail(failure);
            return;
        }
        try {
            T result = effect.get();
            if (lostAnswers.remove(call)) {
                promise.tryFail(new DockerFailure.Unreachable(call + ": the answer was lost"));
            }
            promise.tryComplete(result);
        } catch (DockerFailure e) {
            promise.tryFail(e);
        }
    }

    private @Nullable FakeContainer find(String idOrName) {
        return containers.get(idsByName.getOrDefault(idOrName, idOrName));
    }

    private FakeContainer required(String idOrName) {
        FakeContainer container = find(idOrName);
        if (container == null) {
            throw noSuch(idOrName);
        }
        return container;
    }

    private static DockerFailure noSuch(String idOrName) {
        return new DockerFailure.NoSuchContainer("No such container: " + idOrName);
    }

    private ContainerView view(FakeContainer container) {
        return container.view();
    }

    private static ImageView plainImage(String reference) {
        return new ImageView(imageId(reference), List.of(), List.of(), List.of("sh"), 1_000_000);
    }

    private static String imageId(String reference) {
        return "sha256:" + String.format("%064x", reference.hashCode() & 0xffffffffL);
    }
}
