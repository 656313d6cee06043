package dev.longshore.wire;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Linux signals by name and number (signal(7), the numbers of x86 and ARM). Any thread. */
final class Signals {
    private static final List<String> BY_NUMBER = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private static final int REAL_TIME_FIRST = 34;
    private static final int REAL_TIME_HALF = 49;
    private static final int REAL_TIME_LAST = 64;
    private static final Pattern REAL_TIME = Pattern.compile("RTM(?:IN(?:\\+([0-9]|1[0-5]))?|AX(?:-([0-9]|1[0-4]))?)");

    private Signals() {}

    /** The full name, such as {@code SIGTERM}, of a name with or without {@code SIG} or a number; null for no signal. */
    static @Nullable String name(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.matches("[0-9]{1,2}")) {
            return name(Integer.parseInt(upper));
        }
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        if (name.isEmpty()) {
            return null;
        }
        Matcher realTime = REAL_TIME.matcher(name);
        if (realTime.matches()) {
            return "SIG" + name;
        }
        return BY_NUMBER.contains(name) ? "SIG" + name : null;
    }

    private static @Nullable String name(int number) {
        if (number > 0 && number < BY_NUMBER.size()) {
            return "SIG" + BY_NUMBER.get(number);
        }
        if (number < REAL_TIME_FIRST || number > REAL_TIME_LAST) {
            return null;
        }
        if (number <= REAL_TIME_HALF) {
            return "SIGRTMIN" + (number == REAL_TIME_FIRST ? "" : "+" + (number - REAL_TIME_FIRST));
        }
        return "SIGRTMAX" + (number == REAL_TIME_LAST ? "" : "-" + (REAL_TIME_LAST - number));
    }
}
