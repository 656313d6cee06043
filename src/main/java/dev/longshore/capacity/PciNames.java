package dev.longshore.capacity;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of PCI devices that the host has in its {@code pci.ids}, if it has one. */
final class PciNames {
    private static final List<String> PLACES =
            List.of("usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids");
    private static final Pattern MARKETED = Pattern.compile("\\[(.+)]");

    private final Path root;
    private final List<String> notes;
    private @Nullable Map<String, String> names;

    PciNames(Path root, List<String> notes) {
        this.root = root;
        this.notes = notes;
    }

    /** The name under which the device is sold, or else its chip's name; null where not known. */
    @Nullable String find(int vendor, int device) {
        Map<String, String> known = names;
        if (known == null) {
            known = read();
            names = known;
        }
        return known.get(key(vendor, device));
    }

    private Map<String, String> read() {
        for (String place : PLACES) {
            Path file = root.resolve(place);
            if (Files.isRegularFile(file)) {
                try {
                    return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    notes.add(file + " cannot be read: " + e);
                }
            }
        }
        return Map.of();
    }

    /** Vendors stand at the left, their devices after one tab, parts of those after two. */
    private static Map<String, String> parse(String text) {
        Map<String, String> names = new HashMap<>();
        String vendor = "";
        for (String line : text.lines().toList()) {
            boolean ofDevice = line.startsWith("\t");
            String[] idAndName = line.strip().split("\\s+", 2);
            if (line.startsWith("#") || line.startsWith("\t\t") || idAndName.length < 2) {
                continue;
            }
            if (ofDevice) {
                names.putIfAbsent(vendor + ":" + idAndName[0], marketed(idAndName[1]));
            } else {
                vendor = idAndName[0];
            }
        }
        return names;
    }

    private static String marketed(String name) {
        Matcher inBrackets = MARKETED.matcher(name);
        return inBrackets.find() ? inBrackets.group(1) : name;
    }

    private static String key(int vendor, int device) {
        return String.format(Locale.ROOT, "%04x:%04x", vendor, device);
    }
}
