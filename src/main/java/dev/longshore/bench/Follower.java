package dev.longshore.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One websocket reader of a log: takes frames apart and counts records by their tenth byte, which
 * is the first of their type's name. Read by one thread; counts may be seen by any.
 */
final class Follower {
    private static final int TYPE_COLUMN = 9;
    private static final ByteBuffer IN = ByteBuffer.allocateDirect(256 << 10);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PING = 9;
    private static final int CLOSE = 8;

    private final SocketChannel channel;
    private final String executionId;
    private final byte[] head = new byte[14];
    private int matched;
    private boolean upgraded;
    private int headBytes;
    private long payload;
    private int opcode;
    private int column;
    private byte kind;
    private int numbersLeft;
    private long number = -1;
    private long nextSeq;
    private volatile long missed;
    private volatile long disorders;
    private volatile long lines;
    private volatile long gaps;
    private volatile boolean greeted;
    private volatile boolean ended;
    private volatile long bytes;
    private volatile long firstNanos;
    private volatile long lastNanos;

    Follower(SocketChannel channel, String executionId) {
        this.channel = channel;
        this.executionId = executionId;
    }

    SocketChannel channel() {
        return channel;
    }

    long lines() {
        return lines;
    }

    /** How often the node said that it had left lines out. */
    long gaps() {
        return gaps;
    }

    /** How many lines the node said that it had left out. */
    long missed() {
        return missed;
    }

    /** How many lines and gaps did not go on where the one before them had ended. */
    long disorders() {
        return disorders;
    }

    boolean isGreeted() {
        return greeted;
    }

    /** Whether the node said that the log was over, or left. */
    boolean isEnded() {
        return ended;
    }

    long bytes() {
        return bytes;
    }

    /** When its first line came, by {@link System#nanoTime()}. */
    long firstNanos() {
        return firstNanos;
    }

    /** When its last record came. */
    long lastNanos() {
        return lastNanos;
    }

    /** Asks for the log, on a channel that blocks. */
    void ask(String host) throws IOException {
        String request =
                "GET /api/v1/executions/%s/logs?follow=true HTTP/1.1\r\nHost: %s\r\n"
                                .formatted(executionId, host)
                        + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n\r\n";
        ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Reads what is there. */
    void read(SelectionKey key) {
        try {
            IN.clear();
            int read = channel.read(IN);
            if (read < 0) {
                ended = true;
                key.cancel();
                return;
            }
            IN.flip();
            bytes += read;
            lastNanos = System.nanoTime();
            take(IN);
        } catch (IOException e) {
            ended = true;
            key.cancel();
        }
    }

    private void take(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (!upgraded) {
                byte b = in.get();
                matched = b == END_OF_HEAD[matched] ? matched + 1 : b == '\r' ? 1 : 0;
                upgraded = matched == END_OF_HEAD.length;
            } else if (payload == 0) {
                frameHead(in.get());
            } else {
                int take = (int) Math.min(payload, in.remaining());
                if (opcode < CLOSE) {
                    count(in, take);
                } else {
                    in.position(in.position() + take);
                }
                payload -= take;
            }
        }
    }

    private void frameHead(byte next) throws IOException {
        head[headBytes++] = next;
        if (headBytes < 2) {
            return;
        }
        int length = head[1] & 0x7f;
        int needed = length == 127 ? 10 : length == 126 ? 4 : 2;
        if (headBytes < needed) {
            return;
        }
        payload = length;
        if (needed > 2) {
            payload = 0;
            for (int i = 2; i < needed; i++) {
                payload = payload << 8 | head[i] & 0xff;
            }
        }
        headBytes = 0;
        opcode = head[0] & 0x0f;
        if (opcode == 1) {
            column = 0;
        } else if (opcode == PING) {
            // An answer without content, masked with zeros.
            channel.write(ByteBuffer.wrap(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0}));
        } else if (opcode == CLOSE) {
            ended = true;
        }
    }

    private void count(ByteBuffer in, int size) {
        int end = in.position() + size;
        int at = in.position();
        int place = column;
        for (; at < end; at++) {
            byte b = in.get(at);
            if (b == '\n') {
                place = 0;
                numbersLeft = 0;
                continue;
            }
            if (numbersLeft > 0) {
                digit(b);
            }
            if (place++ == TYPE_COLUMN) {
                record(b);
            }
        }
        column = place;
        in.position(end);
    }

    private void record(byte type) {
        kind = type;
        switch (type) {
            case 'l' -> {
                numbersLeft = 1;
                if (lines == 0) {
                    firstNanos = System.nanoTime();
                }
                lines++;
            }
            case 'g' -> {
                numbersLeft = 2;
                gaps++;
            }
            case 'h' -> greeted = true;
            case 'e' -> ended = true;
            default -> {
                // a state: not counted
            }
        }
    }

    private void digit(byte next) {
        if (next >= '0' && next <= '9') {
            number = Math.max(0, number) * 10 + next - '0';
        } else if (number >= 0) {
            numbersLeft--;
            place(number, numbersLeft == 0);
            number = -1;
        }
    }

    /** The seq of a line, or the first or last of those that are missing. */
    private void place(long seq, boolean last) {
        boolean from = kind == 'l' || !last;
        if (from && seq != nextSeq) {
            disorders++;
        }
        if (kind == 'g' && last) {
            missed += seq - nextSeq + 1;
        }
        nextSeq = last ? seq + 1 : seq;
    }

    void close() throws IOException {
        channel.close();
    }
}
