package dev.longshore.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;

import dev.longshore.testing.TestNode;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A node and a browser that looks at its page. One thread. */
final class Browsing implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 120_000;

    /** Answers of the server that a test wants are said by Chromium too, as errors. */
    private static final String ANSWER = "Failed to load resource";

    private static final AtomicInteger IDS = new AtomicInteger();

    final TestNode node;
    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();

    Browsing() {
        this(Map.of());
    }

    /** The same, of a node with these settings. */
    Browsing(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("node.id", "harbour-1");
        node = new TestNode(all);
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(Chromium.executable())
                                        .setTimeout(DEADLINE_MILLIS)
                                        .setArgs(
                                                List.of(
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--disable-dev-shm-usage",
                                                        "--disable-background-networking",
                                                        "--disable-component-update")));
    }

    /** A new visitor's page at this path. */
    Page open(String path) {
        Page page = visitor(ColorScheme.LIGHT, 1280);
        page.navigate(node.url() + path);
        return page;
    }

    /** A new visitor's page at this path, whose clipboard a test may read. */
    Page visitorWithClipboard(String path) {
        Page page = visitor(ColorScheme.LIGHT, 1280);
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.navigate(node.url() + path);
        return page;
    }

    /** A page of a new visitor with this taste and this width of window. */
    Page visitor(ColorScheme theme, int width) {
        BrowserContext visitor =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setColorScheme(theme)
                                .setViewportSize(width, 860));
        Page page = visitor.newPage();
        page.setDefaultTimeout(DEADLINE_MILLIS);
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") && !message.text().startsWith(ANSWER)) {
                        complaints.add(message.text());
                    }
                });
        page.onPageError(complaints::add);
        page.onRequest(
                request -> {
                    if (!request.url().startsWith(node.url())) {
                        complaints.add("asked elsewhere: " + request.url());
                    }
                });
        return page;
    }

    /** Ends a visit; nothing may have gone wrong in the browser until here. */
    void leave(Page page) {
        page.context().close();
        List<String> found = List.copyOf(complaints);
        complaints.clear();
        assertThat(found).as("what the browser complained of").isEmpty();
    }

    static String newId(String name) {
        return name + "-" + IDS.incrementAndGet();
    }

    /** Starts a job of this shell script by Kafka, as another program would. */
    String start(String executionId, String script) {
        node.submit(
                executionId,
                new JsonObject()
                        .put("image", "busybox")
                        .put("command", new JsonArray().add("sh").add("-c").add(script))
                        .put("stopGrace", "100ms")
                        .encode());
        return executionId;
    }

    /** Waits until the page says that the execution which it shows is in this state. */
    static void waitFor(Page page, String state) {
        page.locator(".head .s-" + state).waitFor();
    }

    /** A button by its whole name. */
    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Waits until a JavaScript expression is true. */
    static void until(Page page, String expression) {
        page.waitForFunction("() => " + expression);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
        node.close();
    }
}
