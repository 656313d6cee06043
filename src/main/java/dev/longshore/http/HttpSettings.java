package dev.longshore.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How the HTTP side answers.
 *
 * @param host the address to bind, default {@code 127.0.0.1}
 * @param port the port to bind, default 8080; 0 for a free one
 * @param allowedHosts names, without port, that the {@code Host} header may have besides {@code
 *     localhost}, IP addresses and {@code host}; default none
 * @param allowedOrigins origins, such as {@code https://ops.example.com}, that a browser may call
 *     from besides our own; default none
 * @param maxBodyBytes most bytes of a request body, default 1 MiB
 * @param maxWait longest {@code wait} for a result, default 5 minutes
 * @param pingInterval how often an open log is pinged, default 25 seconds
 * @param stallTimeout how long the reader of a log may take nothing before it is cut off, default
 *     60 seconds
 * @param maxStreamsPerAddress most logs and lists that one address may have open, default 200
 * @param tokens who may do what, default none: everybody everything
 */
public record HttpSettings(
        String host,
        int port,
        Set<String> allowedHosts,
        Set<String> allowedOrigins,
        int maxBodyBytes,
        Duration maxWait,
        Duration pingInterval,
        Duration stallTimeout,
        int maxStreamsPerAddress,
        AccessTokens tokens) {
    private static final int STREAMS_PER_ADDRESS = 200;
    private static final int MAX_PORT = 65_535;

    private static final HttpSettings DEFAULTS =
            new HttpSettings(
                    "127.0.0.1",
                    8080,
                    Set.of(),
                    Set.of(),
                    1 << 20,
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(60));

    /** Refuses nulls by name and numbers out of range; copies the sets. */
    public HttpSettings {
        Objects.requireNonNull(host, "host");
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to " + MAX_PORT + ", was " + port);
        }
        allowedHosts = Set.copyOf(allowedHosts);
        allowedOrigins = Set.copyOf(allowedOrigins);
        if (maxBodyBytes < 1) {
            throw new IllegalArgumentException(
                    "maxBodyBytes must be at least 1, was " + maxBodyBytes);
        }
        positive(maxWait, "maxWait");
        positive(pingInterval, "pingInterval");
        positive(stallTimeout, "stallTimeout");
        if (maxStreamsPerAddress < 1) {
            throw new IllegalArgumentException(
                    "maxStreamsPerAddress must be at least 1, was " + maxStreamsPerAddress);
        }
        Objects.requireNonNull(tokens, "tokens");
    }

    /** With the usual number of streams, and without tokens. */
    public HttpSettings(
            String host,
            int port,
            Set<String> allowedHosts,
            Set<String> allowedOrigins,
            int maxBodyBytes,
            Duration maxWait,
            Duration pingInterval,
            Duration stallTimeout) {
        this(
                host,
                port,
                allowedHosts,
                allowedOrigins,
                maxBodyBytes,
                maxWait,
                pingInterval,
                stallTimeout,
                STREAMS_PER_ADDRESS,
                AccessTokens.none());
    }

    /** The same with another number of streams for each address, and other tokens. */
    public HttpSettings with(int streamsPerAddress, AccessTokens otherTokens) {
        return new HttpSettings(
                host,
                port,
                allowedHosts,
                allowedOrigins,
                maxBodyBytes,
                maxWait,
                pingInterval,
                stallTimeout,
                streamsPerAddress,
                otherTokens);
    }

    /** The defaults stated above. */
    public static HttpSettings defaults() {
        return DEFAULTS;
    }

    /** The same at another address. */
    public HttpSettings at(String otherHost, int otherPort) {
        return new HttpSettings(
                otherHost,
                otherPort,
                allowedHosts,
                allowedOrigins,
                maxBodyBytes,
                maxWait,
                pingInterval,
                stallTimeout,
                maxStreamsPerAddress,
                tokens);
    }

    private static void positive(Duration value, String field) {
        Objects.requireNonNull(value, field);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(field + " must be positive, was " + value);
        }
    }
}
