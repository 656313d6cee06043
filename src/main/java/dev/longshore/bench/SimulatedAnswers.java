package dev.longshore.bench;

/** What the simulated engine says of itself; nothing of it changes. */
final class SimulatedAnswers {
    static final String IMAGE_ID = "sha256:" + "ab".repeat(32);

    static final String VERSION =
            """
            {"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux",\
            "Arch":"amd64","KernelVersion":"0"}\
            """;

    static final String INFO =
            """
            {"ID":"SIMULATED","Name":"simulated","ServerVersion":"20.10.24","NCPU":64,\
            "MemTotal":274877906944,"CgroupVersion":"2","Driver":"overlay2","OSType":"linux",\
            "DockerRootDir":"/tmp","LiveRestoreEnabled":false,"Containers":0}\
            """;

    static final String IMAGE =
            """
            {"Id":"%s","RepoTags":["busybox:latest"],"RepoDigests":[],"Size":1,\
            "Created":"2026-01-01T00:00:00Z","Config":{"Cmd":["sh"]}}\
            """
                    .formatted(IMAGE_ID);

    static final String IMAGES =
            """
            [{"Id":"%s","RepoTags":["busybox:latest"],"RepoDigests":[],"Size":1,\
            "Created":1767225600,"Containers":-1}]\
            """
                    .formatted(IMAGE_ID);

    static final String STATS =
            """
            {"cpu_stats":{"cpu_usage":{"total_usage":1000000},"system_cpu_usage":1,\
            "online_cpus":1},"memory_stats":{"usage":1048576,"max_usage":1048576,"limit":268435456,\
            "stats":{}},"pids_stats":{"current":1},"blkio_stats":{},"networks":{}}\
            """;

    private SimulatedAnswers() {}
}
