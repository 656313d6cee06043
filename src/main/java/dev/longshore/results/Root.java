package dev.longshore.results;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** The directory of all results, looked at once before it is used. Blocks: worker threads only. */
final class Root {
    private static final Logger log = LoggerFactory.getLogger(Root.class);

    private Root() {}

    /** Its real path; made where it is missing. */
    static Path open(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Disk.newDirectories(directory);
            }
            Path real = directory.toRealPath();
            refuseWhereOthersWrite(real);
            probe(real);
            return real;
        } catch (IOException failure) {
            throw new ResultFailure.Unusable(directory, "cannot be used: " + failure);
        }
    }

    private static void refuseWhereOthersWrite(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new ResultFailure.Unusable(
                    directory, "may be written by others (chmod 700 where it is the right one)");
        }
    }

    private static void probe(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, ".probe-", "");
        try {
            UserPrincipal us = Files.getOwner(file);
            UserPrincipal owner = Files.getOwner(directory);
            if (!us.equals(owner)) {
                log.warn("the results directory {} belongs to {}, not to {}", directory, owner, us);
            }
        } finally {
            Files.delete(file);
        }
    }
}
