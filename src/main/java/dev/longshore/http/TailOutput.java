package dev.longshore.http;

import dev.longshore.board.TailRecord;

import io.vertx.core.buffer.Buffer;

/**
 * Where the records of a log go: a websocket or the body of a response. On the event loop of the
 * connection.
 */
interface TailOutput {
    /** Most bytes of one {@link #write}, unless one record alone is larger. */
    int MAX_WRITE_BYTES = 32 << 10;

    /** Whether to wait for the drain handler before the next write. */
    boolean full();

    /** Writes some whole records. */
    void write(Buffer records);

    /** Writes something that only keeps the connection open. */
    void ping();

    /** Ends in good order after the last record. */
    void end(TailRecord.Last last);

    /** Ends in good order, where nothing of what was asked for is kept any more. */
    void gone();

    /** Ends because the client takes nothing any more. */
    void stalled();

    /** Ends because this node stops; the client may come back. */
    void goingAway();
}
