package dev.longshore.executor;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileSystemProps;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much room is left on the disks that executions fill: the engine's, where it is a disk of this
 * machine, and that of the results. Any context.
 */
final class FreeSpace {
    private final Vertx vertx;
    private final List<Path> places;

    /**
     * @param places directories; those that this process cannot see are left out, such as the
     *     engine's own where it runs on another machine
     */
    FreeSpace(Vertx vertx, List<Path> places) {
        this.vertx = vertx;
        this.places = places.stream().filter(Files::isDirectory).toList();
    }

    /** Bytes that are free where least are. */
    Future<Long> bytes() {
        Future<Long> least = Future.succeededFuture(Long.MAX_VALUE);
        for (Path place : places) {
            least =
                    least.compose(
                            before ->
                                    vertx.fileSystem()
                                            .fsProps(place.toString())
                                            .map(FileSystemProps::usableSpace)
                                            .map(free -> Math.min(before, free)));
        }
        return least;
    }
}
