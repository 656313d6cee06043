package dev.longshore.http;

import dev.longshore.job.CommandPosition;
import dev.longshore.kafka.CommandSink;
import dev.longshore.kafka.DeadLetterSource;
import dev.longshore.wire.DeadLetterJson;
import dev.longshore.wire.DeadLetters;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Records that were refused, and another try for them. For administrators, as {@link Access} says:
 * what could not be read may be anybody's. On the event loop of the connection; the topic is read
 * elsewhere.
 */
final class DeadLetterRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRoutes.class);
    private static final String PATH = "/api/v1/dead-letters";
    private static final int USUAL_LIMIT = 100;
    private static final int MOST = 100;
    private static final int MOST_BODY_BYTES = 1 << 10;
    private static final int CONFLICT = 409;
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,9})-([0-9]{1,18})");
    private static final Pattern CURSOR =
            Pattern.compile("[0-9]{1,9}:[0-9]{1,18}(?:,[0-9]{1,9}:[0-9]{1,18}){0,999}");

    private final DeadLetterSource letters;
    private final CommandSink sink;

    DeadLetterRoutes(DeadLetterSource letters, CommandSink sink) {
        this.letters = letters;
        this.sink = sink;
    }

    void mount(Router router) {
        router.get(PATH).handler(this::list);
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES);
        CommandRoutes.take(router, body, PATH + "/:place/replay", this::replay);
    }

    private void list(RoutingContext context) {
        Parameters query = Parameters.of(context, Set.of("limit", "cursor"));
        long limit = query.count("limit", USUAL_LIMIT);
        if (limit < 1 || limit > MOST) {
            throw Problem.parameter("limit", "It must be from 1 to " + MOST + ".").thrown();
        }
        Map<Integer, Long> before =
                query.value(
                        "cursor",
                        DeadLetterRoutes::decode,
                        "It must be a nextCursor of this list.");
        letters.page((int) limit, before == null ? Map.of() : before)
                .onSuccess(
                        page -> {
                            Map<Integer, Long> next = page.before();
                            String cursor = next == null ? null : encode(next);
                            Answers.json(
                                    context,
                                    Answers.OK,
                                    DeadLetterJson.page(page.letters(), cursor));
                        })
                .onFailure(failure -> notRead(context, failure));
    }

    private void replay(RoutingContext context) {
        if (!JsonBody.of(context.body().buffer()).isEmpty()) {
            throw Problem.ofStatus(400, "The path says it all: send no fields.").thrown();
        }
        Matcher place = PLACE.matcher(context.pathParam("place"));
        if (!place.matches()) {
            throw notKept().thrown();
        }
        Future<Optional<DeadLetters.Letter>> read =
                letters.at(Integer.parseInt(place.group(1)), Long.parseLong(place.group(2)));
        read.onFailure(failure -> notRead(context, failure));
        read.onSuccess(
                found ->
                        found.ifPresentOrElse(
                                letter -> again(context, letter),
                                () -> notKept().write(context.response())));
    }

    private void again(RoutingContext context, DeadLetters.Letter letter) {
        String topic = DeadLetters.topicOf(letter.message());
        if (topic == null || !sink.takes(topic)) {
            Problem.ofStatus(CONFLICT, "It did not come from a topic that this node reads.")
                    .write(context.response());
            return;
        }
        Future<CommandPosition> written = sink.again(topic, DeadLetters.unwrap(letter.message()));
        written.onSuccess(
                place -> {
                    LOG.info(
                            "wrote dead letter {}-{} again: {}",
                            letter.partition(),
                            letter.offset(),
                            place);
                    Answers.json(context, Answers.ACCEPTED, DeadLetterJson.replayed(place));
                });
        written.onFailure(
                failure -> {
                    LOG.warn("A dead letter could not be written again", failure);
                    Problem.unavailable(
                                    "The broker did not take the record in time; it may still"
                                            + " arrive.")
                            .write(context.response());
                });
    }

    private static void notRead(RoutingContext context, Throwable failure) {
        LOG.warn("The topic of dead letters could not be read", failure);
        Problem.unavailable("The broker did not let the dead letters be read in time.")
                .write(context.response());
    }

    private static Problem notKept() {
        return Problem.notFound("No dead letter is kept at this place.");
    }

    private static String encode(Map<Integer, Long> before) {
        String plain =
                new TreeMap<>(before)
                        .entrySet().stream()
                                .map(one -> one.getKey() + ":" + one.getValue())
                                .collect(Collectors.joining(","));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<Integer, Long> decode(String cursor) {
        String plain = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        if (!CURSOR.matcher(plain).matches()) {
            throw new IllegalArgumentException("not a cursor");
        }
        Map<Integer, Long> before = new TreeMap<>();
        for (String one : plain.split(",")) {
            int colon = one.indexOf(':');
            before.put(
                    Integer.parseInt(one.substring(0, colon)),
                    Long.parseLong(one.substring(colon + 1)));
        }
        return before;
    }
}
