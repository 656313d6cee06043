package dev.longshore.docker;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.core.DockerClientConfig;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * Who we are to registries, as headers of a pull. Reads the user's files: called by the threads of
 * {@link Calls} only.
 */
final class RegistryHeaders {
    private final DockerClientConfig config;
    private final Map<String, RegistryCredential> credentials;

    RegistryHeaders(DockerClientConfig config, Map<String, RegistryCredential> credentials) {
        this.config = config;
        this.credentials = credentials;
    }

    /**
     * The named credential, else what the user's own {@code ~/.docker/config.json} says.
     *
     * @throws DockerFailure.ImageDenied where there is no such credential, or it is another
     *     registry's: it is never shown to one that it was not meant for
     */
    Map<String, String> of(PullRequest request) {
        if (request.credential() != null) {
            return header(authOf(request, request.credential()));
        }
        AuthConfig auth = config.effectiveAuthConfig(request.reference());
        return auth == null ? Map.of() : header(auth);
    }

    private AuthConfig authOf(PullRequest request, String name) {
        RegistryCredential credential = credentials.get(name);
        String what = "pull " + request.reference() + ": ";
        if (credential == null) {
            throw new DockerFailure.ImageDenied(
                    DockerFailures.line(what + "this node has no credential named " + name));
        }
        String registry = ImageReference.parse(request.reference()).registry();
        if (!registry.equals(credential.registry())) {
            throw new DockerFailure.ImageDenied(
                    DockerFailures.line(
                            what
                                    + "the credential "
                                    + name
                                    + " is for "
                                    + credential.registry()
                                    + ", not for "
                                    + registry));
        }
        AuthConfig auth = new AuthConfig().withRegistryAddress(credential.registry());
        return credential.isToken()
                ? auth.withIdentityToken(credential.password())
                : auth.withUsername(credential.username()).withPassword(credential.password());
    }

    private static Map<String, String> header(AuthConfig auth) {
        JsonObject json = new JsonObject();
        putIfThere(json, "username", auth.getUsername());
        putIfThere(json, "password", auth.getPassword());
        putIfThere(json, "email", auth.getEmail());
        putIfThere(json, "serveraddress", auth.getRegistryAddress());
        putIfThere(json, "identitytoken", auth.getIdentitytoken());
        putIfThere(json, "registrytoken", auth.getRegistrytoken());
        byte[] bytes = json.encode().getBytes(StandardCharsets.UTF_8);
        return Map.of("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(bytes));
    }

    private static void putIfThere(JsonObject json, String key, @Nullable String value) {
        if (value != null) {
            json.put(key, value);
        }
    }
}
