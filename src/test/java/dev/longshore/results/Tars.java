package dev.longshore.results;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tars made byte by byte, so that they can be wrong in any way. */
final class Tars {
    static final char FILE = '0';
    static final char HARD_LINK = '1';
    static final char SYMLINK = '2';
    static final char CHARACTER_DEVICE = '3';
    static final char BLOCK_DEVICE = '4';
    static final char DIRECTORY = '5';
    static final char FIFO = '6';
    static final char PAX = 'x';
    static final char GLOBAL_PAX = 'g';
    static final char GNU_LONG_NAME = 'L';
    static final char GNU_SPARSE = 'S';
    static final int RECORD = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The tar of the directory {@code out}, so far empty. */
    static Tars ofOut() {
        return new Tars().entry("out/", DIRECTORY, "");
    }

    Tars file(String name, String content) {
        return entry(name, FILE, content);
    }

    Tars directory(String name) {
        return entry(name, DIRECTORY, "");
    }

    Tars entry(String name, char kind, String content) {
        byte[] text = content.getBytes(StandardCharsets.UTF_8);
        return raw(header(name.getBytes(StandardCharsets.UTF_8), kind, text.length, ""))
                .raw(padded(text));
    }

    Tars link(String name, char kind, String target) {
        return raw(header(name.getBytes(StandardCharsets.UTF_8), kind, 0, target));
    }

    /** A file whose name stands in a PAX header, where any bytes fit. */
    Tars paxNamed(byte[] name, String content) {
        byte[] record = paxRecord("path", name);
        return raw(header(ascii("PaxHeaders/x"), PAX, record.length, ""))
                .raw(padded(record))
                .file("out/instead", content);
    }

    Tars raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    /** With the two empty records that end a tar. */
    byte[] end() {
        return raw(new byte[2 * RECORD]).cut();
    }

    /** As it is. */
    byte[] cut() {
        return bytes.toByteArray();
    }

    static byte[] paxRecord(String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + Integer.toString(rest + 3).length();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(ascii(length + " " + key + "="));
        record.writeBytes(value);
        record.write('\n');
        return record.toByteArray();
    }

    static byte[] header(byte[] name, char kind, long size, String link) {
        byte[] header = new byte[RECORD];
        System.arraycopy(name, 0, header, 0, Math.min(100, name.length));
        put(header, 100, "0006777");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format(Locale.ROOT, "%011o", size));
        put(header, 136, "00000000000");
        header[156] = (byte) kind;
        put(header, 157, link);
        put(header, 257, kind == GNU_LONG_NAME || kind == GNU_SPARSE ? "ustar  " : "ustar\00000");
        put(header, 148, "        ");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header;
    }

    static byte[] padded(byte[] content) {
        int padding = (RECORD - content.length % RECORD) % RECORD;
        byte[] padded = new byte[content.length + padding];
        System.arraycopy(content, 0, padded, 0, content.length);
        return padded;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] ascii = ascii(text);
        System.arraycopy(ascii, 0, header, at, ascii.length);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
