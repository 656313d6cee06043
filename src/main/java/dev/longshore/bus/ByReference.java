package dev.longshore.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;

/** Passes objects within the process as they are; they must be fit for two threads. */
final class ByReference implements MessageCodec<Object, Object> {
    private static final String NAME = "longshore.by-reference";

    private ByReference() {}

    /** Options for messages within this process; the first call of a Vert.x makes it know us. */
    static DeliveryOptions options(Vertx vertx) {
        vertx.sharedData()
                .<String, Boolean>getLocalMap(NAME)
                .computeIfAbsent(
                        NAME,
                        name -> {
                            vertx.eventBus().registerCodec(new ByReference());
                            return true;
                        });
        return new DeliveryOptions().setCodecName(NAME).setLocalOnly(true);
    }

    @Override
    public void encodeToWire(Buffer buffer, Object object) {
        throw new IllegalStateException("within one process only");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        throw new IllegalStateException("within one process only");
    }

    @Override
    public Object transform(Object object) {
        return object;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
