package dev.longshore.soak;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * What a node left of its jobs: the committed records of its topics, and what the containers wrote
 * on their disk. Says what is wrong in words.
 */
final class Evidence {
    private static final Set<String> FINAL =
            Set.of("succeeded", "failed", "cancelled", "rejected", "lost");

    private final Map<String, List<JsonNode>> statuses = new HashMap<>();
    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> results = new HashMap<>();
    private final Map<String, List<Entry>> logs = new HashMap<>();
    private final Map<String, List<String>> starts = new HashMap<>();

    /** One record of the topic of logs; text is null where it is no line. */
    private record Entry(
            long offset,
            int attempt,
            long seq,
            @Nullable String stream,
            String text,
            @Nullable String end,
            @Nullable String gap) {
        static Entry of(ConsumerRecord<byte[], byte[]> read) {
            String seq = TestNode.header(read, "seq");
            return new Entry(
                    read.offset(),
                    Integer.parseInt(String.valueOf(TestNode.header(read, "attempt"))),
                    seq == null ? -1 : Long.parseLong(seq),
                    interned(TestNode.header(read, "stream")),
                    TestNode.text(read.value()),
                    TestNode.header(read, "end"),
                    TestNode.header(read, "gap"));
        }
    }

    /** One of two, and not one for each of a million lines. */
    private static @Nullable String interned(@Nullable String name) {
        return name == null ? null : name.intern();
    }

    private Evidence() {}

    /** Reads everything that the node of that name has said. */
    static Evidence gather(Stage stage, String name) throws IOException {
        Evidence evidence = new Evidence();
        Topics topics = Topics.withPrefix(name);
        try (Topic status = new Topic(stage.bootstrap(), topics.status());
                Topic result = new Topic(stage.bootstrap(), topics.results());
                Topic log = new Topic(stage.bootstrap(), topics.logs())) {
            status.each(
                    read -> add(evidence.statuses, TestNode.text(read.key()), TestNode.json(read)));
            result.each(read -> add(evidence.results, TestNode.text(read.key()), read));
            log.each(read -> add(evidence.logs, TestNode.text(read.key()), Entry.of(read)));
        }
        for (String line : stage.starts()) {
            String[] words = line.split(" ", 3);
            add(evidence.starts, words[1], words[2]);
        }
        return evidence;
    }

    private static <T> void add(Map<String, List<T>> map, String key, T value) {
        map.computeIfAbsent(key, first -> new ArrayList<>()).add(value);
    }

    /** How many executions anything was said of. */
    Set<String> executions() {
        return statuses.keySet();
    }

    /** How many lines there are in all. */
    long lines() {
        return logs.values().stream().flatMap(List::stream).filter(each -> each.seq >= 0).count();
    }

    /** How often a program was found again. */
    long reattached() {
        return statuses.values().stream()
                .flatMap(List::stream)
                .filter(each -> each.path("message").asText("").startsWith("reattached"))
                .count();
    }

    /** What is wrong with this job's evidence; nothing, if all is well. */
    List<String> problems(Job job) {
        return problems(job, true);
    }

    /**
     * The same of a job whose engine may have been killed. Where that ended its program, the result
     * is infra_lost and nothing else, and what it would have printed is missing; where it is to be
     * tried again then, its last attempt is complete. No attempt began twice.
     */
    List<String> problemsAfterAnEngineWasKilled(Job job) {
        List<JsonNode> all =
                results.getOrDefault(job.id(), List.of()).stream().map(TestNode::json).toList();
        boolean lost =
                all.stream().anyMatch(each -> each.path("reason").asText().equals("infra_lost"));
        int attempts = all.isEmpty() ? 0 : all.getFirst().path("attempt").asInt();
        List<String> began = starts.getOrDefault(job.id(), List.of());
        List<String> problems = new ArrayList<>();
        if (began.size() > attempts || new TreeSet<>(began).size() != began.size()) {
            problems.add(job + ": began in " + began + ", attempts " + attempts);
        }
        if (lost || job.ending() != Job.Ending.IS_TRIED_AGAIN_WHEN_LOST || attempts == 1) {
            problems.addAll(problems(job, !lost));
            return problems;
        }
        statuses(job, job.state(), problems);
        logEnd(job, problems);
        lines(
                job,
                attempts,
                logs.getOrDefault(job.id(), List.of()).stream()
                        .filter(each -> each.seq >= 0 && each.attempt == attempts)
                        .toList(),
                problems);
        return problems;
    }

    /** How many results say that the engine or its host is to blame. */
    long lost() {
        return results.values().stream()
                .flatMap(List::stream)
                .filter(each -> TestNode.json(each).path("reason").asText().equals("infra_lost"))
                .count();
    }

    private List<String> problems(Job job, boolean ranToItsEnd) {
        List<String> problems = new ArrayList<>();
        JsonNode result = result(job, ranToItsEnd, problems);
        statuses(job, ranToItsEnd ? job.state() : "failed", problems);
        logEnd(job, problems);
        if (ranToItsEnd) {
            starts(job, problems);
            logs(job, result, problems);
        }
        return problems.stream().map(each -> job + ": " + each).toList();
    }

    private void statuses(Job job, String end, List<String> problems) {
        List<JsonNode> all = statuses.getOrDefault(job.id(), List.of());
        List<Long> sequences = all.stream().map(each -> each.path("sequence").asLong()).toList();
        List<Long> expected = LongStream.rangeClosed(1, all.size()).boxed().toList();
        String told =
                all.stream()
                        .map(
                                each ->
                                        each.path("sequence").asText()
                                                + "="
                                                + each.path("state").asText()
                                                + "#"
                                                + each.path("attempt").asText())
                        .toList()
                        .toString();
        if (!sequences.equals(expected)) {
            problems.add("the sequence has gaps or duplicates: " + told);
        }
        List<String> ends =
                all.stream()
                        .map(each -> each.path("state").asText())
                        .filter(FINAL::contains)
                        .toList();
        if (!ends.equals(List.of(end)) || !FINAL.contains(state(all.getLast()))) {
            problems.add("not exactly one final status, " + end + ", at the end: " + told);
        }
    }

    private static String state(JsonNode status) {
        return status.path("state").asText();
    }

    private @Nullable JsonNode result(Job job, boolean ranToItsEnd, List<String> problems) {
        List<ConsumerRecord<byte[], byte[]>> all = results.getOrDefault(job.id(), List.of());
        if (all.size() != 1) {
            problems.add(
                    all.size()
                            + " results, ce_id "
                            + all.stream().map(each -> TestNode.header(each, "ce_id")).toList());
        }
        if (all.isEmpty()) {
            return null;
        }
        JsonNode result = TestNode.json(all.getFirst());
        if (!ranToItsEnd) {
            return result;
        }
        String said =
                result.path("state").asText()
                        + " "
                        + result.path("reason").asText()
                        + " "
                        + result.path("exitCode").asInt(-2)
                        + " attempt "
                        + result.path("attempt").asInt();
        String expected =
                job.state()
                        + " "
                        + job.reason()
                        + " "
                        + job.exitCode()
                        + " attempt "
                        + job.attempts();
        if (!said.equals(expected)) {
            problems.add("result " + said + ", expected " + expected + ": " + result);
        }
        if (job.ending() == Job.Ending.WRITES_AN_OUTPUT) {
            output(job, result.path("outputs").path(0), problems);
        }
        return result;
    }

    private static void output(Job job, JsonNode output, List<String> problems) {
        Path file = Path.of(output.path("path").asText(), "file");
        try {
            if (output.path("files").asInt() != 1
                    || !Files.readString(file).equals(job.id() + "\n")) {
                problems.add("its output is not what it wrote: " + output);
            }
        } catch (IOException e) {
            problems.add("its output is not there: " + e + " " + output);
        }
    }

    /** Each start has a container of its own, of which a status of another attempt each tells. */
    private void starts(Job job, List<String> problems) {
        List<String> hosts = starts.getOrDefault(job.id(), List.of());
        Set<String> told = new TreeSet<>();
        for (JsonNode status : statuses.getOrDefault(job.id(), List.of())) {
            String container = status.path("containerId").asText("");
            if (container.length() >= 12) {
                told.add(status.path("attempt").asText() + " " + container.substring(0, 12));
            }
        }
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < hosts.size(); i++) {
            expected.add((i + 1) + " " + hosts.get(i));
        }
        if (hosts.size() != job.attempts() || !told.equals(expected)) {
            problems.add("started in " + hosts + ", told of (attempt, container) " + told);
        }
    }

    private void logEnd(Job job, List<String> problems) {
        List<Entry> all = logs.getOrDefault(job.id(), List.of());
        List<Entry> ends = all.stream().filter(each -> each.end != null).toList();
        if (ends.size() != 1 || !all.getLast().equals(ends.getFirst())) {
            problems.add("not exactly one end of its log, as the last record: " + ends);
        }
    }

    private void logs(Job job, @Nullable JsonNode result, List<String> problems) {
        List<Entry> all = logs.getOrDefault(job.id(), List.of());
        all.stream()
                .filter(each -> each.gap != null)
                .forEach(each -> problems.add("a gap in its log: " + each.gap));
        List<Entry> last = List.of();
        for (int attempt = 1; attempt <= job.attempts(); attempt++) {
            int wanted = attempt;
            last = all.stream().filter(each -> each.seq >= 0 && each.attempt == wanted).toList();
            lines(job, attempt, last, problems);
        }
        JsonNode log = result == null ? null : result.path("log");
        if (log != null
                && !last.isEmpty()
                && (log.path("lines").asLong() != last.size()
                        || log.path("firstOffset").asLong() != last.getFirst().offset
                        || log.path("lastOffset").asLong() != last.getLast().offset
                        || !log.path("complete").asBoolean())) {
            problems.add(
                    "its result says "
                            + log
                            + ", but there are "
                            + last.size()
                            + " lines from "
                            + last.getFirst().offset
                            + " to "
                            + last.getLast().offset);
        }
    }

    private static String cut(List<?> all) {
        String text = all.toString();
        return text.length() <= 20_000 ? text : text.substring(0, 20_000) + " …";
    }

    private static void lines(Job job, int attempt, List<Entry> lines, List<String> problems) {
        List<Long> seqs = lines.stream().map(Entry::seq).toList();
        if (!seqs.equals(LongStream.range(0, 2L * job.lines()).boxed().toList())) {
            problems.add("attempt " + attempt + ": the seqs are not 0, 1, 2, …: " + cut(seqs));
        }
        for (String stream : List.of("stdout", "stderr")) {
            String letter = stream.equals("stdout") ? "o " : "e ";
            List<String> said =
                    lines.stream()
                            .filter(each -> stream.equals(each.stream))
                            .map(Entry::text)
                            .toList();
            List<String> expected =
                    LongStream.range(0, job.lines()).mapToObj(number -> letter + number).toList();
            if (!said.equals(expected)) {
                problems.add("attempt " + attempt + ": " + stream + " is " + cut(said));
            }
        }
    }
}
