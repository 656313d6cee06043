package dev.longshore.docker;

import dev.longshore.docker.EngineEvent.Action;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Keeps what an engine tells. From any thread. */
final class Heard implements Consumer<EngineEvent> {
    final Set<String> threads = new HashSet<>();
    private final List<EngineEvent> events = new ArrayList<>();
    private final List<Wish> wishes = new ArrayList<>();

    private record Wish(Predicate<List<EngineEvent>> wanted, Promise<Void> fulfilled) {}

    @Override
    public synchronized void accept(EngineEvent event) {
        threads.add(Thread.currentThread().getName());
        events.add(event);
        wishes.stream()
                .filter(wish -> wish.wanted.test(events))
                .forEach(wish -> wish.fulfilled.tryComplete());
    }

    synchronized List<EngineEvent> all() {
        return List.copyOf(events);
    }

    /** What was told of one container. */
    List<EngineEvent.Container> of(String containerId) {
        return all().stream()
                .filter(EngineEvent.Container.class::isInstance)
                .map(EngineEvent.Container.class::cast)
                .filter(event -> event.containerId().equals(containerId))
                .toList();
    }

    List<Action> actions(String containerId) {
        return of(containerId).stream().map(EngineEvent.Container::action).toList();
    }

    /** The times in which the engine was not heard. */
    List<Absence> absences() {
        List<Absence> found = new ArrayList<>();
        for (EngineEvent event : all()) {
            if (event instanceof EngineEvent.Lost lost) {
                found.add(Absence.since(lost));
            } else if (event instanceof EngineEvent.Connected back && !found.isEmpty()) {
                found.add(found.removeLast().until(back));
            }
        }
        return found;
    }

    /** Once this was told of a container. */
    Future<Void> told(String containerId, Action action) {
        return until(_ -> actions(containerId).contains(action));
    }

    /** Once the engine could be heard so many times. */
    Future<Void> connected(int times) {
        return until(
                told ->
                        told.stream().filter(EngineEvent.Connected.class::isInstance).count()
                                >= times);
    }

    synchronized Future<Void> until(Predicate<List<EngineEvent>> wanted) {
        Wish wish = new Wish(wanted, Promise.promise());
        wishes.add(wish);
        if (wanted.test(events)) {
            wish.fulfilled.tryComplete();
        }
        return wish.fulfilled.future();
    }
}
