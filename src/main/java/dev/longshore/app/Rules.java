package dev.longshore.app;

import dev.longshore.job.NodeId;
import dev.longshore.wire.Durations;
import dev.longshore.wire.Sizes;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The rules that the values of settings follow. Any thread. */
final class Rules {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,9})?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,253}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    static final String RUNTIME = "[A-Za-z0-9][A-Za-z0-9_.-]*";
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern BROKERS =
            Pattern.compile("[^,\\s]+:[0-9]{1,5}(\\s*,\\s*[^,\\s]+:[0-9]{1,5})*");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,62})");
    private static final Set<String> ENGINE_SCHEMES = Set.of("unix", "tcp");
    private static final int MOST_LABEL_CHARACTERS = 256;

    private Rules() {}

    static Rule<Integer> whole(int least, int most) {
        String upTo =
                most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most;
        return new Rule<>(
                "a whole number, " + upTo,
                text -> {
                    if (!WHOLE.matcher(text).matches()) {
                        return null;
                    }
                    long number = Long.parseLong(text);
                    return number < least || number > most ? null : (int) number;
                });
    }

    /** -1, or from 1 on. */
    static Rule<Integer> copies() {
        Rule<Integer> any = whole(-1, Short.MAX_VALUE);
        return new Rule<>(
                "a whole number from 1 to 32767, or -1 for the brokers' own default",
                text -> {
                    Integer number = any.read(text);
                    return number == null || number == 0 ? null : number;
                });
    }

    static Rule<Duration> duration() {
        return new Rule<>(
                "a duration from 1ms to 366 days, such as 500ms, 10s, 5m, 1h30m or P7D",
                Durations::parse);
    }

    static Rule<Long> size(long least) {
        return new Rule<>(
                "a size such as 64MiB, 1.5GB or plain bytes, at least " + least + " bytes",
                text -> {
                    Long bytes = Sizes.parse(text);
                    return bytes == null || bytes < least ? null : bytes;
                });
    }

    /** The same for what is counted in an int. */
    static Rule<Integer> smallSize(int least) {
        Rule<Long> any = size(least);
        return new Rule<>(
                any.says() + " and below 2GiB",
                text -> {
                    Long bytes = any.read(text);
                    return bytes == null || bytes > Integer.MAX_VALUE ? null : bytes.intValue();
                });
    }

    static Rule<BigDecimal> decimal(String least, String most) {
        return new Rule<>(
                "a decimal number from " + least + " to " + most,
                text -> {
                    if (!DECIMAL.matcher(text).matches()) {
                        return null;
                    }
                    BigDecimal number = new BigDecimal(text);
                    boolean fits =
                            number.compareTo(new BigDecimal(least)) >= 0
                                    && number.compareTo(new BigDecimal(most)) <= 0;
                    return fits ? number : null;
                });
    }

    static Rule<Boolean> yesOrNo() {
        return new Rule<>(
                "true or false",
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> Boolean.TRUE;
                            case "false" -> Boolean.FALSE;
                            default -> null;
                        });
    }

    /** One of these, by its name in the settings. */
    static <T> Rule<T> oneOf(T[] values, Function<T, String> name) {
        Map<String, T> byName = new LinkedHashMap<>();
        for (T value : values) {
            byName.put(name.apply(value), value);
        }
        return new Rule<>("one of " + String.join(", ", byName.keySet()), byName::get);
    }

    static Rule<NodeId> nodeId() {
        return new Rule<>(
                "1 to 64 letters, digits, '_' or '-', starting with a letter or digit",
                text -> NodeId.isValid(text) ? new NodeId(text) : null);
    }

    static Rule<String> host() {
        return matching("a host name or an IP address", HOST);
    }

    static Rule<String> brokers() {
        return matching("host:port, several separated by commas", BROKERS);
    }

    static Rule<String> topic() {
        Rule<String> named =
                matching("a topic name: 1 to 249 letters, digits, '.', '_' or '-'", TOPIC);
        return new Rule<>(
                named.says(),
                text -> text.equals(".") || text.equals("..") ? null : named.read(text));
    }

    static Rule<String> runtime() {
        return matching(
                "the name of an OCI runtime that the engine knows", Pattern.compile(RUNTIME));
    }

    static Rule<String> text() {
        return matching("1 to 255 printable characters", Pattern.compile("\\P{Cntrl}{1,255}"));
    }

    static Rule<URI> engine() {
        return new Rule<>(
                "unix:///path/to/socket or tcp://host:port",
                text -> {
                    URI uri = uri(text);
                    if (uri == null || !ENGINE_SCHEMES.contains(uri.getScheme())) {
                        return null;
                    }
                    boolean whole =
                            uri.getScheme().equals("unix")
                                    ? uri.getPath() != null && uri.getPath().length() > 1
                                    : uri.getHost() != null;
                    return whole ? uri : null;
                });
    }

    static Rule<String> webAddress() {
        return new Rule<>(
                "an address that starts with http:// or https:// and has neither query nor"
                        + " fragment",
                text -> isWebAddress(text) ? text.replaceAll("/+$", "") : null);
    }

    /** A list of web addresses without path. */
    static Rule<List<String>> origins() {
        return list(
                "origins such as https://jobs.example.org, separated by commas",
                item -> isWebAddress(item) && item.indexOf('/', item.indexOf("//") + 2) < 0);
    }

    static Rule<List<String>> hosts() {
        return list(
                "host names without port, separated by commas",
                item -> NAME.matcher(item).matches());
    }

    static Rule<Map<String, String>> labels() {
        return new Rule<>(
                "name=value pairs separated by commas (in the file also a mapping); no comma in a"
                        + " value",
                Rules::readLabels);
    }

    private static @Nullable Map<String, String> readLabels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            String value = pair.substring(equals + 1).strip();
            if (!LABEL.matcher(name).matches()
                    || value.length() > MOST_LABEL_CHARACTERS
                    || labels.put(name, value) != null) {
                return null;
            }
        }
        return labels;
    }

    /** Words without spaces; the single word {@code none} is no word at all. */
    static Rule<List<String>> words(Pattern word) {
        return words("words", word);
    }

    /** The same, with what the words are. */
    static Rule<List<String>> words(String what, Pattern word) {
        Rule<List<String>> list =
                list(
                        "none, or " + what + " separated by commas",
                        item -> word.matcher(item).matches());
        return new Rule<>(list.says(), text -> text.equals("none") ? List.of() : list.read(text));
    }

    /** A path, relative to the working directory where it is not absolute. */
    static Rule<Path> path() {
        return new Rule<>("a path", Rules::readPath);
    }

    /** Directories; the single word {@code none} is no directory at all. */
    static Rule<List<Path>> roots() {
        Rule<List<String>> list =
                words("absolute paths without '.' and '..',", Pattern.compile("/.*"));
        return new Rule<>(
                list.says(),
                text -> {
                    List<Path> roots = new ArrayList<>();
                    List<String> items = list.read(text);
                    for (String item : items == null ? List.<String>of() : items) {
                        Path root = readPath(item);
                        if (root == null || !root.equals(root.normalize())) {
                            return null;
                        }
                        roots.add(root);
                    }
                    return items == null ? null : roots;
                });
    }

    private static @Nullable Path readPath(String text) {
        try {
            return text.chars().anyMatch(Character::isISOControl) ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static Rule<List<String>> list(String says, Predicate<String> fits) {
        return new Rule<>(
                says,
                text -> {
                    List<String> items = new ArrayList<>();
                    for (String item : text.split(",", -1)) {
                        if (!fits.test(item.strip())) {
                            return null;
                        }
                        items.add(item.strip());
                    }
                    return items;
                });
    }

    private static Rule<String> matching(String says, Pattern pattern) {
        return new Rule<>(says, text -> pattern.matcher(text).matches() ? text : null);
    }

    private static boolean isWebAddress(String text) {
        URI uri = uri(text);
        return uri != null
                && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                && uri.getHost() != null
                && uri.getQuery() == null
                && uri.getFragment() == null
                && uri.getUserInfo() == null;
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
