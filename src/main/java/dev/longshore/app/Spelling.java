package dev.longshore.app;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Locale;

/** Finds what somebody meant who wrote a name that does not exist. Any thread. */
final class Spelling {
    private Spelling() {}

    /**
     * The nearest of the known names, or null where none is near. Upper case, dots, hyphens and
     * underscores make no difference, so that {@code jobs.maxRunning} finds {@code
     * jobs.max-running}; nor does a forgotten group, so that {@code port} finds {@code http.port}.
     */
    static @Nullable String nearest(String written, Collection<String> known) {
        String bare = bare(written);
        String best = null;
        int least = Math.max(1, bare.length() / 4) + 1;
        for (String name : known) {
            int distance = distance(bare, bare(name));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best != null ? best : byLastPart(written, known);
    }

    private static @Nullable String byLastPart(String written, Collection<String> known) {
        String last = written.substring(written.lastIndexOf('.') + 1);
        String found = null;
        for (String name : known) {
            if (bare(name.substring(name.lastIndexOf('.') + 1)).equals(bare(last))) {
                if (found != null) {
                    return null; // two would fit: no advice is better than a wrong one
                }
                found = name;
            }
        }
        return found;
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Letters to insert, drop, replace or swap with the next. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int other = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
                cost[i][j] = Math.min(replace, other);
                if (swapped(a, i, b, j)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }

    private static boolean swapped(String a, int i, String b, int j) {
        return i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
