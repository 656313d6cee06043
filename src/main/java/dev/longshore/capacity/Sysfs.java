package dev.longshore.capacity;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What the kernel tells of graphics devices in the files below a root folder. What cannot be read
 * becomes a note.
 */
final class Sysfs {
    static final int NVIDIA = 0x10de;
    static final int AMD = 0x1002;
    static final int INTEL = 0x8086;

    private static final int MOST_BYTES = 4096;
    private static final int DISPLAY = 0x03;
    private static final int ACCELERATOR = 0x12;
    private static final int CLASS_SHIFT = 16;

    private final Path root;
    private final List<String> notes;

    /**
     * Reads nothing yet.
     *
     * @param notes where problems are told
     */
    Sysfs(Path root, List<String> notes) {
        this.root = root;
        this.notes = notes;
    }

    /**
     * A device that can compute or draw.
     *
     * @param folder its files
     * @param address its PCI address
     * @param vendor who made it
     * @param device which model
     */
    record Device(Path folder, String address, int vendor, int device) {}

    /**
     * A device for which a driver is loaded.
     *
     * @param device the device
     * @param path {@code /dev/dri/renderD…}, or null where that is not there
     */
    record RenderNode(Device device, @Nullable String path) {}

    /** Every render node that belongs to a PCI device, by the kernel's numbers. */
    List<RenderNode> renderNodes() {
        List<RenderNode> nodes = new ArrayList<>();
        for (Path entry : entries(root.resolve("sys/class/drm"), "renderD*")) {
            Path folder = entry.resolve("device");
            String address = slot(folder);
            Integer vendor = hex(folder.resolve("vendor"));
            Integer device = hex(folder.resolve("device"));
            // Partitions of one device have nodes without a vendor: they are not devices.
            if (address != null && vendor != null) {
                String path = "/dev/dri/" + entry.getFileName();
                boolean there = Files.exists(root.resolve(path.substring(1)));
                nodes.add(
                        new RenderNode(
                                new Device(folder, address, vendor, device == null ? 0 : device),
                                there ? path : null));
            }
        }
        return nodes;
    }

    /** Every display or accelerator device of the three vendors on the bus. */
    List<Device> devices() {
        List<Device> devices = new ArrayList<>();
        for (Path folder : entries(root.resolve("sys/bus/pci/devices"), "*")) {
            String address = PciAddress.normalised(String.valueOf(folder.getFileName()));
            Integer vendor = hex(folder.resolve("vendor"));
            Integer device = hex(folder.resolve("device"));
            Integer type = hex(folder.resolve("class"));
            if (address != null && vendor != null && type != null && isGpu(vendor, type)) {
                devices.add(new Device(folder, address, vendor, device == null ? 0 : device));
            }
        }
        return devices;
    }

    /** Whether there is a file at this absolute path of the host. */
    boolean has(String path) {
        return Files.exists(root.resolve(path.substring(1)));
    }

    /** The one line in a file of the device, or null where there is none. */
    @Nullable String line(Device device, String file) {
        String text = text(device.folder().resolve(file));
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** A number of bytes in a file of the device; 0 where there is none. */
    long bytes(Device device, String file) {
        String text = line(device, file);
        if (text == null) {
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            notes.add(device.folder().resolve(file) + " holds no number");
            return 0;
        }
    }

    private static boolean isGpu(int vendor, int type) {
        int kind = type >> CLASS_SHIFT;
        return switch (vendor) {
            case NVIDIA, INTEL -> kind == DISPLAY;
            case AMD -> kind == DISPLAY || kind == ACCELERATOR;
            default -> false;
        };
    }

    private @Nullable String slot(Path folder) {
        String text = text(folder.resolve("uevent"));
        if (text == null) {
            return null;
        }
        String key = "PCI_SLOT_NAME=";
        return text.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst()
                .map(PciAddress::normalised)
                .orElse(null);
    }

    private @Nullable Integer hex(Path file) {
        String text = text(file);
        if (text == null) {
            return null;
        }
        try {
            return Integer.decode(text.strip().toLowerCase(Locale.ROOT));
        } catch (NumberFormatException e) {
            notes.add(file + " holds no number");
            return null;
        }
    }

    private @Nullable String text(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            notes.add(file + " cannot be read: " + e);
            return null;
        }
    }

    private List<Path> entries(Path folder, String pattern) {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
                stream.forEach(entries::add);
            } catch (IOException e) {
                notes.add(folder + " cannot be read: " + e);
            }
        }
        entries.sort(
                Comparator.comparingInt((Path path) -> path.toString().length())
                        .thenComparing(Comparator.naturalOrder()));
        return entries;
    }
}
