package dev.longshore.job;

import java.util.Locale;

/** Who made a GPU. Wire form: the name in lower case. */
public enum GpuVendor {
    /** NVIDIA. */
    NVIDIA,
    /** AMD. */
    AMD,
    /** Intel. */
    INTEL;

    /** The name in messages. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
