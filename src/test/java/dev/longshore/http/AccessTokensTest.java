package dev.longshore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobGlob;
import dev.longshore.job.JobId;

import io.vertx.core.http.HttpMethod;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;

class AccessTokensTest {
    private static final String TOKEN = "0123456789abcdef";

    @Test
    void a_token_is_found_by_itself_or_by_its_hash_and_is_kept_nowhere() {
        AccessTokens tokens =
                AccessTokens.read(
                        List.of(
                                "# name scopes token jobs",
                                "",
                                "ci write,exec " + TOKEN + " ci-*",
                                // echo -n fedcba9876543210 | sha256sum
                                "ops admin sha256:" + HASH));
        Grant ci = Objects.requireNonNull(tokens.find(TOKEN));

        assertThat(ci.allows(Scope.READ)).isTrue();
        assertThat(ci.allows(Scope.EXEC)).isTrue();
        assertThat(ci.allows(Scope.ADMIN)).isFalse();
        assertThat(ci.reaches(new JobId("ci-7"))).isTrue();
        assertThat(ci.reaches(new JobId("web"))).isFalse();
        assertThat(ci.reaches(null)).isFalse();
        assertThat(tokens.find("fedcba9876543210")).isNotNull();
        assertThat(tokens.find("")).isNull();
        assertThat(tokens.find(HASH)).isNull();
        assertThat(tokens.toString()).isEqualTo("2 tokens");
    }

    private static final String HASH =
            "3465f6e6975baa864ca957f0914ecda9bf7eb601ac31ac20a5dc3d329279a843";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ops admin",
                "ops admin short",
                "ops root 0123456789abcdef",
                "o/p admin 0123456789abcdef",
                "ops admin 0123456789abcdef a/b",
                "ops admin 0123456789abcdef a b",
                "ops admin sha256:00",
                "ops read, 0123456789abcdef"
            })
    void a_line_that_breaks_the_rules_is_named_without_what_it_holds(String line) {
        assertThatThrownBy(() -> AccessTokens.read(List.of("#", line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: ")
                .hasMessageNotContaining("0123456789abcdef")
                .hasMessageNotContaining("short");
    }

    @Test
    void a_file_without_tokens_would_lock_everybody_out() {
        assertThatThrownBy(() -> AccessTokens.read(List.of("# none yet")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "*,anything,true",
        "a*c,abc,true",
        "a*c,abd,false",
        "a*,a,true",
        "ab,a,false",
        "*-x,a-x-x,true",
        "a**b,ab,true",
        "a,A,false"
    })
    void a_star_stands_for_any_characters(String glob, String job, boolean fits) {
        assertThat(new JobGlob(glob).matches(new JobId(job))).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "GET,/health/ready,none",
                "GET,/,none",
                "GET,/openapi.yaml,none",
                "GET,/metrics,READ",
                "GET,/api/v1/executions,READ",
                "GET,/api/v1/executions/x/logs,READ",
                "GET,/api/v1/executions/x/stats,READ",
                "GET,/api/v1/executions/x/outputs/o,READ",
                "GET,/api/v1/nodes,READ",
                "GET,/api/v1/kafka,READ",
                "POST,/api/v1/executions,WRITE",
                "POST,/api/v1/executions/x/cancel,WRITE",
                "POST,/api/v1/executions/x/exec,EXEC",
                "POST,/api/v1/nodes/n/drain,ADMIN",
                "GET,/api/v1/dead-letters,ADMIN",
                "POST,/api/v1/dead-letters/0-1/replay,ADMIN",
                "GET,/api/v1/whatever,ADMIN",
                "DELETE,/api/v1/executions/x,ADMIN",
                "PUT,/anything,ADMIN"
            })
    void what_is_not_named_takes_the_highest_scope(String method, String path, Scope scope) {
        assertThat(Access.needed(HttpMethod.valueOf(method), path)).isEqualTo(scope);
    }
}
