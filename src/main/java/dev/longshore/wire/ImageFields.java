package dev.longshore.wire;

import dev.longshore.job.ExecutionId;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * The fields of a command that say which image, and as whom to fetch it; a broken rule is a {@link
 * RefusedException}. Any thread.
 */
final class ImageFields {
    private static final Pattern PLATFORM =
            Pattern.compile("[a-z0-9_]{1,32}/[a-z0-9_]{1,32}(?:/[a-z0-9_.]{1,32})?");

    private ImageFields() {}

    static String image(Given body) {
        Given given = body.field("image");
        String image = given.node().asText();
        String fault = ImageReference.fault(image);
        if (fault != null) {
            throw given.refused(Quote.of(image) + " is not an image reference: " + fault);
        }
        return image;
    }

    static @Nullable String platform(Given body) {
        return body.field("platform").matching(PLATFORM, "os/architecture in lower case");
    }

    /** Never shown: someone may have put the secret itself there. */
    static @Nullable String registryAuth(Given body) {
        Given given = body.field("registryAuth");
        String name = given.text();
        if (name != null && !ExecutionId.isValid(name)) {
            throw given.refused("is not the name of a credential; the rule is that of ids");
        }
        return name;
    }
}
