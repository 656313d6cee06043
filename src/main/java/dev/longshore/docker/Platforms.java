package dev.longshore.docker;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Platforms as engines and people write them: {@code os/architecture[/variant]}, where one
 * architecture has several names and its usual variant goes without saying. Pure.
 */
final class Platforms {
    /** Other names of architectures. */
    private static final Map<String, String> ALIASES =
            Map.of(
                    "x86_64", "amd64",
                    "x86-64", "amd64",
                    "aarch64", "arm64",
                    "i386", "386",
                    "armhf", "arm",
                    "armel", "arm");

    /** The variant that is meant where none is said. */
    private static final Map<String, String> USUAL =
            Map.of("arm64", "v8", "arm", "v7", "amd64", "v1");

    private Platforms() {}

    /** What an image was built for, by the engine's answer, or null where it does not say. */
    static @Nullable String of(JsonObject image) {
        String os = image.getString("Os", "");
        String architecture = image.getString("Architecture", "");
        String variant = image.getString("Variant", "");
        if (os.isEmpty() || architecture.isEmpty()) {
            return null;
        }
        String machine = os + "/" + architecture;
        return variant.isEmpty() ? machine : machine + "/" + variant;
    }

    /**
     * Whether what is there is what is wanted; where no variant is wanted, any is.
     *
     * @param wanted what somebody asked for
     * @param there what an image was built for
     */
    static boolean fits(String wanted, String there) {
        String[] asked = wanted.split("/", -1);
        String[] held = there.split("/", -1);
        boolean sameMachine = part(asked, 0).equals(part(held, 0)) && cpu(asked).equals(cpu(held));
        return sameMachine && (asked.length < 3 || variant(asked).equals(variant(held)));
    }

    private static String part(String[] platform, int at) {
        return at < platform.length ? platform[at] : "";
    }

    private static String cpu(String[] platform) {
        String named = part(platform, 1);
        return ALIASES.getOrDefault(named, named);
    }

    private static String variant(String[] platform) {
        String said = part(platform, 2);
        return said.isEmpty() ? USUAL.getOrDefault(cpu(platform), "") : said;
    }
}
