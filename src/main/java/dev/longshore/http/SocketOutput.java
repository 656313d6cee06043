package dev.longshore.http;

import dev.longshore.board.TailRecord;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;

/** A log as text messages of a websocket, each of some whole records, a line each. */
final class SocketOutput implements TailOutput {
    private static final short NORMAL = 1000;
    private static final short NO_BINARY = 1003;
    private static final short TOO_LARGE = 1009;
    private static final short RESTART = 1012;
    private static final short TRY_LATER = 1013;
    private static final short NO_PROGRESS = 4408;
    private static final short GONE = 4410;
    private static final int MAX_INBOUND_BYTES = 4 << 10;
    private static final int WRITE_QUEUE_BYTES = 64 << 10;
    private static final int MISSED_PONGS = 2;

    private final ServerWebSocket socket;
    private int unanswered;
    private int inboundBytes;

    SocketOutput(ServerWebSocket socket) {
        this.socket = socket;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
        socket.frameHandler(this::inbound);
        socket.pongHandler(pong -> unanswered = 0);
    }

    @Override
    public boolean full() {
        return socket.isClosed() || socket.writeQueueFull();
    }

    @Override
    public void write(Buffer records) {
        int length = records.length();
        boolean newline = length > 0 && records.getByte(length - 1) == '\n';
        socket.writeTextMessage(records.getString(0, newline ? length - 1 : length));
    }

    @Override
    public void ping() {
        if (unanswered >= MISSED_PONGS) {
            stalled();
        } else if (!socket.isClosed() && !socket.writeQueueFull()) {
            unanswered++;
            socket.writePing(Buffer.buffer("longshore"));
        }
    }

    @Override
    public void end(TailRecord.Last last) {
        if (last instanceof TailRecord.Broken) {
            // The brokers are away or too slow: what was sent so far is whole.
            socket.close(TRY_LATER, "the log could not be read on, come back with after");
        } else {
            socket.close(NORMAL, "end of log");
        }
    }

    @Override
    public void gone() {
        socket.close(GONE, "the log is not kept any more");
    }

    @Override
    public void stalled() {
        socket.close(NO_PROGRESS, "no progress");
    }

    @Override
    public void goingAway() {
        socket.close(RESTART, "this node stops, come back with after");
    }

    /** Says goodbye after a frame too large to be read, which {@link #inbound} never sees. */
    void failed(Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException bad && !socket.isClosed()) {
            socket.close((short) bad.closeStatus().code(), bad.closeStatus().reasonText());
        }
    }

    private void inbound(WebSocketFrame frame) {
        if (frame.isBinary()) {
            socket.close(NO_BINARY, "text only");
        } else if (frame.isText() || frame.isContinuation()) {
            inboundBytes = (frame.isText() ? 0 : inboundBytes) + frame.binaryData().length();
            if (inboundBytes > MAX_INBOUND_BYTES) {
                socket.close(TOO_LARGE, "at most " + MAX_INBOUND_BYTES + " bytes");
            }
        }
    }
}
