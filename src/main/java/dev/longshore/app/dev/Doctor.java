package dev.longshore.app.dev;

import dev.longshore.app.dev.Check.Level;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Looks a machine over. Blocks the calling thread, for some seconds where things do not answer. */
public final class Doctor {
    private final List<Probe> probes;

    /** Makes one that asks these, in this order. */
    public Doctor(List<Probe> probes) {
        this.probes = List.copyOf(probes);
    }

    /**
     * Looks at something, and says what it found; one that throws is reported as failed, and the
     * next goes on.
     */
    @FunctionalInterface
    public interface Probe {
        /** One or several findings. */
        List<Check> look() throws Exception;
    }

    /**
     * Asks every probe.
     *
     * @param findings is given each finding as it comes
     * @return whether nothing failed; warnings do not count
     */
    public boolean examine(Consumer<Check> findings) throws InterruptedException {
        boolean well = true;
        for (Probe probe : probes) {
            for (Check check : ask(probe)) {
                findings.accept(check);
                well &= check.level() != Level.FAIL;
            }
        }
        return well;
    }

    private static List<Check> ask(Probe probe) throws InterruptedException {
        try {
            return new ArrayList<>(probe.look());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return List.of(
                    Check.fail(
                            "check", "a check could not be made: " + what, "please report this"));
        }
    }
}
