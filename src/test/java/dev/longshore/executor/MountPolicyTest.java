package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.executor.MountPolicy.Resolved;
import dev.longshore.executor.Policy.Verdict;
import dev.longshore.job.Input;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class MountPolicyTest {
    @TempDir Path temp;
    private Path data;
    private Path work;
    private MountPolicy policy;

    @BeforeEach
    void makeRoots() throws IOException {
        Path real = temp.toRealPath();
        data = Files.createDirectory(real.resolve("data"));
        work = Files.createDirectory(real.resolve("work"));
        Files.createDirectory(data.resolve("in"));
        Files.createDirectory(work.resolve("out"));
        policy = new MountPolicy(List.of(data), List.of(work), List.of("cache-*", "shared"));
    }

    @Test
    void allows_nothing_by_default() {
        assertThat(judge(MountPolicy.NONE, read(data))).contains("/inputs/0/source");
        assertThat(judge(MountPolicy.NONE, new Input.Volume("v", "/v", true)))
                .contains("/inputs/0/source");
        assertThat(judge(MountPolicy.NONE, new Input.Inline("/f", new byte[0], 0644))).isEmpty();
    }

    @Test
    void tells_reading_from_writing() {
        assertThat(judge(policy, read(data.resolve("in")))).isEmpty();
        assertThat(judge(policy, read(work.resolve("out")))).isEmpty();
        assertThat(judge(policy, write(work.resolve("out")))).isEmpty();
        assertThat(judge(policy, write(data.resolve("in")))).contains("/inputs/0/readOnly");
    }

    @Test
    void points_at_the_first_input_that_may_not_be() {
        assertThat(judge(policy, read(data), read(Path.of("/srv")))).contains("/inputs/1/source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "DATA/../secret", "DATA/./in", "DATAx", "/", "DATA/\0"})
    void refuses_by_name_what_is_no_clean_path_under_a_root(String source) {
        String path = source.replace("DATA", data.toString());
        assertThat(judge(policy, new Input.Bind(path, "/in", true))).contains("/inputs/0/source");
    }

    @ParameterizedTest
    @CsvSource({
        "cache-1, true",
        "cache-, true",
        "shared, true",
        "shared2, false",
        "other, false",
        "cache-/etc, false",
        "/etc, false",
        "cache-a:b, false"
    })
    void allows_volumes_by_glob(String name, boolean allowed) {
        assertThat(judge(policy, new Input.Volume(name, "/v", false)).isEmpty()).isEqualTo(allowed);
    }

    @Test
    void a_star_allows_every_volume_and_no_path() {
        MountPolicy any = new MountPolicy(List.of(), List.of(), List.of("*"));
        assertThat(judge(any, new Input.Volume("x", "/v", false))).isEmpty();
        assertThat(judge(any, new Input.Volume("/etc", "/v", false))).isNotEmpty();
    }

    @Test
    void resolves_to_the_real_path() throws IOException {
        Files.createSymbolicLink(data.resolve("latest"), data.resolve("in"));
        Files.writeString(data.resolve("file"), "x");

        Resolved resolved =
                policy.resolve(
                        List.of(
                                read(data.resolve("latest")),
                                new Input.Inline("/f", new byte[0], 0644),
                                read(data.resolve("file"))),
                        Set.of());

        assertThat(resolved)
                .isEqualTo(
                        new Resolved.Allowed(
                                Map.of(0, data.resolve("in"), 2, data.resolve("file"))));
    }

    @Test
    void a_root_may_itself_be_a_link() throws IOException {
        Path alias = Files.createSymbolicLink(temp.toRealPath().resolve("alias"), data);
        MountPolicy byAlias = new MountPolicy(List.of(alias), List.of(), List.of());

        assertThat(resolve(byAlias, read(alias.resolve("in")))).isEqualTo("allowed");
        assertThat(resolve(byAlias, read(data.resolve("in")))).contains("may not be mounted");
    }

    @Test
    void refuses_links_that_lead_out_of_the_roots() throws IOException {
        Path secret = Files.createDirectory(temp.toRealPath().resolve("secret"));
        Files.createDirectory(secret.resolve("below"));
        Files.createSymbolicLink(data.resolve("link"), secret);
        Files.createSymbolicLink(data.resolve("etc"), Path.of("/etc"));
        Files.createSymbolicLink(work.resolve("data"), data);

        assertThat(resolve(policy, read(data.resolve("link")))).contains("leads out");
        assertThat(resolve(policy, read(data.resolve("link/below")))).contains("leads out");
        assertThat(resolve(policy, read(data.resolve("etc")))).contains("leads out");
        assertThat(resolve(policy, write(work.resolve("data/in")))).contains("leads out");
        assertThat(resolve(policy, read(work.resolve("data/in")))).isEqualTo("allowed");
    }

    @Test
    void refuses_what_is_missing_or_neither_file_nor_directory() throws IOException {
        Path loop = data.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        Path socket = data.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));

            assertThat(resolve(policy, read(socket))).contains("neither");
        }
        assertThat(resolve(policy, read(data.resolve("nothing")))).contains("does not exist");
        assertThat(resolve(policy, read(loop))).contains("cannot be looked at");
        MountPolicy devices = new MountPolicy(List.of(Path.of("/dev")), List.of(), List.of());
        assertThat(resolve(devices, read(Path.of("/dev/null")))).contains("neither");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/etc", "/proc", "/sys", "/dev", "/run", "/var"})
    void a_root_that_is_or_holds_a_place_kept_out_does_not_open_it(String place) {
        Path path = Path.of(place);
        for (Path root : List.of(Path.of("/"), path)) {
            MountPolicy wide = new MountPolicy(List.of(root), List.of(root), List.of());
            assertThat(resolve(wide, read(path))).contains("no job may have");
        }
    }

    @Test
    void a_root_deeper_than_a_place_kept_out_opens_just_that() throws IOException {
        Path kept = Files.createDirectories(data.resolve("kept"));
        Path open = Files.createDirectories(kept.resolve("open/x"));
        Files.createDirectories(kept.resolve("closed"));
        Set<Path> keepOut = Set.of(kept);
        MountPolicy deeper =
                new MountPolicy(List.of(data, kept.resolve("open")), List.of(), List.of());

        assertThat(resolve(deeper, keepOut, read(open))).isEqualTo("allowed");
        assertThat(resolve(deeper, keepOut, read(kept.resolve("closed")))).contains("no job");
        assertThat(resolve(deeper, keepOut, read(kept))).contains("no job");
        assertThat(resolve(deeper, keepOut, read(data))).contains("no job");
        assertThat(resolve(deeper, keepOut, read(data.resolve("in")))).isEqualTo("allowed");
        assertThat(resolve(policy, keepOut, read(open))).contains("no job");
    }

    @Test
    void keeps_out_by_the_real_path_too() throws IOException {
        Path real = Files.createDirectory(data.resolve("real-engine"));
        Path named = Files.createSymbolicLink(temp.toRealPath().resolve("engine"), real);

        assertThat(resolve(policy, Set.of(named), read(real))).contains("no job");
    }

    @Test
    void a_root_is_an_absolute_path() {
        Path relative = Path.of("data");
        assertThatThrownBy(() -> new MountPolicy(List.of(relative), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absolute");
    }

    private static Input read(Path source) {
        return new Input.Bind(source.toString(), "/in", true);
    }

    private static Input write(Path source) {
        return new Input.Bind(source.toString(), "/in", false);
    }

    private static List<String> judge(MountPolicy policy, Input... inputs) {
        return policy.judge(List.of(inputs)).map(Verdict::field).stream().toList();
    }

    private static String resolve(MountPolicy policy, Input input) {
        return resolve(policy, Set.of(), input);
    }

    private static String resolve(MountPolicy policy, Set<Path> keepOut, Input input) {
        return switch (policy.resolve(List.of(input), keepOut)) {
            case Resolved.Allowed allowed -> "allowed";
            case Resolved.Refused refused -> refused.verdict().message();
        };
    }
}
