package dev.longshore.executor;

import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.time.Duration;
import java.util.Objects;

/**
 * Whether it is still this node that starts an execution's program, asked before each call that
 * would: a node may have hung, and another have taken over what waited on it. It has said that it
 * is about to, has read that in the topic before anything that another node said, and that was not
 * long ago: others take nothing over from a node that they heard within {@link Presence#SILENCE}.
 * Lives on the executor's context.
 */
final class Mandate {
    /** What was said so long ago has to be said again. */
    static final Duration FRESH = Duration.ofSeconds(15);

    private final Voice voice;
    private final Journal journal;

    Mandate(Voice voice, Journal journal) {
        this.voice = voice;
        this.journal = journal;
    }

    /**
     * Completed when the program may be started, now; never, where another node has taken over;
     * fails where nothing can be said any more.
     */
    Future<Void> confirm() {
        if (!isFresh()) {
            journal.sayAgainThatItStarts();
        }
        StatusEvent word = Objects.requireNonNull(journal.latest(), "nothing was said");
        return journal.lastWord()
                .compose(told -> heard(word))
                .compose(counts -> counts && isFresh() ? Future.succeededFuture() : confirm());
    }

    private boolean isFresh() {
        return journal.sinceLastWord().compareTo(FRESH) < 0;
    }

    /** False where it was not heard for so long that it has to be said again. */
    private Future<Boolean> heard(StatusEvent word) {
        Promise<Boolean> heard = Promise.promise();
        Timers.Timer tooLong = voice.timers().after(FRESH, () -> heard.tryComplete(false));
        voice.echo()
                .of(word)
                .onSuccess(
                        counts -> {
                            tooLong.cancel();
                            heard.tryComplete(true);
                        });
        return heard.future();
    }
}
