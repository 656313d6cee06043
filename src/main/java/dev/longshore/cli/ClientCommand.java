package dev.longshore.cli;

import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** What every command that talks to a node has in common. */
abstract class ClientCommand implements Callable<Integer> {
    @Mixin private final ClientOptions client = new ClientOptions();

    private final Terminal terminal;

    ClientCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    final Terminal terminal() {
        return terminal;
    }

    final boolean json() {
        return client.json();
    }

    final ApiClient api() {
        return new ApiClient(
                client.url(terminal.environment()), client.token(terminal.environment()));
    }

    /** The path of an execution below {@code /api/v1/}. */
    static String execution(String id) {
        return "executions/" + ApiClient.encoded(id);
    }
}
