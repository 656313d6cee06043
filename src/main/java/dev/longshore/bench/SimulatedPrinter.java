package dev.longshore.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The log of a program that prints evenly: {@code print LINES RATE [BYTES]}. Lines are dated when
 * they are due, which is when they are sent to whoever follows. One thread.
 */
final class SimulatedPrinter {
    /** Of a line, its newline included, where the command says nothing of it. */
    private static final int USUAL_BYTES = 100;

    private static final int LEAST_BYTES = 20;

    private static final int MOST_LINES_A_CHUNK = 512;
    private static final int TAIL = 32;
    private static final Duration STEP = Duration.ofMillis(5);

    /** Nine digits always, as an engine writes them. */
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z' ")
                    .withZone(ZoneOffset.UTC);

    private final SimulatedContainer container;
    private final SimulatedHttp http;
    private final long lines;
    private final long rate;
    private final int lineBytes;

    SimulatedPrinter(SimulatedContainer container, SimulatedHttp http) {
        this.container = container;
        this.http = http;
        this.lines = container.number(1);
        this.rate = container.number(2);
        this.lineBytes = Math.toIntExact(Math.max(LEAST_BYTES, container.number(3, USUAL_BYTES)));
    }

    /** Sends it: as it grows, or the last records of what has ended. */
    void print(boolean follow) throws IOException, InterruptedException {
        if (!follow) {
            send(Math.max(0, lines - TAIL), lines);
            return;
        }
        long begun = System.nanoTime();
        long sent = 0;
        while (sent < lines && container.isRunning()) {
            long due = Math.min(lines, (System.nanoTime() - begun) * rate / 1_000_000_000L);
            send(sent, due);
            sent = due;
            Thread.sleep(STEP);
        }
        container.end(0);
    }

    private void send(long from, long to) throws IOException {
        for (long at = from; at < to; at += MOST_LINES_A_CHUNK) {
            long end = Math.min(to, at + MOST_LINES_A_CHUNK);
            ByteBuffer out = ByteBuffer.allocate((int) (end - at) * (lineBytes + 64));
            for (long line = at; line < end; line++) {
                frame(out, line);
            }
            out.flip();
            http.chunk(out);
        }
    }

    /** A line's time is a function of its number, so that reading again gives the same. */
    private void frame(ByteBuffer out, long line) {
        byte[] time =
                STAMP.format(container.startedAt().plusNanos(line * 1_000_000_000L / rate))
                        .getBytes(StandardCharsets.US_ASCII);
        out.put((byte) 1).put(new byte[3]).putInt(time.length + lineBytes);
        out.put(time);
        byte[] text = "line %010d ".formatted(line).getBytes(StandardCharsets.US_ASCII);
        out.put(text);
        for (int i = text.length; i < lineBytes - 1; i++) {
            out.put((byte) '.');
        }
        out.put((byte) '\n');
    }
}
