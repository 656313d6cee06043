package dev.longshore.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Ends the test engine when the last test has run; found by JUnit through {@code
 * META-INF/services}.
 */
public final class TestEngineSession implements LauncherSessionListener {
    @Override
    public void launcherSessionClosed(LauncherSession session) {
        TestEngine.shutDown();
    }
}
