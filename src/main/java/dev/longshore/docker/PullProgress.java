package dev.longshore.docker;

/**
 * How far a pull is.
 *
 * @param layersDone layers that are complete
 * @param layers layers seen so far
 * @param bytesDone bytes fetched of the layers whose size is known
 * @param bytes sizes of those layers together
 */
public record PullProgress(int layersDone, int layers, long bytesDone, long bytes) {}
