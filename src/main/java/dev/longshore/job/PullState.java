package dev.longshore.job;

/**
 * How far the fetch of an image is.
 *
 * @param layersDone layers that are complete
 * @param layers layers seen so far
 * @param bytesDone bytes fetched of the layers whose size is known
 * @param bytes sizes of those layers together
 */
public record PullState(int layersDone, int layers, long bytesDone, long bytes) {}
