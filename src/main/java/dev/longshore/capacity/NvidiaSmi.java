package dev.longshore.capacity;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What {@code nvidia-smi} tells of the GPUs that its driver knows. */
final class NvidiaSmi {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final List<String> COMMAND =
            List.of(
                    "nvidia-smi",
                    "--query-gpu=index,uuid,name,memory.total,pci.bus_id,mig.mode.current",
                    "--format=csv,noheader,nounits");
    private static final Pattern SEPARATOR = Pattern.compile(",\\s*");
    private static final Pattern FAULT =
            Pattern.compile(
                    "ERR!|\\[?(Unknown Error|GPU is lost|GPU requires reset)]?",
                    Pattern.CASE_INSENSITIVE);
    private static final int FIELDS = 6;
    private static final int MOST_NOTE_CHARS = 300;
    private static final long MIB = 1L << 20;

    private final Probe probe;
    private final List<String> notes;

    NvidiaSmi(Probe probe, List<String> notes) {
        this.probe = probe;
        this.notes = notes;
    }

    /**
     * A line of its answer.
     *
     * @param index its number, which may change at the next boot
     * @param uuid null where it could not be told
     * @param name null where it could not be told
     * @param memoryBytes 0 where the GPU has no memory of its own, or it could not be told
     * @param address its PCI address, null where it could not be told
     * @param fault what is wrong with it, null where nothing is
     */
    record Row(
            String index,
            @Nullable String uuid,
            @Nullable String name,
            long memoryBytes,
            @Nullable String address,
            @Nullable String fault) {}

    /** Its lines; null where there is no such tool. */
    @Nullable List<Row> rows() {
        Probe.Answer answer = ask();
        if (answer.exitCode() == Probe.Answer.ABSENT) {
            return null;
        }
        List<Row> rows = new ArrayList<>();
        for (String line : answer.output().lines().map(String::strip).toList()) {
            List<String> fields = List.of(SEPARATOR.split(line, -1));
            if (fields.size() == FIELDS) {
                rows.add(row(fields));
            } else if (!line.isEmpty() && !line.startsWith("No devices were found")) {
                notes.add("nvidia-smi says: " + shortened(line));
            }
        }
        if (answer.exitCode() != 0) {
            notes.add(
                    answer.exitCode() == Probe.Answer.LATE
                            ? "nvidia-smi did not answer within " + DEADLINE.toSeconds() + " s"
                            : "nvidia-smi ended with " + answer.exitCode());
        }
        return rows;
    }

    /** A probe that breaks its word must not hide the GPUs of other makers. */
    private Probe.Answer ask() {
        try {
            return probe.run(COMMAND, DEADLINE);
        } catch (RuntimeException e) {
            return new Probe.Answer(1, String.valueOf(e));
        }
    }

    private Row row(List<String> fields) {
        String mig = fields.get(5);
        String fault =
                fields.stream()
                        .filter(field -> FAULT.matcher(field).find())
                        .findFirst()
                        .map(field -> "nvidia-smi says " + field)
                        .orElse(null);
        if (fault == null && mig.equalsIgnoreCase("Enabled")) {
            fault = "it is split by MIG, and its parts are not given out";
        }
        String uuid = told(fields.get(1));
        return new Row(
                fields.get(0),
                uuid,
                told(fields.get(2)),
                memory(fields.get(3)),
                PciAddress.normalised(fields.get(4)),
                fault == null && uuid == null ? "nvidia-smi does not tell its uuid" : fault);
    }

    private long memory(String mebibytes) {
        if (told(mebibytes) == null) {
            return 0;
        }
        try {
            return Math.max(0, Math.multiplyExact(Long.parseLong(mebibytes), MIB));
        } catch (NumberFormatException | ArithmeticException e) {
            notes.add("nvidia-smi tells no number of MiB: " + shortened(mebibytes));
            return 0;
        }
    }

    private static @Nullable String told(String field) {
        return field.isBlank() || field.startsWith("[") || FAULT.matcher(field).find()
                ? null
                : field;
    }

    private static String shortened(String text) {
        return text.length() <= MOST_NOTE_CHARS ? text : text.substring(0, MOST_NOTE_CHARS) + "…";
    }
}
