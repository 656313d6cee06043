package dev.longshore.wire;

import static dev.longshore.wire.WireFixtures.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
        "What asks for a way out of the container, or for what there is not, is refused by name")
class BadIsolationTest {
    private static final CommandCodec CODEC = new CommandCodec();

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "platform":"linux"                         | INVALID_FIELD | /platform
                    "platform":"Linux/AMD64"                   | INVALID_FIELD | /platform
                    "platform":"linux/amd64\\n"                | INVALID_FIELD | /platform
                    "platform":7                               | INVALID_FIELD | /platform
                    "registryAuth":"a b"                       | INVALID_FIELD | /registryAuth
                    "registryAuth":"hub\\n"                    | INVALID_FIELD | /registryAuth
                    "registryAuth":{"password":"x"}            | INVALID_FIELD | /registryAuth
                    "groups":"1500"                            | INVALID_FIELD | /groups
                    "groups":[1500]                            | INVALID_FIELD | /groups/0
                    "groups":["1500","-1"]                     | INVALID_FIELD | /groups/1
                    "groups":["01500"]                         | INVALID_FIELD | /groups/0
                    "groups":["4294967295"]                    | INVALID_FIELD | /groups/0
                    "groups":["a b"]                           | INVALID_FIELD | /groups/0
                    "groups":[""]                              | INVALID_FIELD | /groups/0
                    "groups":["video","video"]                 | INVALID_FIELD | /groups/1
                    "groupAdd":["1500"]                        | NOT_PERMITTED | /groupAdd
                    "init":"yes"                               | INVALID_FIELD | /init
                    "tty":1                                    | INVALID_FIELD | /tty
                    "readOnlyRootfs":null                      | INVALID_FIELD | /readOnlyRootfs
                    "capabilities":"CHOWN"                     | INVALID_FIELD | /capabilities
                    "capabilities":["CHOWN","FLY"]             | INVALID_FIELD | /capabilities/1
                    "capabilities":["ALL"]                     | INVALID_FIELD | /capabilities/0
                    "capabilities":["CAP_CAP_CHOWN"]           | INVALID_FIELD | /capabilities/0
                    "capabilities":[7]                         | INVALID_FIELD | /capabilities/0
                    "network":""                               | INVALID_FIELD | /network
                    "network":"-a"                             | INVALID_FIELD | /network
                    "network":"a b"                            | INVALID_FIELD | /network
                    "network":"a\\n"                           | INVALID_FIELD | /network
                    "network":{"name":"a"}                     | INVALID_FIELD | /network
                    "network":"container:"                     | INVALID_FIELD | /network
                    "network":"container:a:b"                  | INVALID_FIELD | /network
                    "network":"ns:/proc/1/ns/net"              | INVALID_FIELD | /network
                    "ports":[{"container":80}]                 | INVALID_FIELD | /ports
                    "network":"host","ports":[{"container":80}]          | INVALID_FIELD | /ports
                    "network":"container:a","ports":[{"container":80}]   | INVALID_FIELD | /ports
                    "network":"none","ports":[{"container":80}]          | INVALID_FIELD | /ports
                    "network":"b","ports":["80:80"]                      | INVALID_FIELD | /ports/0
                    "network":"b","ports":[{}]                           | MISSING_FIELD | /ports/0/container
                    "network":"b","ports":[{"container":80,"hots":1}]    | UNKNOWN_FIELD | /ports/0/hots
                    "network":"b","ports":[{"container":0}]              | INVALID_FIELD | /ports/0/container
                    "network":"b","ports":[{"container":65536}]          | INVALID_FIELD | /ports/0/container
                    "network":"b","ports":[{"container":8.5}]            | INVALID_FIELD | /ports/0/container
                    "network":"b","ports":[{"container":8,"host":-1}]    | INVALID_FIELD | /ports/0/host
                    "network":"b","ports":[{"container":8,"protocol":"TCP"}]       | INVALID_FIELD | /ports/0/protocol
                    "network":"b","ports":[{"container":8,"hostIp":"localhost"}]   | INVALID_FIELD | /ports/0/hostIp
                    "network":"b","ports":[{"container":8,"hostIp":""}]            | INVALID_FIELD | /ports/0/hostIp
                    "network":"b","ports":[{"container":8},{"container":8}]        | INVALID_FIELD | /ports/1
                    "network":"b","ports":[{"container":8,"host":9},{"container":7,"host":9}] | INVALID_FIELD | /ports/1
                    "dns":"10.0.0.2"                           | INVALID_FIELD | /dns
                    "dns":["10.0.0.2","ns.example"]            | INVALID_FIELD | /dns/1
                    "dns":["10.0.0.256"]                       | INVALID_FIELD | /dns/0
                    "dns":["010.0.0.1"]                        | INVALID_FIELD | /dns/0
                    "dns":["1"]                                | INVALID_FIELD | /dns/0
                    "dns":["fe80::1%eth0"]                     | INVALID_FIELD | /dns/0
                    "dns":["::1\\noptions x"]                  | INVALID_FIELD | /dns/0
                    "extraHosts":["db"]                        | INVALID_FIELD | /extraHosts/0
                    "extraHosts":[":10.0.0.7"]                 | INVALID_FIELD | /extraHosts/0
                    "extraHosts":["a b:10.0.0.7"]              | INVALID_FIELD | /extraHosts/0
                    "extraHosts":["db:10.0.0.7\\n1.2.3.4 x"]   | INVALID_FIELD | /extraHosts/0
                    "extraHosts":["x:1.1.1.1","db:host-gateway"] | NOT_PERMITTED | /extraHosts/1
                    "shmSize":0                                | INVALID_FIELD | /shmSize
                    "shmSize":"0"                              | INVALID_FIELD | /shmSize
                    "shmSize":"64m"                            | INVALID_FIELD | /shmSize
                    "shmSize":1e30                             | INVALID_FIELD | /shmSize
                    "tmpfs":["/tmp"]                           | INVALID_FIELD | /tmpfs
                    "tmpfs":{"":1}                             | INVALID_FIELD | /tmpfs/
                    "tmpfs":{"tmp":1}                          | INVALID_FIELD | /tmpfs/tmp
                    "tmpfs":{"/":1}                            | INVALID_FIELD | /tmpfs/~1
                    "tmpfs":{"/tmp/":1}                        | INVALID_FIELD | /tmpfs/~1tmp~1
                    "tmpfs":{"//proc":1}                       | INVALID_FIELD | /tmpfs/~1~1proc
                    "tmpfs":{"/a/../proc":1}                   | INVALID_FIELD | /tmpfs/~1a~1..~1proc
                    "tmpfs":{"/./a":1}                         | INVALID_FIELD | /tmpfs/~1.~1a
                    "tmpfs":{"/a\\u0000":1}                    | INVALID_FIELD | /tmpfs/~1a\\u0000
                    "tmpfs":{"/proc":1}                        | INVALID_FIELD | /tmpfs/~1proc
                    "tmpfs":{"/sys/fs":1}                      | INVALID_FIELD | /tmpfs/~1sys~1fs
                    "tmpfs":{"/dev":1}                         | INVALID_FIELD | /tmpfs/~1dev
                    "tmpfs":{"/.longshore/x":1}                | INVALID_FIELD | /tmpfs/~1.longshore~1x
                    "privileged":1                             | INVALID_FIELD | /privileged
                    "devices":"/dev/fuse"                      | INVALID_FIELD | /devices
                    "devices":["/dev/fuse","/etc/passwd"]      | INVALID_FIELD | /devices/1
                    "devices":["/dev/../etc"]                  | INVALID_FIELD | /devices/0
                    "devices":["/dev/"]                        | INVALID_FIELD | /devices/0
                    "devices":["/dev/a:b"]                     | INVALID_FIELD | /devices/0
                    "devices":["/dev/a:/"]                     | INVALID_FIELD | /devices/0
                    "devices":["/dev/a:/b:"]                   | INVALID_FIELD | /devices/0
                    "devices":["/dev/a:/b:rr"]                 | INVALID_FIELD | /devices/0
                    "devices":["/dev/a:/b:rx"]                 | INVALID_FIELD | /devices/0
                    "devices":["/dev/a:/b:r:w"]                | INVALID_FIELD | /devices/0
                    "devices":["/dev/a:/dev/b","/dev/b"]       | INVALID_FIELD | /devices/1
                    "devices":[7]                              | INVALID_FIELD | /devices/0
                    "securityOptions":"seccomp=unconfined"     | INVALID_FIELD | /securityOptions
                    "securityOptions":[""]                     | INVALID_FIELD | /securityOptions/0
                    "securityOptions":["a\\nb"]                | INVALID_FIELD | /securityOptions/0
                    "runtime":"a b"                            | INVALID_FIELD | /runtime
                    "runtime":""                               | INVALID_FIELD | /runtime
                    "runtime":["runc"]                         | INVALID_FIELD | /runtime
                    "hostNamespaces":["pid","net"]             | INVALID_FIELD | /hostNamespaces/1
                    "hostNamespaces":["PID"]                   | INVALID_FIELD | /hostNamespaces/0
                    "hostNamespaces":"pid"                     | INVALID_FIELD | /hostNamespaces
                    "tmpfs":{"/tmp":0}                         | INVALID_FIELD | /tmpfs/~1tmp
                    "tmpfs":{"/tmp":"size=1g,exec"}            | INVALID_FIELD | /tmpfs/~1tmp
                    "ulimits":{"nofiles":1}                    | INVALID_FIELD | /ulimits/nofiles
                    "ulimits":{"NOFILE":1}                     | INVALID_FIELD | /ulimits/NOFILE
                    "ulimits":{"nofile":-2}                    | INVALID_FIELD | /ulimits/nofile
                    "ulimits":{"nofile":"9"}                   | INVALID_FIELD | /ulimits/nofile
                    "ulimits":{"nofile":1e30}                  | INVALID_FIELD | /ulimits/nofile
                    "ulimits":{"nofile":{"soft":1}}            | MISSING_FIELD | /ulimits/nofile/hard
                    "ulimits":{"nofile":{"soft":1,"hrad":1}}   | UNKNOWN_FIELD | /ulimits/nofile/hrad
                    "ulimits":{"nofile":{"soft":2,"hard":1}}   | INVALID_FIELD | /ulimits/nofile
                    "ulimits":{"nofile":{"soft":-1,"hard":1}}  | INVALID_FIELD | /ulimits/nofile
                    "ulimits":{"nofile":{"soft":-2,"hard":1}}  | INVALID_FIELD | /ulimits/nofile/soft
                    "timeouts":{"queue":"-5s"}                 | INVALID_TIMEOUT | /timeouts/queue
                    "timeouts":{"queue":0}                     | INVALID_TIMEOUT | /timeouts/queue
                    "timeouts":{"pull":"PT9223372036854775807H"} | INVALID_TIMEOUT | /timeouts/pull
                    """)
    void a_bad_field_is_refused(String field, RefusalCode code, String pointer) {
        assertRefused(field, code, pointer);
    }

    @ParameterizedTest(name = "{0} -> {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "all"                                      | INVALID_RESOURCES | ``
                    {}                                         | MISSING_FIELD     | /vendor
                    {"count":1}                                | MISSING_FIELD     | /vendor
                    {"vendor":"acme"}                          | INVALID_RESOURCES | /vendor
                    {"vendor":"NVIDIA"}                        | INVALID_RESOURCES | /vendor
                    {"vendor":"amd","count":0}                 | INVALID_RESOURCES | /count
                    {"vendor":"amd","count":"all"}             | INVALID_RESOURCES | /count
                    {"vendor":"amd","count":1e9}               | INVALID_RESOURCES | /count
                    {"vendor":"amd","count":2,"ids":["a"]}     | INVALID_RESOURCES | /count
                    {"vendor":"amd","ids":["a","a"]}           | INVALID_RESOURCES | /ids/1
                    {"vendor":"amd","ids":["a,b"]}             | INVALID_RESOURCES | /ids/0
                    {"vendor":"amd","ids":[0]}                 | INVALID_RESOURCES | /ids/0
                    {"vendor":"amd","model":""}                | INVALID_RESOURCES | /model
                    {"vendor":"amd","model":"a\\nb"}           | INVALID_RESOURCES | /model
                    {"vendor":"amd","minMemory":"40g"}         | INVALID_RESOURCES | /minMemory
                    {"vendor":"amd","minMemory":0}             | INVALID_RESOURCES | /minMemory
                    {"vendor":"amd","memory":1}                | UNKNOWN_FIELD     | /memory
                    """)
    void a_bad_request_for_gpus_is_refused(String gpus, RefusalCode code, String pointer) {
        assertRefused("\"resources\":{\"gpus\":" + gpus + "}", code, "/resources/gpus" + pointer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pidMode",
                "pid",
                "pid_mode",
                "PidMode",
                "ipcMode",
                "ipc",
                "utsMode",
                "uts",
                "usernsMode",
                "userns_mode",
                "cgroupParent",
                "cgroup-parent",
                "device",
                "securityOpt",
                "security_opt",
                "volumesFrom",
                "volumes_from",
                "links",
                "restartPolicy",
                "restart",
                "autoRemove",
                "rm",
                "capAdd",
                "networkMode",
                "sysctls"
            })
    void ways_out_are_not_permitted_whatever_their_value(String name) {
        assertRefused('"' + name + "\":[]", RefusalCode.NOT_PERMITTED, '/' + name);
        assertRefused('"' + name + "\":true", RefusalCode.NOT_PERMITTED, '/' + name);
        assertRefused(
                "\"resources\":{\"" + name + "\":{}}",
                RefusalCode.NOT_PERMITTED,
                "/resources/" + name);
    }

    @Test
    void what_is_meant_is_said() {
        assertThat(refused("\"capAdd\":[\"CHOWN\"]").message())
                .contains("did you mean \"capabilities\"?");
        assertThat(refused("\"gpus\":1").message()).contains("did you mean \"resources/gpus\"?");
        assertThat(refused("\"nofile\":1").message()).contains("no such field");
        assertThat(refused("\"ulimits\":{\"files\":1}").message()).contains("nofile");
    }

    @Test
    void a_secret_in_the_place_of_its_name_is_not_shown() {
        assertThat(refused("\"registryAuth\":\"hunter 2\"").message()).doesNotContain("hunter");
        assertThat(refused("\"registryAuth\":[\"hunter 2\"]").message()).doesNotContain("hunter");
        assertThat(refused("\"registryAuth\":\"hunter" + "2".repeat(70) + "\"").message())
                .doesNotContain("hunter");
    }

    private static void assertRefused(String field, RefusalCode code, String pointer) {
        Refusal refusal = refused(field);

        assertThat(refusal.code()).as(refusal.message()).isEqualTo(code);
        assertThat(refusal.field()).isEqualTo(pointer);
        assertThat(refusal.message()).startsWith(pointer).hasSizeLessThan(400);
    }

    private static Refusal refused(String field) {
        Decoded decoded = CODEC.start(message("{\"image\":\"a\"," + field + "}"), "t-0-0");
        assertThat(decoded).as(field).isInstanceOf(Decoded.Malformed.class);
        return ((Decoded.Malformed) decoded).refusal();
    }
}
