package dev.longshore.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.CollectedOutput.Entry;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

class ManifestTest {
    private final Allowance allowance = new Allowance(ResultSettings.under(Path.of("/results")));

    @Test
    void lists_the_first_by_path_and_counts_all() {
        Manifest manifest = new Manifest();
        for (int i = 1_999; i >= 0; i--) {
            manifest.add(new Entry(String.format(Locale.ROOT, "%04d", i), 2, "0"));
        }

        List<Entry> listed = manifest.list(allowance);
        assertThat(manifest.files()).isEqualTo(2_000);
        assertThat(manifest.bytes()).isEqualTo(4_000);
        assertThat(listed)
                .hasSize(CollectedOutput.MOST_MANIFEST)
                .isSortedAccordingTo(Comparator.comparing(Entry::path));
        assertThat(listed.getFirst().path()).isEqualTo("0000");
    }

    @Test
    void fits_into_a_record_together_with_those_of_the_other_outputs() {
        assertThat(listOfLongNames()).hasSizeBetween(50, 70);
        assertThat(listOfLongNames()).isEmpty();
    }

    @Test
    void knows_a_full_disk_by_what_the_system_says() {
        Path path = Path.of("/results/x");
        assertThat(Disk.failure(path, new IOException("No space left on device")))
                .isInstanceOf(ResultFailure.DiskFull.class);
        assertThat(Disk.failure(path, new IOException("/x: Disk quota exceeded")))
                .isInstanceOf(ResultFailure.DiskFull.class);
        assertThat(Disk.failure(path, new IOException("Input/output error")))
                .isInstanceOf(ResultFailure.DiskFailed.class);
    }

    private List<Entry> listOfLongNames() {
        Manifest manifest = new Manifest();
        for (int i = 100; i < 200; i++) {
            manifest.add(new Entry(i + "\"".repeat(2_000), 2, "0"));
        }
        return manifest.list(allowance);
    }
}
