package dev.longshore.ui;

import static dev.longshore.ui.Browsing.button;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

import dev.longshore.testing.Shell;
import dev.longshore.testing.TestNode;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What an operator does in the page, and what it takes to be let in. */
@Tag("ui")
class OperatingIT {
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
    void a_refused_record_is_read_and_written_again() {
        String key = Browsing.newId("typo");
        browsing.node.submit(key, "{\"image\":\"busybox\",\"memroy\":\"64MiB\"}");
        browsing.node.read(
                browsing.node.topics().deadLetters(),
                found -> found.stream().anyMatch(each -> key.equals(TestNode.text(each.key()))));
        Page page = browsing.open("/dead-letters");
        Locator letters = page.locator(".letters .card", new Page.LocatorOptions().setHasText(key));
        letters.waitFor();
        assertThat(letters.locator("h2").textContent()).isEqualTo("UNKNOWN_FIELD");
        assertThat(letters.locator("pre").textContent()).contains("memroy");

        letters.getByText("Replay").click();

        letters.getByText("Written again: " + browsing.node.topics().jobs()).waitFor();
        browsing.node.read(
                browsing.node.topics().deadLetters(),
                found ->
                        found.stream().filter(each -> key.equals(TestNode.text(each.key()))).count()
                                == 2);
        button(page, "Read again").click();
        letters.nth(1).waitFor();
        assertThat(letters.count()).isEqualTo(2);
        browsing.leave(page);
    }

    @Test
    void a_program_is_paused_and_goes_on() {
        String id = browsing.start(Browsing.newId("pause"), "sleep 600");
        Page page = browsing.open("/executions/" + id);
        Browsing.waitFor(page, "running");

        button(page, "Pause").click();

        Browsing.waitFor(page, "paused");
        assertThat(button(page, "Pause").count()).isZero();
        button(page, "Resume").click();
        Browsing.waitFor(page, "running");
        page.getByText("Asked to go on.").waitFor();
        button(page, "Cancel…").click();
        button(page, "Cancel the execution").click();
        Browsing.waitFor(page, "cancelled");
        browsing.leave(page);
    }

    @Test
    void a_node_is_drained_and_takes_jobs_again() {
        try (Browsing own = new Browsing(Map.of("node.id", "harbour-2"))) {
            Page page = own.open("/nodes");
            Locator node = page.getByLabel("Node harbour-2");
            node.locator(".s-ready").waitFor();

            node.getByText("Drain…").click();
            button(page, "Keep it").click();
            node.getByText("Drain…").click();
            button(page, "Drain the node").click();

            node.locator(".s-draining").waitFor();
            String id = own.start(Browsing.newId("later"), "true");
            node.getByText("Undrain").click();
            node.locator(".s-ready").waitFor();
            page.navigate(own.node.url() + "/executions/" + id);
            Browsing.waitFor(page, "succeeded");
            own.leave(page);
        }
    }

    @Test
    void who_has_a_token_is_let_in_and_told_what_it_does_not_reach(@TempDir Path folder)
            throws Exception {
        Path tokens = folder.resolve("tokens");
        Files.writeString(tokens, "viewer read 3f9c0d1e7a5b4c2d8e6f\n");
        try (Browsing own = new Browsing(guardedBy(tokens))) {
            String id = own.start(Browsing.newId("guarded"), "echo inside; sleep 600");
            Page page = own.open("/");
            Locator token = page.getByLabel("This server wants a token.");
            token.fill("not-the-token-at-all");
            button(page, "Sign in").click();
            page.getByText("This token is not known here.").first().waitFor();
            token.fill("3f9c0d1e7a5b4c2d8e6f");

            button(page, "Sign in").click();

            page.locator("tbody tr", new Page.LocatorOptions().setHasText(id)).waitFor();
            assertThat(token.count()).isZero();
            assertThat(page.evaluate("document.cookie")).isEqualTo("");
            page.navigate(own.node.url() + "/executions/" + id);
            page.locator(".log .text").getByText("inside").waitFor();
            button(page, "Cancel…").click();
            button(page, "Cancel the execution").click();
            page.getByText("This token has not the scope write.").waitFor();
            own.leave(page);
        }
    }

    @Test
    void outputs_are_listed_and_downloaded() throws Exception {
        String id = Browsing.newId("outputs");
        browsing.node.submit(
                id,
                new JsonObject()
                        .put("image", "busybox")
                        .put("command", new JsonArray(List.of("sh", "-c", "echo 17 >/out/a.txt")))
                        .put(
                                "outputs",
                                new JsonArray()
                                        .add(
                                                new JsonObject()
                                                        .put("name", "thumbs")
                                                        .put("target", "/out")))
                        .encode());
        Page page = browsing.open("/executions/" + id);
        Browsing.waitFor(page, "succeeded");
        page.getByText("1 file, 3 B").waitFor();
        page.locator(".outputs summary").click();
        page.locator(".files code").getByText("a.txt").waitFor();

        Download tar = page.waitForDownload(() -> button(page, "Download thumbs.tar").click());

        assertThat(tar.suggestedFilename()).isEqualTo(id + "-thumbs.tar");
        Shell.Outcome content = Shell.run("tar -xOf '" + tar.path() + "'");
        assertThat(content.out()).as(content.all()).isEqualTo("17\n");
        browsing.leave(page);
    }

    @Test
    void a_link_to_a_line_leads_others_to_it() {
        String id = browsing.start(Browsing.newId("linked"), "seq 1 3000");
        Page page = browsing.open("/executions/" + id);
        page.locator(".log .note").waitFor();
        page.locator(".log a.no").getByText("2990").click();
        Browsing.until(page, "location.hash === '#L2990'");
        Browsing.until(page, "document.querySelector('.log .current')");
        String link = page.url();
        browsing.leave(page);

        Page other =
                browsing.open(link.substring(browsing.node.url().length()).replace("2990", "40"));
        Browsing.until(
                other,
                "document.querySelector('.log .current .text')?.textContent === '40'"
                        + " && (box => box.top >= 0 && box.bottom <= innerHeight)"
                        + "(document.querySelector('.log .current').getBoundingClientRect())");
        assertThat(button(other, "Follow").getAttribute("aria-pressed")).isEqualTo("false");
        browsing.leave(other);
    }

    @Test
    void what_has_run_is_run_again() {
        String id = browsing.start(Browsing.newId("first"), "echo as before");
        Page page = browsing.open("/executions/" + id);
        Browsing.waitFor(page, "succeeded");
        button(page, "Run again…").click();
        Browsing.until(page, "document.querySelector('#field-image')?.value === 'busybox'");

        button(page, "Run").click();

        Browsing.until(page, "!location.pathname.endsWith('" + id + "')");
        Browsing.waitFor(page, "succeeded");
        page.locator(".log .text").getByText("as before").waitFor();
        assertThat(page.url()).contains("/executions/").doesNotContain(id);
        browsing.leave(page);
    }

    @Test
    void what_is_copied_as_kcat_runs_as_it_stands() throws Exception {
        String id = browsing.start(Browsing.newId("copied"), "echo 'it''s \"so\"'");
        browsing.node.result(id);
        Page page = browsing.visitorWithClipboard("/executions/" + id);
        Browsing.waitFor(page, "succeeded");
        page.waitForResponse("**/api/v1/kafka", page::reload);
        Browsing.waitFor(page, "succeeded");
        button(page, "Copy as kcat").click();
        button(page, "Copy as kcat").getByText("Copied").waitFor();
        String command =
                Objects.toString(page.evaluate("navigator.clipboard.readText()"), "nothing");

        Shell.Outcome kcat =
                Shell.run(
                        "command -v kcat >/dev/null || apt-get install -y -qq kcat >/dev/null\n"
                                + command);

        assertThat(kcat.exitCode()).as(command + kcat.all()).isZero();
        assertThat(command)
                .contains(" -b " + browsing.node.bootstrapServers() + " ")
                .endsWith(" -t " + browsing.node.topics().jobs());
        browsing.node.read(
                browsing.node.topics().results(),
                found ->
                        found.stream()
                                        .map(TestNode::json)
                                        .filter(
                                                each ->
                                                        each.path("stdout")
                                                                .asText()
                                                                .equals("its \"so\"\n"))
                                        .count()
                                == 2);
        browsing.leave(page);
    }

    /** Under an id of its own: two nodes of one id would take each other's transactions. */
    private static Map<String, String> guardedBy(Path tokens) {
        return Map.of("node.id", "harbour-3", "http.tokens-file", tokens.toString());
    }
}
