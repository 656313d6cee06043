package dev.longshore.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The calls that every job makes, below docker-java's client but with its model of a request: on
 * Vert.x's own HTTP client, which keeps its connections and takes no thread for a call. What ends
 * containers has connections of its own, never behind the others. From any context; answers come on
 * the asker's, failures as {@link DockerFailure}.
 */
final class ContainerCalls {
    private static final ObjectMapper MODEL = DockerClientConfig.getDefaultObjectMapper();

    private final KeptConnections calls;
    private final KeptConnections stops;
    private final Questions questions;
    private final Duration deadline;
    private final Duration startDeadline;
    private final @Nullable String runtime;

    ContainerCalls(Vertx vertx, DockerSettings settings, EngineHttp http, Questions questions) {
        this.questions = questions;
        this.deadline = settings.callDeadline();
        this.startDeadline = settings.startDeadline();
        this.runtime = settings.runtime();
        this.calls = new KeptConnections(vertx, http, deadline, settings.callThreads());
        this.stops = new KeptConnections(vertx, http, deadline, settings.stopThreads());
    }

    Future<ImageView> image(String reference) {
        return json(get("inspect image " + reference, "/images/" + path(reference) + "/json"))
                .map(ContainerCalls::imageOf);
    }

    private static ImageView imageOf(JsonObject image) {
        JsonObject own = image.getJsonObject("Config", new JsonObject());
        return new ImageView(
                image.getString("Id"),
                words(image.getJsonArray("RepoDigests")),
                own == null ? List.of() : words(own.getJsonArray("Entrypoint")),
                own == null ? List.of() : words(own.getJsonArray("Cmd")),
                image.getLong("Size", 0L),
                Platforms.of(image));
    }

    /**
     * Makes the container and looks whether the engine holds what was asked for; what it does not
     * hold right is removed again, and the answer is {@link DockerFailure.Refused}, naming each
     * difference.
     */
    Future<String> create(ContainerSpec spec) {
        String what = "create container " + spec.name();
        return command(spec)
                .compose(
                        command ->
                                json(post(what, createPath(command), deadline, body(command)))
                                        .map(made -> made.getString("Id"))
                                        .compose(id -> verified(id, spec, command)));
    }

    private Future<String> verified(String id, ContainerSpec spec, CreateContainerCmd command) {
        return verify(id, spec, command)
                .map(id)
                .recover(
                        failure ->
                                failure instanceof DockerFailure.Refused
                                        ? remove("remove container " + id, id)
                                                .transform(_ -> Future.failedFuture(failure))
                                        : Future.failedFuture(failure));
    }

    /** The same look at a container that is there already. */
    Future<Void> verify(String id, ContainerSpec spec) {
        return command(spec).compose(command -> verify(id, spec, command));
    }

    private Future<Void> verify(String id, ContainerSpec spec, CreateContainerCmd command) {
        String what = "create container " + spec.name();
        HostConfig asked = Objects.requireNonNull(command.getHostConfig(), "hostConfig");
        return json(get("verify container " + spec.name(), inspectPath(id)))
                .compose(
                        held -> {
                            List<String> differences =
                                    EffectiveCheck.differences(asked, hostConfig(held));
                            return differences.isEmpty()
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(changed(what, differences));
                        });
    }

    private static DockerFailure changed(String what, List<String> differences) {
        return new DockerFailure.Refused(
                DockerFailures.line(
                        what
                                + ": the engine changed what was asked for: "
                                + String.join(", ", differences)),
                400);
    }

    private static HostConfig hostConfig(JsonObject container) {
        return MODEL.convertValue(
                container.getJsonObject("HostConfig", new JsonObject()).getMap(), HostConfig.class);
    }

    /** The facts are asked only where a GPU is to be given: they cost a call and a file. */
    private Future<CreateContainerCmd> command(ContainerSpec spec) {
        Future<HostFacts> facts =
                spec.grant().gpus().isEmpty()
                        ? Future.succeededFuture(HostFacts.NONE)
                        : questions.ask("ask what the engine is", EngineCalls::facts);
        return facts.map(
                known ->
                        byOurRuntime(
                                ContainerSpecs.fill(
                                        new CreateContainerCmdImpl(
                                                _ -> {
                                                    throw new IllegalStateException(
                                                            "written, never sent");
                                                },
                                                null,
                                                spec.engine().image()),
                                        spec,
                                        known)));
    }

    private CreateContainerCmd byOurRuntime(CreateContainerCmd command) {
        HostConfig host = Objects.requireNonNull(command.getHostConfig(), "hostConfig");
        if (runtime != null && host.getRuntime() == null) {
            host.withRuntime(runtime);
        }
        return command;
    }

    private static String createPath(CreateContainerCmd command) {
        String platform = command.getPlatform();
        return "/containers/create?name="
                + query(command.getName())
                + (platform == null ? "" : "&platform=" + query(platform));
    }

    private static Buffer body(CreateContainerCmd command) {
        try {
            return Buffer.buffer(MODEL.writeValueAsBytes(command));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request that is no JSON", e);
        }
    }

    /** Where it runs already the engine says so, and that is what was asked for. */
    Future<Void> start(String id) {
        String what = "start container " + id;
        return calls.ask(
                        post(what, "/containers/" + path(id) + "/start", startDeadline, null),
                        DockerFailures::ofStart)
                .mapEmpty();
    }

    Future<ContainerView> inspect(String idOrName) {
        return json(get("inspect container " + idOrName, inspectPath(idOrName)))
                .map(ContainerViews::of);
    }

    /**
     * The engine's list lacks exit code, OOM flag and times: each container is inspected too (about
     * 2 ms each, one after the other, so that a long list leaves connections to others). One that
     * goes in between is left out.
     */
    Future<List<ContainerView>> list(Map<String, String> labels) {
        List<String> wanted =
                labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        String filters = new JsonObject().put("label", new JsonArray(wanted)).encode();
        KeptConnections.Call call =
                get("list containers", "/containers/json?all=1&filters=" + query(filters));
        return calls.ask(call).map(Buffer::toJsonArray).compose(this::inspectAll);
    }

    private Future<List<ContainerView>> inspectAll(JsonArray listed) {
        List<ContainerView> found = new ArrayList<>();
        Future<?> inspected = Future.succeededFuture();
        for (int i = 0; i < listed.size(); i++) {
            String id = listed.getJsonObject(i).getString("Id");
            inspected = inspected.compose(_ -> inspectIfThere(id, found));
        }
        return inspected.map(_ -> List.copyOf(found));
    }

    private Future<Void> inspectIfThere(String id, List<ContainerView> found) {
        return inspect(id)
                .onSuccess(found::add)
                .<Void>mapEmpty()
                .recover(
                        e ->
                                e instanceof DockerFailure.NoSuchContainer
                                        ? Future.succeededFuture() // gone since it was listed
                                        : Future.failedFuture(e));
    }

    Future<Void> kill(String id, String signal) {
        String path = "/containers/" + path(id) + "/kill?signal=" + query(signal);
        return stops.ask(post("send " + signal + " to container " + id, path, deadline, null))
                .mapEmpty();
    }

    /** Removes a container with its anonymous volumes; fails where there is none. */
    Future<Void> remove(String what, String id) {
        return stops.ask(
                        new KeptConnections.Call(
                                what,
                                deadline,
                                HttpMethod.DELETE,
                                "/containers/" + path(id) + "?force=1&v=1"))
                .mapEmpty();
    }

    Future<Void> close() {
        return calls.close().eventually(stops::close);
    }

    private Future<JsonObject> json(KeptConnections.Call call) {
        return calls.ask(call).map(Buffer::toJsonObject);
    }

    private KeptConnections.Call get(String what, String path) {
        return new KeptConnections.Call(what, deadline, HttpMethod.GET, path);
    }

    private static KeptConnections.Call post(
            String what, String path, Duration deadline, @Nullable Buffer body) {
        return new KeptConnections.Call(what, deadline, HttpMethod.POST, path, body);
    }

    private static String inspectPath(String idOrName) {
        return "/containers/" + path(idOrName) + "/json";
    }

    private static List<String> words(@Nullable JsonArray words) {
        return words == null ? List.of() : words.stream().map(String::valueOf).toList();
    }

    /** A reference keeps what the engine's paths have unescaped. */
    private static String path(String text) {
        return query(text).replace("%2F", "/").replace("%3A", ":").replace("%40", "@");
    }

    private static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
