package dev.longshore.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process uses, by {@code /proc}.
 *
 * @param residentBytes its resident memory
 * @param threads its threads, the JVM's own included
 * @param cpuMillis what it has used of processors since its start
 */
record ProcessFacts(long residentBytes, int threads, long cpuMillis) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final long KIB = 1024;
    private static final long TICK_MILLIS = 10;
    private static final int USER_TICKS = 11;

    static ProcessFacts of(long pid) throws IOException {
        Path proc = Path.of("/proc", String.valueOf(pid));
        if (!Files.isDirectory(proc)) {
            throw new BenchFailure("process " + pid + " is not there, or there is no /proc");
        }
        long resident = 0;
        int threads = 0;
        for (String line : Files.readAllLines(proc.resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                resident = Long.parseLong(line.replaceAll("\\D", "")) * KIB;
            } else if (line.startsWith("Threads:")) {
                threads = Integer.parseInt(line.replaceAll("\\D", ""));
            }
        }
        String stat = Files.readString(proc.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
        return new ProcessFacts(resident, threads, ticks * TICK_MILLIS);
    }

    /** Collects, then asks what is left. */
    static long liveHeapBytes(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        jcmd(pid, "GC.run");
        String answer = jcmd(pid, "GC.heap_info");
        long used = 0;
        for (String line : answer.lines().toList()) {
            // G1 has one line of all, the serial collector one of each generation.
            boolean heap =
                    line.contains("garbage-first")
                            || line.contains("DefNew")
                            || line.contains("Tenured");
            Matcher found = USED.matcher(line);
            if (heap && found.find()) {
                used += Long.parseLong(found.group(1)) * KIB;
            }
        }
        if (used == 0) {
            throw new BenchFailure("the heap of " + pid + " cannot be read: " + answer);
        }
        return used;
    }

    private static String jcmd(long pid, String question) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process =
                new ProcessBuilder(List.of(jcmd.toString(), String.valueOf(pid), question))
                        .redirectErrorStream(true)
                        .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return answer;
    }
}
