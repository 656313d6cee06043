package dev.longshore.kafka;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.OutputTail;

import java.util.Iterator;
import java.util.List;

/**
 * A result with less and less of what can be had elsewhere: of the program's output, which is in
 * the topic of lines, and of the lists of collected files, which lie where the result says. That
 * something was left out shows: in the flags of the output, and in more files than are listed.
 * Pure, for any thread.
 */
final class ShorterResult {
    private static final List<Step> STEPS =
            List.of(new Step(16 << 10, 100), new Step(1 << 10, 0), new Step(0, 0));

    private ShorterResult() {}

    /**
     * How much is kept.
     *
     * @param mostCharacters of the end of each stream
     * @param mostFiles listed of each output
     */
    private record Step(int mostCharacters, int mostFiles) {}

    /** The shorter forms of a result, each shorter than the one before. */
    static Iterator<ExecutionResult> of(ExecutionResult whole) {
        return STEPS.stream().map(step -> cut(whole, step)).iterator();
    }

    private static ExecutionResult cut(ExecutionResult whole, Step step) {
        return new ExecutionResult(
                whole.executionId(),
                whole.jobId(),
                whole.nodeId(),
                whole.attempt(),
                whole.outcome(),
                cut(whole.output(), step),
                whole.log(),
                whole.image(),
                whole.acceptedAt(),
                whole.startedAt(),
                whole.finishedAt(),
                whole.millis(),
                whole.gpus(),
                whole.outputs().stream().map(output -> cut(output, step)).toList(),
                whole.usage());
    }

    private static OutputTail cut(OutputTail tail, Step step) {
        return new OutputTail(
                end(tail.stdout(), step.mostCharacters()),
                end(tail.stderr(), step.mostCharacters()),
                tail.stdoutTruncated() || tail.stdout().length() > step.mostCharacters(),
                tail.stderrTruncated() || tail.stderr().length() > step.mostCharacters());
    }

    private static String end(String text, int most) {
        int from = Math.max(0, text.length() - most);
        boolean inPair =
                from > 0 && from < text.length() && Character.isLowSurrogate(text.charAt(from));
        return text.substring(inPair ? from + 1 : from);
    }

    private static CollectedOutput cut(CollectedOutput output, Step step) {
        List<CollectedOutput.Entry> listed =
                output.manifest().stream().limit(step.mostFiles()).toList();
        return new CollectedOutput(
                output.name(), output.path(), output.files(), output.bytes(), listed);
    }
}
