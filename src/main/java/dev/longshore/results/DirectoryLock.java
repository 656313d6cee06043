package dev.longshore.results;

import dev.longshore.job.NodeId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory of all results, taken for one process by a lock on its file {@code .lock}. The
 * operating system lets go of it with the process, however that ends; what the file says outlives
 * it, so that the next one knows who was there before. Blocks: worker threads only.
 */
public final class DirectoryLock {
    private static final Logger log = LoggerFactory.getLogger(DirectoryLock.class);
    private static final String NAME = ".lock";
    private static final int MOST_BYTES = 1024;
    private static final Pattern FORM =
            Pattern.compile("node=(\\S+) instance=(\\S+) pid=([0-9]{1,18})\\s*");

    /**
     * What this process holds: such locks are the process's own, so that it would not be kept from
     * taking one twice, and would lose it by closing the file a second time.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;
    private final Optional<Holder> former;

    /**
     * Who holds it.
     *
     * @param nodeId the node
     * @param instance its process, told from earlier ones of the same node; no white space
     * @param pid the operating system's number of it
     */
    public record Holder(NodeId nodeId, String instance, long pid) {
        /** Refuses nulls by name, and what could not be read back. */
        public Holder {
            Objects.requireNonNull(nodeId, "nodeId");
            Objects.requireNonNull(instance, "instance");
            if (instance.isEmpty() || instance.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException("instance must be text without white space");
            }
        }

        /** As this process. */
        public static Holder here(NodeId nodeId, String instance) {
            return new Holder(nodeId, instance, ProcessHandle.current().pid());
        }
    }

    private DirectoryLock(Path directory, FileChannel channel, Optional<Holder> former) {
        this.directory = directory;
        this.channel = channel;
        this.former = former;
    }

    /**
     * Takes the directory, or fails with {@link ResultFailure.InUse}; does not wait.
     *
     * @param directory its real path
     */
    static DirectoryLock take(Path directory, Holder holder) throws IOException {
        if (!HELD.add(directory)) {
            throw new ResultFailure.InUse(directory, null);
        }
        FileChannel channel = null;
        DirectoryLock taken = null;
        try {
            channel = Disk.readableAndWritable(directory.resolve(NAME));
            taken = lock(directory, channel, holder);
            return taken;
        } finally {
            if (taken == null) {
                HELD.remove(directory);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /** Who held it before this process did. */
    Optional<Holder> former() {
        return former;
    }

    /** Lets go; harmless a second time. The file stays, since another may be waiting at it. */
    void release() {
        try {
            channel.close();
        } catch (IOException failure) {
            log.warn("{} was not let go of: {}", directory.resolve(NAME), failure.toString());
        } finally {
            HELD.remove(directory);
        }
    }

    private static DirectoryLock lock(Path directory, FileChannel channel, Holder holder)
            throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (IOException failure) {
            throw new ResultFailure.Unusable(directory, "cannot be locked: " + failure);
        }
        Optional<Holder> written = read(channel);
        if (lock == null) {
            throw new ResultFailure.InUse(directory, written.orElse(null));
        }
        write(channel, holder);
        return new DirectoryLock(directory, channel, written);
    }

    private static Optional<Holder> read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        int read = 0;
        while (read >= 0 && bytes.hasRemaining()) {
            read = channel.read(bytes, bytes.position());
        }
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        Matcher parts = FORM.matcher(text);
        return parts.matches() && NodeId.isValid(parts.group(1))
                ? Optional.of(
                        new Holder(
                                new NodeId(parts.group(1)),
                                parts.group(2),
                                Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    private static void write(FileChannel channel, Holder holder) throws IOException {
        String text =
                "node="
                        + holder.nodeId()
                        + " instance="
                        + holder.instance()
                        + " pid="
                        + holder.pid()
                        + '\n';
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        channel.truncate(0);
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }
}
