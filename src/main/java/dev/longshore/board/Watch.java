package dev.longshore.board;

/**
 * A subscription that its holder must close once it has seen enough; closing twice does no harm.
 * Any thread.
 */
public interface Watch extends AutoCloseable {
    @Override
    void close();
}
