package dev.longshore.http;

import dev.longshore.job.JobGlob;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tokens that a node knows, by their SHA-256: the tokens themselves are not kept. Any thread.
 *
 * <p>Read from lines {@code <name> <scopes> <token> [<jobs>]}: scopes of {@code read}, {@code
 * write}, {@code exec}, {@code admin} with commas; the token, or {@code sha256:} and its hash in
 * hexadecimal; ids of jobs with {@code *}. {@code #} begins a comment.
 */
public final class AccessTokens {
    private static final AccessTokens NONE = new AccessTokens(List.of());
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{16,512}");
    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-fA-F]{64}");
    private static final int LEAST_WORDS = 3;
    private static final int MOST_WORDS = 4;

    private final List<Entry> entries;

    /** One token. */
    private record Entry(byte[] hash, Grant grant) {}

    private AccessTokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** No tokens: everybody may do everything. */
    public static AccessTokens none() {
        return NONE;
    }

    /**
     * Reads a file's lines.
     *
     * @throws IllegalArgumentException naming the line and the rule, never what stands there
     */
    public static AccessTokens read(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line.split("\\s+", -1), i + 1));
            }
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("it has no token, so that nobody could do anything");
        }
        return new AccessTokens(entries);
    }

    /** Whether tokens are asked for. */
    public boolean required() {
        return !entries.isEmpty();
    }

    /** What this token is good for, or null where it is none of ours. */
    @Nullable Grant find(String token) {
        byte[] hash = sha256(token);
        Grant found = null;
        for (Entry entry : entries) {
            // All of them, and each in constant time: how long it takes tells nothing.
            if (MessageDigest.isEqual(entry.hash(), hash)) {
                found = entry.grant();
            }
        }
        return found;
    }

    private static Entry entry(String[] words, int line) {
        if (words.length < LEAST_WORDS || words.length > MOST_WORDS) {
            throw wrong(line, "must be: name scopes token, and jobs where not all are meant");
        }
        if (!NAME.matcher(words[0]).matches()) {
            throw wrong(line, "the name must be 1 to 64 letters, digits, '.', '_', '@' or '-'");
        }
        String token = words[2];
        byte[] hash;
        if (token.startsWith("sha256:")) {
            if (!HASH.matcher(token).matches()) {
                throw wrong(line, "sha256: must be followed by 64 hexadecimal digits");
            }
            hash = HexFormat.of().parseHex(token.substring("sha256:".length()));
        } else if (TOKEN.matcher(token).matches()) {
            hash = sha256(token);
        } else {
            throw wrong(line, "the token must be 16 to 512 printable ASCII characters");
        }
        return new Entry(hash, new Grant(words[0], scopes(words[1], line), jobs(words, line)));
    }

    private static Set<Scope> scopes(String text, int line) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : text.split(",", -1)) {
            try {
                scopes.add(Scope.valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw wrong(line, "scopes are read, write, exec and admin, separated by commas");
            }
        }
        return scopes;
    }

    private static @Nullable JobGlob jobs(String[] words, int line) {
        if (words.length < MOST_WORDS) {
            return null;
        }
        try {
            return new JobGlob(words[LEAST_WORDS]);
        } catch (IllegalArgumentException e) {
            throw wrong(line, "jobs must be 1 to 64 letters, digits, '_', '-' or '*'");
        }
    }

    private static IllegalArgumentException wrong(int line, String rule) {
        return new IllegalArgumentException("line " + line + ": " + rule);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Says nothing of what it holds. */
    @Override
    public String toString() {
        return entries.size() + " tokens";
    }
}
