package dev.longshore.app;

import dev.longshore.executor.DrainMode;
import dev.longshore.executor.PrivilegePolicy;
import dev.longshore.executor.PullRules;
import dev.longshore.executor.ReconcileRules;
import dev.longshore.job.NodeId;
import dev.longshore.job.Resources;
import dev.longshore.wire.Durations;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Every setting that there is, in the order of {@code conf/longshore.yaml}, which explains them.
 * Any thread.
 */
final class Keys {
    /** What begins with this and is no key below is Kafka's own property. */
    static final String KAFKA = "kafka.";

    private static final String NONE = "none";
    private static final Map<String, Key<?>> BY_NAME = new LinkedHashMap<>();

    static final Key<NodeId> NODE_ID = optional("node.id", Rules.nodeId());
    static final Key<Map<String, String>> NODE_LABELS = optional("node.labels", Rules.labels());

    static final Key<Duration> NODE_LOST_AFTER =
            key("node.lost-after", durationOrNever(Duration.ofSeconds(30)), "10m");

    static final Key<String> HTTP_HOST = key("http.host", Rules.host(), "127.0.0.1");
    static final Key<Integer> HTTP_PORT = key("http.port", Rules.whole(0, 65_535), "8080");
    static final Key<Boolean> HTTP_ALLOW_ANONYMOUS =
            key("http.allow-anonymous", Rules.yesOrNo(), "false");
    static final Key<Path> HTTP_TOKENS_FILE = optional("http.tokens-file", Rules.path());
    static final Key<String> HTTP_PUBLIC_URL = optional("http.public-url", Rules.webAddress());
    static final Key<List<String>> HTTP_ALLOWED_ORIGINS =
            optional("http.allowed-origins", Rules.origins());
    static final Key<List<String>> HTTP_ALLOWED_HOSTS =
            optional("http.allowed-hosts", Rules.hosts());

    static final Key<Integer> HTTP_MAX_BODY_SIZE =
            key("http.max-body-size", Rules.smallSize(1), "1MiB");
    static final Key<Duration> HTTP_MAX_WAIT = duration("http.max-wait", "5m");
    static final Key<Duration> HTTP_PING_INTERVAL = duration("http.ping-interval", "25s");
    static final Key<Duration> HTTP_STALL_TIMEOUT = duration("http.stall-timeout", "60s");

    static final Key<Integer> HTTP_MAX_STREAMS_PER_ADDRESS =
            key("http.max-streams-per-address", Rules.whole(1, 1_000_000), "200");

    static final Key<String> KAFKA_BOOTSTRAP_SERVERS =
            key("kafka.bootstrap.servers", Rules.brokers(), "127.0.0.1:9092");

    static final Key<String> GROUP = key("group", Rules.text(), "longshore-nodes");

    static final Key<String> TOPICS_PREFIX = key("topics.prefix", Rules.topic(), "longshore");
    static final Key<String> TOPICS_JOBS = optional("topics.jobs", Rules.topic());
    static final Key<String> TOPICS_CONTROL = optional("topics.control", Rules.topic());
    static final Key<String> TOPICS_STATUS = optional("topics.status", Rules.topic());
    static final Key<String> TOPICS_RESULTS = optional("topics.results", Rules.topic());
    static final Key<String> TOPICS_LOGS = optional("topics.logs", Rules.topic());
    static final Key<String> TOPICS_NODES = optional("topics.nodes", Rules.topic());
    static final Key<String> TOPICS_DEAD_LETTERS = optional("topics.dead-letters", Rules.topic());
    static final Key<Integer> TOPICS_PARTITIONS =
            key("topics.partitions", Rules.whole(1, 10_000), "12");
    static final Key<Integer> TOPICS_REPLICATION = key("topics.replication", Rules.copies(), "-1");
    static final Key<Duration> RETENTION_JOBS = duration("topics.retention.jobs", "P7D");
    static final Key<Duration> RETENTION_CONTROL = duration("topics.retention.control", "P1D");
    static final Key<Duration> RETENTION_STATUS = duration("topics.retention.status", "P7D");
    static final Key<Duration> RETENTION_RESULTS = duration("topics.retention.results", "P30D");
    static final Key<Duration> RETENTION_LOGS = duration("topics.retention.logs", "P7D");
    static final Key<Duration> RETENTION_DEAD_LETTERS =
            duration("topics.retention.dead-letters", "P30D");

    static final Key<URI> DOCKER_HOST = optional("docker.host", Rules.engine());
    static final Key<Duration> DOCKER_CALL_DEADLINE = duration("docker.call-deadline", "30s");
    static final Key<Duration> DOCKER_START_DEADLINE = duration("docker.start-deadline", "60s");
    static final Key<Duration> DOCKER_PULL_SILENCE = duration("docker.pull-silence", "5m");
    static final Key<Integer> DOCKER_CALL_THREADS =
            key("docker.call-threads", Rules.whole(1, 1_000), "16");
    static final Key<Integer> DOCKER_STOP_THREADS =
            key("docker.stop-threads", Rules.whole(1, 1_000), "8");
    static final Key<String> DOCKER_RUNTIME = optional("docker.runtime", Rules.runtime());
    static final Key<Map<String, Map<String, String>>> DOCKER_CREDENTIALS =
            optional("docker.credentials", CredentialRule.rule());

    static final Key<BigDecimal> JOBS_DEFAULT_CPU =
            key("jobs.defaults.cpu", Rules.decimal("0.01", "100000"), "0.5");
    static final Key<Long> JOBS_DEFAULT_MEMORY =
            key("jobs.defaults.memory", Rules.size(Resources.LEAST_MEMORY_BYTES), "256MiB");
    static final Key<Integer> JOBS_DEFAULT_PIDS =
            key("jobs.defaults.pids", Rules.whole(1, Integer.MAX_VALUE), "256");
    static final Key<Integer> JOBS_MAX_RUNNING =
            key("jobs.max-running", Rules.whole(1, 100_000), "64");
    static final Key<Integer> JOBS_MAX_WAITING =
            key("jobs.max-waiting", Rules.whole(1, 100_000), "256");
    static final Key<BigDecimal> JOBS_CPU_OVERCOMMIT =
            key("jobs.cpu-overcommit", Rules.decimal("0.01", "100"), "1.0");
    static final Key<Duration> JOBS_QUEUE_TIMEOUT = duration("jobs.queue-timeout", "24h");
    static final Key<Duration> JOBS_PULL_TIMEOUT = duration("jobs.pull-timeout", "10m");
    static final Key<Duration> JOBS_RUN_TIMEOUT = duration("jobs.run-timeout", "24h");
    static final Key<Duration> JOBS_STOP_GRACE = duration("jobs.stop-grace", "10s");
    static final Key<Duration> JOBS_LOG_DRAIN = duration("jobs.log-drain", "30s");
    static final Key<Long> JOBS_MAX_LOG_SIZE = key("jobs.max-log-size", Rules.size(1), "1GiB");
    static final Key<Integer> JOBS_PARALLEL_PULLS =
            key("jobs.parallel-pulls", Rules.whole(1, 100), "3");

    static final Key<Path> RESULTS_DIRECTORY =
            key("results.directory", Rules.path(), ".longshore/results");
    static final Key<Duration> RESULTS_KEEP = duration("results.keep", "P7D");
    static final Key<Long> RESULTS_MAX_OUTPUT_SIZE =
            key("results.max-output-size", Rules.size(1), "1GiB");
    static final Key<Integer> RESULTS_MAX_OUTPUT_FILES =
            key("results.max-output-files", Rules.whole(1, 10_000_000), "10000");
    static final Key<Integer> RESULTS_MAX_OUTPUT_DEPTH =
            key("results.max-output-depth", Rules.whole(1, 1_000), "32");

    static final Key<Path> SECRETS_DIRECTORY = optional("secrets.directory", Rules.path());
    static final Key<Long> INPUTS_MAX_SIZE = key("inputs.max-size", Rules.size(1), "1GiB");
    static final Key<Duration> INPUTS_STALL_TIMEOUT = duration("inputs.stall-timeout", "60s");
    static final Key<Duration> INPUTS_TIMEOUT = duration("inputs.timeout", "30m");

    static final Key<Long> DISK_RESERVE = key("disk.reserve", Rules.size(0), "1GiB");
    static final Key<Long> DISK_MAX_JOB_SIZE = key("disk.max-job-size", Rules.size(0), "10GiB");

    private static final Rule<List<String>> IMAGE_GLOBS =
            Rules.words("globs over registry/repository", Pattern.compile("[a-z0-9._:/*-]+"));

    static final Key<Long> IMAGES_CLEAN_BELOW = key("images.clean-below", Rules.size(0), "5GiB");
    static final Key<Duration> IMAGES_MIN_AGE = duration("images.min-age", "1h");
    static final Key<List<String>> IMAGES_KEEP = key("images.keep", IMAGE_GLOBS, NONE);
    static final Key<PullRules.Check> IMAGES_CHECK_ACCESS =
            key(
                    "images.check-access",
                    Rules.oneOf(PullRules.Check.values(), PullRules.Check::settingName),
                    "private");

    static final Key<List<String>> POLICY_IMAGES = key("policy.images", IMAGE_GLOBS, "**");
    static final Key<Boolean> POLICY_DIGEST_ONLY =
            key("policy.digest-only", Rules.yesOrNo(), "false");
    static final Key<List<String>> POLICY_NETWORKS =
            key("policy.networks", Rules.words(Pattern.compile("[A-Za-z0-9_.:-]+")), "bridge");
    static final Key<List<String>> POLICY_CAPABILITIES =
            key("policy.capabilities", Rules.words(Pattern.compile("[A-Z_]+")), NONE);
    static final Key<List<String>> POLICY_PORT_ADDRESSES =
            key("policy.port-addresses", Rules.words(Pattern.compile("[0-9a-f.:]+")), "127.0.0.1");
    static final Key<BigDecimal> POLICY_MAX_CPU =
            key("policy.max-cpu", Rules.decimal("0", "100000"), "0");
    static final Key<Long> POLICY_MAX_MEMORY = key("policy.max-memory", Rules.size(0), "0");
    static final Key<Integer> POLICY_MAX_PIDS =
            key("policy.max-pids", Rules.whole(0, Integer.MAX_VALUE), "0");
    static final Key<Duration> POLICY_MAX_RUN = duration("policy.max-run", "P7D");
    static final Key<List<Path>> POLICY_READ_ROOTS = key("policy.read-roots", Rules.roots(), NONE);
    static final Key<List<Path>> POLICY_WRITE_ROOTS =
            key("policy.write-roots", Rules.roots(), NONE);
    static final Key<List<String>> POLICY_VOLUMES =
            words("policy.volumes", "globs over names of volumes", "[A-Za-z0-9_.*-]+");
    static final Key<List<String>> POLICY_DOWNLOADS =
            words(
                    "policy.downloads",
                    "globs over scheme://host/path, such as https://files.example.org/**,",
                    "https?://[a-z0-9._:*\\[\\]-]+/[^\\s,]*");
    static final Key<Boolean> POLICY_PRIVILEGED =
            key("policy.privileged", Rules.yesOrNo(), "false");
    static final Key<List<String>> POLICY_DEVICES =
            words("policy.devices", "paths under /dev", "/dev/[^\\s,:]+");
    static final Key<List<String>> POLICY_SECURITY_OPTIONS =
            words("policy.security-options", "options as the engine takes them", "[^\\s,]+");
    static final Key<List<String>> POLICY_RUNTIMES =
            words("policy.runtimes", "names of runtimes", Rules.RUNTIME);
    static final Key<List<String>> POLICY_HOST_NAMESPACES =
            words("policy.host-namespaces", "pid, ipc, uts, user", "pid|ipc|uts|user");
    static final Key<List<String>> POLICY_GROUPS =
            key(
                    "policy.groups",
                    Rules.words(
                            "groups: ranges of numbers, or globs over names and numbers",
                            Pattern.compile(
                                    "[0-9]{1,10}-[0-9]{1,10}|[A-Za-z0-9_.*][A-Za-z0-9_.*-]*")),
                    PrivilegePolicy.PEOPLES_GROUPS);
    static final Key<List<String>> POLICY_SECRETS =
            words("policy.secrets", "globs over names of secrets", "[A-Za-z0-9_.*-]+");
    static final Key<Boolean> POLICY_EXEC = key("policy.exec", Rules.yesOrNo(), "false");

    static final Key<DrainMode> DRAIN_MODE =
            key("drain.mode", Rules.oneOf(DrainMode.values(), DrainMode::settingName), "detach");
    static final Key<Duration> DRAIN_TIMEOUT = duration("drain.timeout", "1h");

    static final Key<Duration> RECONCILE_EVERY = duration("reconcile.every", "5m");
    static final Key<Duration> RECONCILE_GRACE = duration("reconcile.grace", "5m");
    static final Key<ReconcileRules.Mode> RECONCILE_MODE =
            key(
                    "reconcile.mode",
                    Rules.oneOf(ReconcileRules.Mode.values(), ReconcileRules.Mode::settingName),
                    "remove");

    static final Key<Integer> BOARD_MAX_EXECUTIONS =
            key("board.max-executions", Rules.whole(1, 10_000_000), "10000");
    static final Key<Integer> BOARD_MAX_HISTORY =
            key("board.max-history", Rules.whole(2, 100_000), "200");
    static final Key<Integer> BOARD_MAX_TAILS =
            key("board.max-tails", Rules.whole(1, 1_000_000), "1000");
    static final Key<Integer> BOARD_MAX_TAIL_QUEUE =
            key("board.max-tail-queue", Rules.smallSize(1 << 10), "1MiB");

    private static final Set<String> GROUPS = groups();

    private Keys() {}

    /** All of them, in the order of the manual. */
    static List<Key<?>> all() {
        return List.copyOf(BY_NAME.values());
    }

    /** Their names. */
    static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

    /** The key of this name, or null. */
    static @Nullable Key<?> find(String name) {
        return BY_NAME.get(name);
    }

    /**
     * Whether the name has no value of its own but holds keys, such as {@code topics.retention}.
     */
    static boolean isGroup(String name) {
        return GROUPS.contains(name);
    }

    private static <T> Key<T> key(String name, Rule<T> rule, String fallback) {
        return add(new Key<>(name, rule, fallback));
    }

    private static <T> Key<T> optional(String name, Rule<T> rule) {
        return add(new Key<>(name, rule, null));
    }

    /** Of words, by default none. */
    private static Key<List<String>> words(String name, String what, String pattern) {
        return key(name, Rules.words(what, Pattern.compile(pattern)), NONE);
    }

    private static Key<Duration> duration(String name, String fallback) {
        return key(name, Rules.duration(), fallback);
    }

    /** Zero, which means never, or a duration that is not shorter. */
    private static Rule<Duration> durationOrNever(Duration least) {
        return new Rule<>(
                "a duration of at least " + least.toSeconds() + "s, such as 10m, or 0 for never",
                text -> {
                    Duration read = "0".equals(text) ? Duration.ZERO : Durations.parse(text);
                    boolean tooShort = read != null && !read.isZero() && read.compareTo(least) < 0;
                    return tooShort ? null : read;
                });
    }

    private static <T> Key<T> add(Key<T> key) {
        BY_NAME.put(key.name(), key);
        return key;
    }

    private static Set<String> groups() {
        Set<String> groups =
                new LinkedHashSet<>(List.of("kafka.consumer", "kafka.producer", "kafka.admin"));
        for (String name : new ArrayList<>(BY_NAME.keySet())) {
            for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
                groups.add(name.substring(0, dot));
            }
        }
        groups.remove("kafka.bootstrap"); // one of Kafka's dotted names
        return Set.copyOf(groups);
    }
}
