package dev.longshore.http;

import dev.longshore.job.JobGlob;
import dev.longshore.job.JobId;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Set;

/**
 * What one token is good for.
 *
 * @param name whose it is, for people
 * @param scopes what may be done
 * @param jobs the jobs that may be touched, or null for all
 */
record Grant(String name, Set<Scope> scopes, @Nullable JobGlob jobs) {
    /** Of whom nothing is asked, where there are no tokens. */
    static final Grant ANONYMOUS = new Grant("anonymous", Set.of(Scope.ADMIN), null);

    Grant {
        Objects.requireNonNull(name, "name");
        scopes = Set.copyOf(scopes);
    }

    /** Whether this much may be done, leaving aside to which job. */
    boolean allows(Scope scope) {
        return scopes.contains(Scope.ADMIN)
                || scopes.contains(scope)
                || (scope == Scope.READ && !scopes.isEmpty());
    }

    /** Whether this job may be touched; null where no one job is meant. */
    boolean reaches(@Nullable JobId job) {
        return jobs == null || (job != null && jobs.matches(job));
    }
}
