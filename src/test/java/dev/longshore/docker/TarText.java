package dev.longshore.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Tars in tests: small ones, of text. */
final class TarText {
    private TarText() {}

    /** The files' texts by name, a directory's name ends in {@code /}. */
    static Future<Map<String, String>> read(Archive archive) {
        Promise<Map<String, String>> read = Promise.promise();
        Buffer all = Buffer.buffer();
        archive.exceptionHandler(read::tryFail);
        archive.handler(all::appendBuffer);
        archive.endHandler(_ -> read.complete(texts(all.getBytes())));
        archive.resume();
        return read.future();
    }

    private static Map<String, String> texts(byte[] tar) {
        Map<String, String> texts = new LinkedHashMap<>();
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry();
                    entry != null;
                    entry = in.getNextEntry()) {
                texts.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    /** Each entry as {@code name mode uid:gid size}. */
    static List<String> headers(byte @Nullable [] tar) throws IOException {
        Objects.requireNonNull(tar, "there is no such tar");
        List<String> headers = new ArrayList<>();
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry();
                    entry != null;
                    entry = in.getNextEntry()) {
                headers.add(
                        (entry.isDirectory() ? "d " : "- ")
                                + entry.getName()
                                + " "
                                + Integer.toOctalString(entry.getMode())
                                + " "
                                + entry.getLongUserId()
                                + ":"
                                + entry.getLongGroupId()
                                + " "
                                + entry.getSize());
            }
        }
        return headers;
    }
}
