package dev.longshore.kafka;

import dev.longshore.wire.CommandCodec;
import dev.longshore.wire.EventCodec;

import io.vertx.core.Context;

/**
 * Makes the sources and sinks of one node, so that their users need not know in which form things
 * are written. From any thread; who asks for one owns it and closes it.
 */
public final class KafkaClients {
    private final KafkaSettings settings;
    private final CommandCodec commands = new CommandCodec();
    private final EventCodec events = new EventCodec();

    /** Prepares; talks to nobody yet. */
    public KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Creates missing topics. */
    public TopicSetup topicSetup(Context context) {
        return new TopicSetup(context, settings);
    }

    /** This node's share of the start commands. */
    public CommandSource commandSource(Context context) {
        return new CommandSource(context, settings, commands);
    }

    /** Every control command. */
    public ControlSource controlSource(Context context) {
        return new ControlSource(context, settings, commands);
    }

    /** Everything that nodes say. */
    public EventSource eventSource(Context context) {
        return new EventSource(context, settings, events);
    }

    /** Log lines, past and to come. */
    public LineSource lineSource(Context context) {
        return new LineSource(context, settings, events);
    }

    /** Where events go. */
    public EventSink eventSink(Context context) {
        return new KafkaEventSink(context, settings, events);
    }

    /** Takes the place of nodes that do not come back. */
    public NodeFence nodeFence(Context context) {
        return new KafkaNodeFence(context, settings, events);
    }

    /** Where lines go. */
    public LineSink lineSink(Context context) {
        return new KafkaLineSink(context, settings, events);
    }

    /** Start commands that were taken before. */
    public CommandHistory commandHistory(Context context) {
        return new CommandHistory(context, settings, commands);
    }

    /** Whether another process is at work as this node. */
    public NodeIdCheck nodeIdCheck(Context context) {
        return new NodeIdCheck(context, settings, events);
    }

    /** How much of a log is in its topic already. */
    public LineSurvey lineSurvey(Context context) {
        return new LineSurvey(context, settings);
    }
}
