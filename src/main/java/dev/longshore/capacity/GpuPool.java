package dev.longshore.capacity;

import dev.longshore.job.Gpu;
import dev.longshore.job.GpuRequest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The GPUs of the node and who uses how many times which: once each where we chose, perhaps more
 * where what ran already was found so. Chooses; the {@link Ledger} remembers for whom.
 */
final class GpuPool {
    private static final double GIB = 1L << 30;

    private final List<Gpu> all;
    private final Map<String, Integer> uses = new HashMap<>();

    /** In use, the ones that the inventory does not know (any more) too. */
    private final Map<String, Gpu> inUse = new LinkedHashMap<>();

    GpuPool(List<Gpu> all) {
        this.all = all;
    }

    void take(List<Gpu> gpus) {
        for (Gpu gpu : gpus) {
            uses.merge(gpu.id(), 1, Integer::sum);
            inUse.putIfAbsent(gpu.id(), gpu);
        }
    }

    void giveBack(List<Gpu> gpus) {
        for (Gpu gpu : gpus) {
            if (uses.merge(gpu.id(), -1, Integer::sum) <= 0) {
                uses.remove(gpu.id());
                inUse.remove(gpu.id());
            }
        }
    }

    List<Gpu> inUse() {
        return List.copyOf(inUse.values());
    }

    /**
     * Which GPUs the request would get now; null where there are too few.
     *
     * <p>The smallest that suffices goes first, so that the large ones are left to those who need
     * them.
     */
    @Nullable List<Gpu> choose(GpuRequest request) {
        List<Gpu> free = suitable(request).stream().filter(this::isFree).toList();
        if (free.size() < request.count()) {
            return null;
        }
        if (!request.ids().isEmpty()) {
            Map<String, Gpu> byId =
                    free.stream().collect(Collectors.toMap(Gpu::id, gpu -> gpu, (one, two) -> one));
            return request.ids().stream().map(byId::get).toList();
        }
        return free.stream()
                .sorted(Comparator.comparingLong(Gpu::memoryBytes)) // stable: then inventory order
                .limit(request.count())
                .toList();
    }

    /** Whether the request could use one of these. */
    boolean anySuits(List<Gpu> gpus, GpuRequest request) {
        return gpus.stream().anyMatch(gpu -> suits(gpu, request));
    }

    /**
     * What is missing for the request, for people.
     *
     * @param whenEmpty as if nobody used any
     */
    String missing(GpuRequest request, boolean whenEmpty) {
        if (!request.ids().isEmpty()) {
            return missingIds(request, whenEmpty);
        }
        List<Gpu> suitable = suitable(request);
        long free = suitable.stream().filter(gpu -> whenEmpty || isFree(gpu)).count();
        if (free >= request.count()) {
            return "";
        }
        String better = suitable.isEmpty() ? noneSuits(request) : "";
        return better.isEmpty() ? counted(request, free) : better;
    }

    private String missingIds(GpuRequest request, boolean whenEmpty) {
        Set<String> seen = new HashSet<>();
        List<String> missing = new ArrayList<>();
        for (String id : request.ids()) {
            String why = seen.add(id) ? whyNot(id, request, whenEmpty) : "asked for twice";
            if (!why.isEmpty()) {
                missing.add("the GPU " + id + " (" + why + ")");
            }
        }
        return String.join(", ", missing);
    }

    private String whyNot(String id, GpuRequest request, boolean whenEmpty) {
        for (Gpu gpu : all) {
            if (gpu.id().equals(id)) {
                if (!gpu.healthy()) {
                    return "unhealthy";
                }
                if (!suits(gpu, request)) {
                    return "it is " + gpu.vendor().wireName() + ", " + described(gpu);
                }
                return whenEmpty || isFree(gpu) ? "" : "in use";
            }
        }
        return "not on this node";
    }

    /** Why no GPU of the node suits, where it is the model or the memory; else empty. */
    private String noneSuits(GpuRequest request) {
        List<Gpu> ofVendor =
                all.stream()
                        .filter(gpu -> gpu.healthy() && gpu.vendor() == request.vendor())
                        .toList();
        List<Gpu> ofModel = ofVendor.stream().filter(gpu -> isModel(gpu, request)).toList();
        Long least = request.minMemoryBytes();
        if (!ofVendor.isEmpty() && ofModel.isEmpty()) {
            return "a GPU of model "
                    + request.model()
                    + " (here: "
                    + ofVendor.stream().map(Gpu::model).distinct().collect(Collectors.joining(", "))
                    + ")";
        }
        if (!ofModel.isEmpty() && least != null) {
            long largest = ofModel.stream().mapToLong(Gpu::memoryBytes).max().orElse(0);
            return "a GPU with "
                    + gib(least)
                    + " GiB ("
                    + (largest == 0 ? "how much there is, is not known" : "largest has ")
                    + (largest == 0 ? "" : gib(largest))
                    + ")";
        }
        return "";
    }

    private String counted(GpuRequest request, long free) {
        Long least = request.minMemoryBytes();
        long unhealthy =
                all.stream()
                        .filter(gpu -> !gpu.healthy() && gpu.vendor() == request.vendor())
                        .count();
        return request.count()
                + " "
                + request.vendor().wireName()
                + (request.count() == 1 ? " GPU" : " GPUs")
                + (request.model() == null ? "" : " of model " + request.model())
                + (least == null ? "" : " with " + gib(least) + " GiB")
                + " ("
                + free
                + " free"
                + (unhealthy == 0 ? "" : ", " + unhealthy + " unhealthy")
                + ")";
    }

    private List<Gpu> suitable(GpuRequest request) {
        return all.stream().filter(gpu -> gpu.healthy() && suits(gpu, request)).toList();
    }

    private static boolean suits(Gpu gpu, GpuRequest request) {
        Long least = request.minMemoryBytes();
        return gpu.vendor() == request.vendor()
                && (request.ids().isEmpty() || request.ids().contains(gpu.id()))
                && isModel(gpu, request)
                && (least == null || gpu.memoryBytes() >= least);
    }

    private static boolean isModel(Gpu gpu, GpuRequest request) {
        String model = request.model();
        return model == null
                || gpu.model().toLowerCase(Locale.ROOT).contains(model.toLowerCase(Locale.ROOT));
    }

    private boolean isFree(Gpu gpu) {
        return !uses.containsKey(gpu.id());
    }

    private static String described(Gpu gpu) {
        return gpu.model() + " with " + gib(gpu.memoryBytes()) + " GiB";
    }

    /** Rounded down to a tenth: what is short by a little must not look as if it sufficed. */
    private static String gib(long bytes) {
        double tenths = Math.floor(bytes / GIB * 10) / 10;
        return tenths == Math.rint(tenths) ? Long.toString((long) tenths) : Double.toString(tenths);
    }
}
