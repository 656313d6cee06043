package dev.longshore.executor;

import dev.longshore.executor.Policy.Verdict;
import dev.longshore.job.Input;
import dev.longshore.job.WebAddress;

import java.util.List;
import java.util.Optional;

/**
 * From where the node fetches files for jobs. Pure, for any thread. What the node can reach and
 * jobs cannot, its own network above all, is reached by whatever stands here.
 *
 * @param addresses globs over {@code scheme://host[:port]/path}: {@code *} stands for anything but
 *     a slash, {@code **} for anything; the query is not looked at
 */
public record DownloadPolicy(List<String> addresses) {
    /** Nowhere. */
    public static final DownloadPolicy NONE = new DownloadPolicy(List.of());

    /** Copies the list. */
    public DownloadPolicy {
        addresses = List.copyOf(addresses);
    }

    /** Whether files may be fetched from there. */
    public boolean allows(WebAddress address) {
        return addresses.stream().anyMatch(glob -> Policy.matches(glob, address.place()));
    }

    /** Why these may not be had, or empty. */
    Optional<Verdict> judge(List<Input> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) instanceof Input.Http http && !allows(http.address())) {
                return Optional.of(
                        new Verdict(
                                "/inputs/" + i + "/url",
                                http.address()
                                        + " is not among the addresses from which this node fetches"
                                        + " files (policy.downloads)"));
            }
        }
        return Optional.empty();
    }
}
