package dev.longshore.capacity;

import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Finds the GPUs of this host: NVIDIA's by {@code nvidia-smi}, AMD's and Intel's by the kernel's
 * files. {@link #read} blocks for as long as the tools take, 20 seconds at most, and is therefore
 * called off the event loop, once, before the node takes commands.
 */
public final class GpuInventory {
    private static final String KFD = "/dev/kfd";

    private final Path root;
    private final Probe probe;

    /**
     * Of another host than this one, for those who try it out.
     *
     * @param root where that host's {@code /} is
     * @param probe runs its tools
     */
    public GpuInventory(Path root, Probe probe) {
        this.root = Objects.requireNonNull(root, "root");
        this.probe = Objects.requireNonNull(probe, "probe");
    }

    /** The inventory of this host. */
    public static GpuInventory ofHost() {
        return new GpuInventory(Path.of("/"), new HostProbe());
    }

    /**
     * What there is.
     *
     * @param gpus by vendor, then PCI address: the same order at every start; each id once
     * @param notes what is wrong with the host's GPUs, for the node's log
     */
    public record Found(List<Gpu> gpus, List<String> notes) {
        /** Copies. */
        public Found {
            gpus = List.copyOf(gpus);
            notes = List.copyOf(notes);
        }
    }

    /** Looks now. Never throws: what cannot be found out is told in the notes. */
    public Found read() {
        List<String> notes = new ArrayList<>();
        Map<String, Gpu> found = new LinkedHashMap<>();
        try {
            new Reading(root, probe, notes).all().forEach(gpu -> add(found, gpu, notes));
        } catch (RuntimeException e) {
            // A tree of files of which none is ours may hold anything.
            notes.add("the GPUs of this host could not be found out: " + e);
        }
        List<Gpu> sorted =
                found.values().stream()
                        .sorted(
                                Comparator.comparing(Gpu::vendor)
                                        .thenComparing(
                                                Gpu::pciAddress,
                                                Comparator.nullsLast(Comparator.naturalOrder()))
                                        .thenComparing(Gpu::id))
                        .toList();
        return new Found(sorted, notes);
    }

    private static void add(Map<String, Gpu> found, Gpu gpu, List<String> notes) {
        if (found.putIfAbsent(gpu.id(), gpu) != null) {
            notes.add("the GPU " + gpu.id() + " is told of twice");
        }
    }

    /** One look at the host. */
    private static final class Reading {
        private final Sysfs sysfs;
        private final PciNames names;
        private final NvidiaSmi smi;
        private final List<String> notes;

        Reading(Path root, Probe probe, List<String> notes) {
            this.sysfs = new Sysfs(root, notes);
            this.names = new PciNames(root, notes);
            this.smi = new NvidiaSmi(probe, notes);
            this.notes = notes;
        }

        List<Gpu> all() {
            List<Sysfs.RenderNode> nodes = sysfs.renderNodes();
            List<Sysfs.Device> devices = sysfs.devices();
            List<Gpu> all = new ArrayList<>(nvidia(nodes, devices));
            Map<String, Sysfs.RenderNode> others = new HashMap<>();
            for (Sysfs.RenderNode node : nodes) {
                GpuVendor vendor = readFromFiles(node.device());
                if (vendor != null && others.putIfAbsent(node.device().address(), node) == null) {
                    all.add(fromFiles(vendor, node));
                }
            }
            for (Sysfs.Device device : devices) {
                GpuVendor vendor = readFromFiles(device);
                if (vendor != null && !others.containsKey(device.address())) {
                    notes.add(
                            model(vendor, device)
                                    + " at "
                                    + device.address()
                                    + " has no driver: it has no render node");
                }
            }
            return all;
        }

        private List<Gpu> nvidia(List<Sysfs.RenderNode> nodes, List<Sysfs.Device> devices) {
            Map<String, Sysfs.Device> onBus = new LinkedHashMap<>();
            devices.stream()
                    .filter(device -> device.vendor() == Sysfs.NVIDIA)
                    .forEach(device -> onBus.put(device.address(), device));
            List<NvidiaSmi.Row> rows = smi.rows();
            if (rows == null) {
                if (!onBus.isEmpty()) {
                    notes.add(
                            onBus.size()
                                    + " NVIDIA GPUs are not used: there is no nvidia-smi, hence no"
                                    + " driver of NVIDIA's");
                }
                return List.of();
            }
            Map<String, String> paths = new HashMap<>();
            for (Sysfs.RenderNode node : nodes) {
                if (node.device().vendor() == Sysfs.NVIDIA && node.path() != null) {
                    paths.put(node.device().address(), node.path());
                }
            }
            List<Gpu> found = new ArrayList<>();
            for (NvidiaSmi.Row row : rows) {
                found.add(told(row, paths));
                if (row.address() != null) {
                    onBus.remove(row.address());
                }
            }
            onBus.values().forEach(device -> found.add(untold(device, paths)));
            return found;
        }

        private Gpu told(NvidiaSmi.Row row, Map<String, String> paths) {
            String address = row.address();
            String id = row.uuid();
            if (id == null) {
                id = address == null ? "nvidia-" + row.index() : address;
            }
            if (row.fault() != null) {
                notes.add("the NVIDIA GPU " + id + " is not given out: " + row.fault());
            }
            return new Gpu(
                    GpuVendor.NVIDIA,
                    id,
                    row.name() == null ? "NVIDIA GPU" : row.name(),
                    row.memoryBytes(),
                    address,
                    address == null ? null : paths.get(address),
                    row.fault() == null);
        }

        /**
         * One that is on the bus, but of which the driver knows nothing: it fell off, or never came
         * up.
         */
        private Gpu untold(Sysfs.Device device, Map<String, String> paths) {
            notes.add(
                    "the NVIDIA GPU "
                            + device.address()
                            + " is not given out: nvidia-smi does not name it");
            return new Gpu(
                    GpuVendor.NVIDIA,
                    device.address(),
                    model(GpuVendor.NVIDIA, device),
                    0,
                    device.address(),
                    paths.get(device.address()),
                    false);
        }

        private Gpu fromFiles(GpuVendor vendor, Sysfs.RenderNode node) {
            Sysfs.Device device = node.device();
            String fault = null;
            if (node.path() == null) {
                fault = "its render node is not below /dev/dri";
            } else if (vendor == GpuVendor.AMD && !sysfs.has(KFD)) {
                fault = "there is no " + KFD;
            }
            if (fault != null) {
                notes.add(
                        "the "
                                + model(vendor, device)
                                + " at "
                                + device.address()
                                + " is not given out: "
                                + fault);
            }
            return new Gpu(
                    vendor,
                    device.address(),
                    model(vendor, device),
                    sysfs.bytes(device, "mem_info_vram_total"),
                    device.address(),
                    node.path(),
                    fault == null);
        }

        private String model(GpuVendor vendor, Sysfs.Device device) {
            String maker =
                    switch (vendor) {
                        case NVIDIA -> "NVIDIA";
                        case AMD -> "AMD";
                        case INTEL -> "Intel";
                    };
            String name = sysfs.line(device, "product_name");
            if (name == null) {
                name = names.find(device.vendor(), device.device());
            }
            if (name == null) {
                name = String.format(Locale.ROOT, "0x%04x", device.device());
            }
            boolean named =
                    name.toLowerCase(Locale.ROOT).startsWith(maker.toLowerCase(Locale.ROOT));
            return named ? name : maker + " " + name;
        }

        private static @Nullable GpuVendor readFromFiles(Sysfs.Device device) {
            return switch (device.vendor()) {
                case Sysfs.AMD -> GpuVendor.AMD;
                case Sysfs.INTEL -> GpuVendor.INTEL;
                default -> null;
            };
        }
    }
}
