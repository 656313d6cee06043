package dev.longshore.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Talks to a node's HTTP side. Every call blocks; what goes wrong is a {@link CliFailure} that says
 * what to do.
 */
final class ApiClient {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration USUAL = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
    private final URI base;
    private final @Nullable String token;

    /**
     * @param base the node
     * @param token what to show it, or null for nothing
     */
    ApiClient(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    URI base() {
        return base;
    }

    /** What to show the node, or null. */
    @Nullable String token() {
        return token;
    }

    HttpClient http() {
        return http;
    }

    /** {@code GET /api/v1/<path>}, as JSON. */
    JsonNode get(String path) {
        return json(checked(send(request(path, USUAL).GET().build())));
    }

    /** {@code GET}, with its own deadline; null for 202, which says: not yet. */
    @Nullable JsonNode getWhenThere(String path, Duration within) {
        HttpResponse<byte[]> response = checked(send(request(path, within).GET().build()));
        return response.statusCode() == 202 ? null : json(response);
    }

    /** {@code GET} of lines, as they come. */
    HttpResponse<InputStream> getStream(String path) {
        return getStream(path, "application/x-ndjson");
    }

    /** {@code GET} of bytes of this type, as they come. */
    HttpResponse<InputStream> getStream(String path, String type) {
        HttpRequest request =
                request(path, Duration.ofHours(1)).header("Accept", type).GET().build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() / 100 != 2) {
                throw failure(response.statusCode(), response.body().readAllBytes());
            }
            return response;
        } catch (IOException e) {
            throw cannotReach(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** {@code POST} of a JSON body. */
    JsonNode post(String path, byte[] body) {
        return post(path, body, USUAL);
    }

    /** {@code POST} of a JSON body, with its own deadline. */
    JsonNode post(String path, byte[] body, Duration within) {
        HttpRequest request =
                request(path, within)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        return json(checked(send(request)));
    }

    /** A piece of a path or a query value, encoded. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, Duration within) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + "/api/v1/" + path)).timeout(within);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw cannotReach(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static HttpResponse<byte[]> checked(HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 == 2) {
            return response;
        }
        throw failure(response.statusCode(), response.body());
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCodes.FAILED,
                    "what answers at " + response.uri() + " is not Longshore: no JSON",
                    e);
        }
    }

    /** What a problem (RFC 9457) says, with the exit code that fits. */
    static CliFailure failure(int status, byte[] body) {
        JsonNode problem = JSON.createObjectNode();
        try {
            problem = JSON.readTree(body);
        } catch (IOException e) {
            problem = JSON.createObjectNode().put("detail", "HTTP status " + status);
        }
        String code = problem.path("code").asText();
        String pointer = problem.path("errors").path(0).path("pointer").asText();
        String detail =
                problem.path("detail")
                        .asText(problem.path("title").asText("HTTP status " + status));
        int exitCode =
                status == 503 || status == 504
                        ? ExitCodes.CANNOT_REACH
                        : status == 404 || status >= 500 ? ExitCodes.FAILED : ExitCodes.REFUSED;
        String where = pointer.isEmpty() || detail.contains(pointer) ? "" : pointer + ": ";
        return new CliFailure(exitCode, where + detail + (code.isEmpty() ? "" : " (" + code + ")"));
    }

    /** One JSON value in one line. */
    static String line(JsonNode value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    CliFailure cannotReach(IOException e) {
        if (e instanceof HttpTimeoutException && !(e instanceof HttpConnectTimeoutException)) {
            return new CliFailure(ExitCodes.CANNOT_REACH, base + " does not answer in time", e);
        }
        if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
            return new CliFailure(
                    ExitCodes.CANNOT_REACH,
                    "cannot reach "
                            + base
                            + ": is a node running? Start one with ./longshore dev, or name another"
                            + " with --url or LONGSHORE_URL",
                    e);
        }
        return new CliFailure(
                ExitCodes.CANNOT_REACH,
                "the connection to " + base + " broke: " + e.getMessage(),
                e);
    }

    static CliFailure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CliFailure(ExitCodes.INTERRUPTED, "interrupted", e);
    }
}
