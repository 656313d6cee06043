package dev.longshore.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What a person does in the page. */
@Tag("ui")
class WebPageIT {
    private static final String AT_END =
            "(box => box.scrollHeight - box.scrollTop - box.clientHeight < 12)"
                    + "(document.querySelector('.log'))";

    private static Browsing browsing;

    @BeforeAll
    static void start() {
        browsing = new Browsing();
    }

    @AfterAll
    static void stop() {
        if (browsing != null) {
            browsing.close();
        }
    }

    @Test
    void a_job_is_submitted_in_the_page_and_seen_to_its_end_without_a_reload() {
        Page page = browsing.open("/");
        page.evaluate("window.neverReloaded = true");
        link(page, "Run a job").first().click();
        page.getByLabel("Image (required)").fill("busybox");
        page.getByLabel("Command", new Page.GetByLabelOptions().setExact(true))
                .fill(
                        "sh -c \"printf 'a \\033[32mgreen\\033[0m \\033[1;38;5;208mline\\033[0m\\n"
                                + "'\"");
        button(page, "Run").click();

        Browsing.waitFor(page, "succeeded");
        page.locator(".log .row", new Page.LocatorOptions().setHasText("End of the log")).waitFor();
        assertThat(page.locator(".log .line .text").allTextContents())
                .containsExactly("a green line");
        assertThat(page.locator(".log .f-2").allTextContents()).containsExactly("green");
        assertThat(page.locator(".log .bold").evaluate("span => span.style.color"))
                .isEqualTo("rgb(255, 135, 0)");
        String id = page.url().substring(page.url().lastIndexOf('/') + 1);
        link(page, "Executions").first().click();
        row(page, id).locator(".s-succeeded").waitFor();
        assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
        browsing.leave(page);
    }

    @Test
    void the_list_shows_what_others_start_and_what_becomes_of_it() {
        Page page = browsing.open("/");
        String id = browsing.start(Browsing.newId("theirs"), "exit 3");

        row(page, id).locator(".s-failed").waitFor();

        assertThat(row(page, id).locator(".why").textContent()).isEqualTo("exit code 3");
        page.getByLabel("State").selectOption("cancelled");
        Browsing.until(page, "location.search.includes('state=cancelled')");
        row(page, id).waitFor(new Locator.WaitForOptions().setState(gone()));
        browsing.leave(page);
    }

    @Test
    void follow_lets_go_when_one_scrolls_up_and_takes_hold_again_at_the_end() {
        String script = "seq 1 300; i=0; while true; do i=$((i+1)); echo tick $i; sleep 0.3; done";
        String id = browsing.start(Browsing.newId("ticks"), script);
        Page page = browsing.open("/executions/" + id);
        line(page, "tick 2").waitFor();
        assertThat(page.evaluate(AT_END)).isEqualTo(true);

        page.locator(".log").hover();
        page.mouse().wheel(0, -1500);
        page.locator(".jump").waitFor();
        assertThat(pressed(page, "Follow")).isEqualTo("false");
        Object place = page.evaluate("document.querySelector('.log').scrollTop");
        Object rows = page.evaluate("document.querySelectorAll('.log .row').length");
        Browsing.until(page, "document.querySelectorAll('.log .row').length > " + rows);
        assertThat(page.evaluate("document.querySelector('.log').scrollTop")).isEqualTo(place);

        page.locator(".jump").click();
        Browsing.until(page, AT_END);
        assertThat(pressed(page, "Follow")).isEqualTo("true");
        page.keyboard().press("f");
        Browsing.until(page, "document.querySelector('.jump')");
        page.keyboard().press("Shift+G");
        Browsing.until(page, "!document.querySelector('.jump')");

        button(page, "Cancel…").click();
        page.getByLabel("Reason (optional)").fill("seen enough");
        button(page, "Cancel the execution").click();
        Browsing.waitFor(page, "cancelled");
        assertThat(button(page, "Cancel…").count()).isZero();
        browsing.leave(page);
    }

    @Test
    void nothing_that_a_job_prints_becomes_more_than_text() {
        String markup = "<img src=x onerror=\"document.title='hit'\"><script>alert(1)</script>";
        String link = "\\033]8;;javascript:alert(1)\\033\\\\click\\033]8;;\\033\\\\ here\\n";
        String script =
                "echo '"
                        + markup.replace("'", "'\\''")
                        + "'; printf '"
                        + link
                        + "'; printf '\\033]0;title\\007\\033[2J\\033[10;5Hquiet\\033[31\\n'";
        String id = browsing.start(Browsing.newId("hostile"), script);
        Page page = browsing.open("/executions/" + id);
        Browsing.waitFor(page, "succeeded");
        page.locator(".log .note").waitFor();

        assertThat(page.locator(".log .line .text").allTextContents())
                .containsExactly(markup, "click here", "quiet");
        assertThat(page.locator(".log img, .log script, .log a:not(.no)").count()).isZero();
        assertThat(page.title()).isEqualTo(id + " · Longshore");
        browsing.leave(page);
    }

    @Test
    void fifty_thousand_lines_keep_the_page_usable() {
        String id = browsing.start(Browsing.newId("many"), "seq 1 50000");
        Page page = browsing.open("/executions/" + id);
        page.locator(".log .note").waitFor();
        Browsing.until(page, "document.querySelector('.log-status').innerText.includes('50,000')");

        assertThat((int) page.evaluate("document.querySelectorAll('.log .row').length"))
                .isBetween(1_000, 2_000);
        line(page, "50000").waitFor();
        page.keyboard().press("/");
        page.keyboard().type("25001");
        page.keyboard().press("Enter");
        assertThat(page.locator(".log .current mark").textContent()).isEqualTo("25001");
        page.keyboard().press("Escape");
        page.keyboard().press("g");
        line(page, "1").waitFor();
        page.locator(".log").hover();
        page.mouse().wheel(0, 1_000_000);
        line(page, "2300").waitFor();
        page.evaluate("location.hash = '#L40123'");
        Browsing.until(page, "document.querySelector('.log .current')");
        assertThat(page.locator(".log .current .text").textContent()).isEqualTo("40123");
        assertThat((int) page.evaluate("document.querySelectorAll('.log .row').length"))
                .isLessThanOrEqualTo(2_000);
        browsing.leave(page);
    }

    @Test
    void a_log_that_breaks_off_goes_on_behind_its_last_line() {
        String id = browsing.start(Browsing.newId("broken"), "seq 1 80");
        Page page = browsing.open("/nodes");
        List<String> asked = new ArrayList<>();
        page.routeWebSocket(Pattern.compile(".*/logs.*"), socket -> breakOnce(socket, asked));
        page.navigate(browsing.node.url() + "/executions/" + id);
        page.locator(".log .note").waitFor();

        assertThat(asked).hasSize(2);
        assertThat(asked.get(1)).endsWith("?after=1-39");
        assertThat(page.locator(".log .line .text").allTextContents())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 80).mapToObj(String::valueOf).toList());
        browsing.leave(page);
    }

    @Test
    void a_server_that_does_not_answer_is_said_and_asked_again() {
        Page page = browsing.open("/nodes");
        page.route("**/api/v1/executions*", route -> route.abort());
        link(page, "Executions").first().click();
        page.getByText("Disconnected").waitFor();

        page.unroute("**/api/v1/executions*");

        page.locator(".live", new Page.LocatorOptions().setHasText("Live")).waitFor();
        browsing.leave(page);
    }

    @Test
    void what_is_wrong_with_a_job_is_said_at_its_field() {
        Page page = browsing.open("/submit");
        page.getByLabel("Image (required)").fill("busybox");
        page.getByLabel("Memory").fill("lots");
        button(page, "Run").click();

        page.locator("#field-memory-error").waitFor();

        assertThat(page.getByLabel("Memory").getAttribute("aria-invalid")).isEqualTo("true");
        Browsing.until(page, "document.activeElement.id === 'field-memory'");
        button(page, "JSON").click();
        assertThat(page.getByLabel("Start command").inputValue())
                .contains("\"image\": \"busybox\"")
                .contains("\"memory\": \"lots\"");
        browsing.leave(page);
    }

    @Test
    void a_job_is_run_again_with_all_but_the_values_of_its_environment() {
        Page page = browsing.open("/submit");
        page.getByLabel("Image (required)").fill("busybox");
        page.getByLabel("Command", new Page.GetByLabelOptions().setExact(true))
                .fill("sh -c 'echo \"$SECRET\" | wc -c'");
        page.getByLabel("Environment").fill("SECRET=s3cret");
        button(page, "Run").click();
        Browsing.waitFor(page, "succeeded");
        assertThat(page.locator("body").innerText()).contains("SECRET").doesNotContain("s3cret");

        button(page, "Run again…").click();

        Browsing.until(page, "document.querySelector('#field-image')?.value === 'busybox'");
        assertThat(
                        page.getByLabel("Command", new Page.GetByLabelOptions().setExact(true))
                                .inputValue())
                .isEqualTo("sh -c 'echo \"$SECRET\" | wc -c'");
        assertThat(page.getByLabel("Environment").inputValue()).isEqualTo("SECRET=");
        browsing.leave(page);
    }

    /** Lets the first connection have forty lines, and the next ones everything. */
    private static void breakOnce(WebSocketRoute socket, List<String> asked) {
        asked.add(socket.url());
        if (asked.size() > 1) {
            socket.connectToServer();
            return;
        }
        AtomicBoolean broken = new AtomicBoolean();
        socket.connectToServer()
                .onMessage(
                        frame -> {
                            for (String record : frame.text().split("\n", -1)) {
                                if (!broken.get() && !record.isEmpty()) {
                                    socket.send(record);
                                }
                                if (record.contains("\"seq\":39,")
                                        && broken.compareAndSet(false, true)) {
                                    socket.close(new WebSocketRoute.CloseOptions().setCode(1012));
                                }
                            }
                        });
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
    }

    private static Locator button(Page page, String name) {
        return Browsing.button(page, name);
    }

    private static Locator row(Page page, String id) {
        return page.locator("tbody tr", new Page.LocatorOptions().setHasText(id));
    }

    private static Locator line(Page page, String text) {
        return page.locator(".log .text")
                .getByText(text, new Locator.GetByTextOptions().setExact(true));
    }

    private static String pressed(Page page, String name) {
        return button(page, name).getAttribute("aria-pressed");
    }

    private static WaitForSelectorState gone() {
        return WaitForSelectorState.DETACHED;
    }
}
