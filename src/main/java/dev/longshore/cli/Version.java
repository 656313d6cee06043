package dev.longshore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which version this is. */
final class Version {
    private Version() {}

    /** The version in the jar, or {@code development} where classes are run from a folder. */
    static String text() {
        try (InputStream in =
                Version.class.getResourceAsStream(
                        "/META-INF/maven/dev.longshore/longshore/pom.properties")) {
            if (in == null) {
                return "development";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "development");
        } catch (IOException e) {
            throw new CliFailure(ExitCodes.FAILED, "the jar cannot be read: " + e.getMessage(), e);
        }
    }
}
