package dev.longshore.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.app.dev.Check;
import dev.longshore.app.dev.Doctor;
import dev.longshore.app.dev.EngineApi;
import dev.longshore.app.dev.EngineSetup;
import dev.longshore.app.dev.ImageSetup;
import dev.longshore.app.dev.Machine;
import dev.longshore.app.dev.MachineProbes;
import dev.longshore.app.dev.SetupException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code doctor}: looks the machine over, and sets right what it can. */
@Command(
        name = "doctor",
        description =
                "Check this machine: Docker engine, image, broker, ports, disk, GPUs. --fix sets"
                        + " right.",
        footer = {
            "",
            "Exit code 1 where something fails; warnings do not count.",
            "",
            "Examples:",
            "  longshore doctor",
            "  longshore doctor --fix      # installs and starts a Docker engine (Debian, as root),"
                    + " gets an image",
            "  longshore doctor --kafka broker:9092 -o json"
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--fix", description = "First set right what can be set right from here.")
    private boolean fix;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A broker to look at. Default: LONGSHORE_KAFKA_BOOTSTRAP_SERVERS.")
    private @Nullable String kafka;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print: text for people, json for programs.")
    private OutputFormat output = OutputFormat.TEXT;

    private final Terminal terminal;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        System.setProperty("longshore.log.clients", "off"); // the findings say it all
        Machine machine = Machine.here();
        if (fix) {
            fix(machine);
        }
        String broker =
                kafka != null
                        ? kafka
                        : terminal.environment().get("LONGSHORE_KAFKA_BOOTSTRAP_SERVERS");
        return report(new Doctor(new MachineProbes(machine).all(broker)));
    }

    /** Prints what {@code doctor} finds; the exit code. */
    int report(Doctor doctor) throws InterruptedException {
        if (output == OutputFormat.TEXT) {
            return doctor.examine(this::print) ? ExitCodes.DONE : ExitCodes.FAILED;
        }
        ObjectNode json = ApiClient.JSON.createObjectNode();
        ArrayNode checks = ApiClient.JSON.createArrayNode();
        boolean well =
                doctor.examine(
                        check ->
                                checks.addObject()
                                        .put("name", check.name())
                                        .put("level", check.level().name().toLowerCase(Locale.ROOT))
                                        .put("detail", check.detail())
                                        .put("remedy", check.remedy()));
        json.put("ok", well).set("checks", checks);
        terminal.print(ApiClient.line(json));
        return well ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private void print(Check check) {
        String level = (check.level().name().toLowerCase(Locale.ROOT) + "    ").substring(0, 4);
        terminal.print(
                colour(check.level(), level)
                        + "  "
                        + (check.name() + "            ").substring(0, 12)
                        + TerminalText.safe(check.detail()));
        check.remedy().lines().forEach(line -> terminal.print("                  " + line));
    }

    private String colour(Check.Level level, String text) {
        if (!terminal.colours()) {
            return text;
        }
        int code =
                switch (level) {
                    case OK -> 32;
                    case WARN -> 33;
                    case FAIL -> 31;
                };
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    private void fix(Machine machine) throws InterruptedException {
        try {
            new EngineSetup(machine, terminal::say).ensure();
            new ImageSetup(new EngineApi(machine.engine()), machine, terminal::say).ensure();
        } catch (SetupException e) {
            terminal.say(e.getMessage() + "\nWhat to do:\n" + e.remedy());
        }
    }
}
