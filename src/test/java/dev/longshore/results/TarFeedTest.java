package dev.longshore.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class TarFeedTest extends StoreFixture {
    private static final int MIB = 1 << 20;

    @Test
    void pauses_the_stream_at_a_mebibyte_and_resumes_it_below_half() throws IOException {
        Promise<Void> paused = Promise.promise();
        int[] left = {4 * MIB / 1024};
        ScriptedStream stream =
                new ScriptedStream(
                        context, () -> left[0]-- > 0 ? Buffer.buffer(new byte[1024]) : null) {
                    @Override
                    public ScriptedStream pause() {
                        super.pause();
                        paused.tryComplete();
                        return this;
                    }
                };
        TarFeed feed = ask(() -> Future.succeededFuture(new TarFeed(context, stream)));

        await(paused.future());
        assertThat(stream.given()).isEqualTo(MIB);
        assertThat(feed.readNBytes(MIB / 4)).hasSize(MIB / 4);
        assertThat(ask(() -> Future.succeededFuture(stream.given()))).isEqualTo(MIB);
        assertThat(feed.readAllBytes()).hasSize(4 * MIB - MIB / 4);
        assertThat(stream.pauses()).isPositive();
    }

    @Test
    void a_failure_comes_after_what_was_given_before_it() throws IOException {
        ScriptedStream stream =
                ScriptedStream.of(context, new byte[] {7}).failingWith(new IOException("gone"));
        TarFeed feed = ask(() -> Future.succeededFuture(new TarFeed(context, stream)));

        assertThat(feed.read()).isEqualTo(7);
        assertThatThrownBy(feed::read).isInstanceOf(TarFeed.Broken.class).hasMessage("gone");
    }

    @Test
    void a_reader_that_is_waiting_is_let_go() throws IOException {
        // Says nothing and never ends.
        ScriptedStream stream =
                new ScriptedStream(context, Buffer::buffer) {
                    @Override
                    public ScriptedStream resume() {
                        return this;
                    }
                };
        TarFeed feed = ask(() -> Future.succeededFuture(new TarFeed(context, stream)));
        Future<Integer> read = vertx.executeBlocking(feed::read, false);
        context.runOnContext(_ -> feed.release());

        assertThat(await(read)).isEqualTo(-1);
        assertThat(stream.closed().future().isComplete()).isTrue();
    }
}
