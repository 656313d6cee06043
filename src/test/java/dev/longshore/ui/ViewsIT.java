package dev.longshore.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How every view looks and whether everyone can use it. Pictures are left in {@code
 * target/screenshots}, and in the folder that the property {@code longshore.screenshots} names.
 */
@Tag("ui")
class ViewsIT {
    private static final String LOG =
            """
            printf '\\033[1mthumbs 2.1\\033[0m  12 pictures in /in\\n'
            i=0; while [ $i -lt 9 ]; do i=$((i+1))
            printf '\\033[32mok\\033[0m    photo-%03d.jpg  \\033[2m1600x1200\\033[0m -> \\033[36m320x240\\033[0m\\n' $i
            done
            printf '\\033[33mwarn\\033[0m  photo-010.jpg  no colour profile\\n'
            echo 'photo-011.jpg: not a picture' >&2
            printf '\\033[31mskip\\033[0m  photo-011.jpg\\n'
            """;

    private static final Map<String, String> VIEWS = new LinkedHashMap<>();
    private static Browsing browsing;
    private static String axe = "";

    @BeforeAll
    static void start() throws IOException {
        try (InputStream script = ViewsIT.class.getResourceAsStream("/axe.min.js")) {
            axe =
                    new String(
                            Objects.requireNonNull(script, "axe.min.js").readAllBytes(),
                            StandardCharsets.UTF_8);
        }
        browsing = new Browsing();
        browsing.start("thumbnails-0006", LOG);
        browsing.start("thumbnails-0007", LOG + "sleep 600");
        browsing.start("reindex-0041", "echo 'the index is locked' >&2; exit 4");
        browsing.node.submit("import-2026-11", "{\"image\":\"no.example/import:7\"}");
        browsing.node.submit("typo", "{\"image\":\"busybox\",\"memroy\":\"64MiB\"}");
        VIEWS.put("executions", "/");
        VIEWS.put("execution-running", "/executions/thumbnails-0007");
        VIEWS.put("execution-ended", "/executions/thumbnails-0006");
        VIEWS.put("execution-failed", "/executions/reindex-0041");
        VIEWS.put("nodes", "/nodes");
        VIEWS.put("submit", "/submit");
        VIEWS.put("dead-letters", "/dead-letters");
        VIEWS.put("nothing-found", "/?jobId=none");
        List.of("thumbnails-0006", "reindex-0041", "import-2026-11").forEach(browsing.node::result);
    }

    @AfterAll
    static void stop() {
        if (browsing != null) {
            browsing.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void every_view_can_be_used_by_everyone_in_both_themes(ColorScheme theme) throws IOException {
        Page page = browsing.visitor(theme, 1280);
        for (Map.Entry<String, String> view : VIEWS.entrySet()) {
            settle(page, view.getValue());
            picture(page, view.getKey() + "-" + theme.name().toLowerCase(Locale.ROOT));
            assertThat(findings(page)).as(view.getKey()).isEmpty();
        }
        browsing.leave(page);
    }

    @Test
    void every_view_fits_a_narrow_window() throws IOException {
        Page page = browsing.visitor(ColorScheme.LIGHT, 360);
        for (Map.Entry<String, String> view : VIEWS.entrySet()) {
            settle(page, view.getValue());
            picture(page, view.getKey() + "-narrow");
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(view.getKey())
                    .isEqualTo(360);
        }
        browsing.leave(page);
    }

    @Test
    void a_theme_that_is_chosen_stays_chosen() {
        Page page = browsing.visitor(ColorScheme.LIGHT, 1280);
        page.navigate(browsing.node.url() + "/submit");
        String colour = "getComputedStyle(document.body).backgroundColor";
        Object light = page.evaluate(colour);
        page.getByText("Theme: system").click();
        page.getByText("Theme: light").click();
        page.getByText("Theme: dark").waitFor();
        page.reload();
        page.getByText("Theme: dark").waitFor();
        assertThat(page.evaluate(colour)).isNotEqualTo(light);
        browsing.leave(page);
    }

    @Test
    void files_are_typed_and_asked_for_again_only_when_they_have_changed() throws Exception {
        HttpResponse<String> page = ask("/executions/any", "Accept", "*/*");
        HttpResponse<String> script = ask("/web/js/main.js", "Accept", "*/*");

        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(script.headers().firstValue("Content-Type"))
                .hasValue("text/javascript; charset=utf-8");
        String tag = script.headers().firstValue("ETag").orElse("");
        HttpResponse<String> again = ask("/web/js/main.js", "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(ask("/web/js/none.js", "Accept", "*/*").statusCode()).isEqualTo(404);
        assertThat(ask("/web/%2e%2e/log4j2.xml", "Accept", "*/*").statusCode()).isEqualTo(404);
    }

    /** Opens a view and waits until what it shows has come. */
    private static void settle(Page page, String path) {
        page.navigate(browsing.node.url() + path);
        page.locator("h1").waitFor();
        Browsing.until(page, "!document.querySelector('.loading, .live.lost')");
        if (path.startsWith("/executions/")) {
            page.locator(".phases").first().waitFor();
            page.locator(".log .line").first().waitFor();
        }
        if (path.endsWith("0007")) {
            page.locator(".spark .area").first().waitFor();
        }
    }

    private static List<String> findings(Page page) {
        page.evaluate(axe);
        Object found =
                page.evaluate(
                        "async () => (await axe.run()).violations.map(each => each.id + ': '"
                                + " + each.nodes.map(node => node.html + ' '"
                                + " + node.failureSummary).join(' | '))");
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private static void picture(Page page, String name) throws IOException {
        byte[] png = page.screenshot(new Page.ScreenshotOptions().setFullPage(true));
        write(Path.of("target", "screenshots"), name, png);
        String more = System.getProperty("longshore.screenshots");
        if (more != null && !name.endsWith("narrow")) {
            write(Path.of(more), name, png);
        }
    }

    private static void write(Path folder, String name, byte[] png) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(name + ".png"), png);
    }

    private static HttpResponse<String> ask(String path, String header, String value)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI place = URI.create(browsing.node.url() + path);
            return client.send(
                    HttpRequest.newBuilder(place).header(header, value).build(),
                    BodyHandlers.ofString());
        }
    }
}
