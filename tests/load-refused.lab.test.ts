import { afterAll, describe, expect, test } from "vitest";
import { cleanUp, insideNamespace, lastackLoad, type Load } from "./lab/load-command.ts";
import { needs } from "./programs/needs.ts";

// What the command refuses, and what it prints if a target or a port is missing, in a network namespace of the test's own.

afterAll(cleanUp);

describe("wrong usage exits with 64 and a sentence, and nothing is sent", () => {
  test.each<[string[], RegExp]>([
    [[], /load takes one URL/],
    [["127.0.0.1:8080"], /A target begins with one of http:/],
    [["tcp://127.0.0.1"], /names its port/],
    [
      ["http://127.0.0.1/", "--mode", "shrt"],
      /--mode takes one of short, keep-alive, not "shrt"\. Did you mean short\?/,
    ],
    [
      ["http://127.0.0.1/", "--mode", "short", "--requests-per-connection", "7"],
      /short is one request per connection/,
    ],
    [
      ["http://127.0.0.1/", "--engine", "autocannon", "--mode", "short"],
      /cannot make short connections honestly/,
    ],
    [["http://127.0.0.1/", "--engine", "autocannon", "--rate", "100"], /are no open loop/],
    [["https://127.0.0.1/", "--engine", "raw"], /speaks no TLS: use --engine undici for https/],
    [["tcp://127.0.0.1:7", "--engine", "undici"], /undici speaks HTTP only/],
    [["tcp://127.0.0.1:7", "--header", "A: b"], /--method, --body and --header are for http/],
    [["http://127.0.0.1/", "--body", "/nowhere"], /--body: there is no file "\/nowhere"/],
    [["http://127.0.0.1/", "--body", "/dev/zero"], /--body takes a regular file, and \/dev\/zero is none/],
    [["http://127.0.0.1/", "--header", "A b"], /--header takes 'Name: value'/],
    [["http://127.0.0.1/", "--header", "Upgrade: x"], /--header Upgrade: the client sets this header itself/],
    [
      ["http://127.0.0.1/", "--header", "Host: x", "--header", "host: y"],
      /--header Host can be given only once/,
    ],
    [["http://127.0.0.1/", "--header", "Host: x y"], /--header Host takes a name or an address/],
    [["https://127.0.0.1/", "--ca", "/dev/null"], /--ca: \/dev\/null has no certificate in PEM\./],
    [["https://127.0.0.1/", "--ca", "/nowhere"], /--ca: \/nowhere cannot be read \(ENOENT\)\./],
    [["https://127.0.0.1/", "--ca", "x", "--insecure"], /leave out --ca, or --insecure/],
    [["http://127.0.0.1/", "--ca", "x"], /--ca is for https/],
    [["tcp://127.0.0.1:7", "--send", "\\q"], /--send knows \\n, /],
    [["http://127.0.0.1/", "--threads", "11"], /--threads 11 needs at least 11 --connections/],
    [["http://127.0.0.1/", "--send", "x"], /--send is for tcp/],
    [["http://127.0.0.1/", "--rate", "0"], /--rate takes requests per second, more than 0/],
    [["http://127.0.0.1/", "--duration", "1e3"], /--duration takes seconds from 0\.1 to 2400/],
    [["http://127.0.0.1/", "--duration", "-1"], /--duration takes seconds from 0\.1 to 2400, not "-1"\./],
    [["http://127.0.0.1/", "--warm-up", "-.5"], /--warm-up takes seconds from 0 to 600, not "-\.5"\./],
    [["http://127.0.0.1/", "--timeout", "-1"], /--timeout takes seconds from 0\.1 to 300, not "-1"\./],
    [["http://127.0.0.1/", "--rate", "-1"], /--rate takes requests per second, more than 0 .*, not "-1"\./],
    [
      ["http://127.0.0.1/", "--connections", "-1"],
      /--connections takes a whole number from 1 to 10000, not "-1"\./,
    ],
    [["http://127.0.0.1/", "--threads", "-1"], /--threads takes a whole number from 1 to 64, not "-1"\./],
    [
      ["http://127.0.0.1/", "--requests-per-connection", "-1"],
      /takes a whole number from 1 to 1000000, not "-1"\./,
    ],
    [["http://127.0.0.1/", "--duration"], /--duration takes a value, and none follows it\./],
    [["http://127.0.0.1/", "--duration", "--json"], /--duration takes a value, and --json follows it\./],
    [
      ["http://127.0.0.1/", "--fail-if", "totl.p99 > 5ms"],
      /--fail-if knows no figure totl\.p99\. Did you mean total\.p99\? The figures are: /,
    ],
    [["http://127.0.0.1/", "--fail-if", "total.p99 > 5"], /total\.p99 is a time: give it in us, ms or s/],
    [["http://0.0.0.0:8080/"], /is an address to listen at/],
  ])("%j", (args, sentence) => {
    const ran = lastackLoad(...args);
    expect(ran.stderr).toMatch(sentence);
    expect([ran.status, ran.stdout]).toEqual([64, ""]);
  });
});

describe("in a network namespace of the test's own", needs("ip"), () => {
  test("a foreign target is refused before anything is sent, and --remote-target-is-mine allows it", () => {
    // A foreign address, put together so that no file of the project contains it. This namespace has no route out.
    const foreign = [8, 8, 4, 4].join(".");
    const { stdout } = insideNamespace(`
      ip link set lo up
      counters() { grep -E '^(Ip|Tcp|Udp):' /proc/net/snmp; }
      run() { "$NODE" "$MAIN" load http://${foreign}/ --warm-up 0 --duration 0.2 --json "$@" 2>&1 || echo "status $?"; }
      counters > "$FOLDER/before"
      run
      counters > "$FOLDER/after"
      cmp "$FOLDER/before" "$FOLDER/after" && echo nothing moved
      run --remote-target-is-mine
      counters > "$FOLDER/after"
      cmp -s "$FOLDER/before" "$FOLDER/after" || echo counters moved
    `);
    expect(stdout).toMatch(
      /is neither an address of this machine nor, from here, a host of a lab: [^]*Nothing was sent\.\nstatus 64\nnothing moved\n/,
    );
    expect(stdout).toMatch(/"connect ENETUNREACH": [^]*status 2\ncounters moved\n/);
  });

  test("the address of a lab host is refused where it leads out of the machine, and allowed inside of the lab", () => {
    const { stdout } = insideNamespace(`
      ip link set lo up
      ip link add eth0 type veth peer name far0
      ip link set far0 up
      ip address add 203.0.113.7/24 dev eth0
      ip link set eth0 up
      ip route add default via 203.0.113.1
      sent() { grep -E '^(Tcp|Udp):' /proc/net/snmp; }
      run() { "$NODE" "$MAIN" load "$@" --warm-up 0 --duration 0.2 --timeout 0.2 --json 2>&1 || echo "status $?"; }
      sent > "$FOLDER/before"
      run http://192.0.2.2/
      sent > "$FOLDER/after"
      cmp "$FOLDER/before" "$FOLDER/after" && echo nothing moved
      ip link delete eth0
      echo a lab host
      ip link add link0 type veth peer name link1
      ip link set link1 up
      ip address add 192.0.2.1/26 dev link0
      ip link set link0 up
      run http://192.0.2.1/
      run http://192.0.2.2/
    `);
    const [outside, inside] = stdout.split("a lab host\n");
    expect(outside).toMatch(
      /^lastack: 192\.0\.2\.2 is neither [^]*Nothing was sent\.\nstatus 64\nnothing moved\n$/,
    );
    expect(inside).toMatch(/"connect ECONNREFUSED": [^]*status 2\n[^]*"connect timeout": [^]*status 2\n/);
  });

  test("a report says with numbers that the ports ran out", () => {
    // The number of ports is even: with an odd number connect() may leave one out (__inet_hash_connect, net/ipv4/inet_hashtables.c).
    const { stdout, stderr } = insideNamespace(`
      ip link set lo up
      echo 40000 40023 > /proc/sys/net/ipv4/ip_local_port_range
      echo 40007,40013 > /proc/sys/net/ipv4/ip_local_reserved_ports
      echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse
      mkfifo "$FOLDER/ready"
      "$NODE" "$SERVER" --port 8080 --host 127.0.0.1 > "$FOLDER/ready" &
      read -r line < "$FOLDER/ready"
      "$NODE" "$MAIN" load http://127.0.0.1:8080/ --mode short --warm-up 0 --duration 4 --json || echo "status $?"
    `);
    const [json = "", status] = stdout.split(/^(?=status)/m);
    expect(status, stderr).toBe("status 2\n");
    const ran = JSON.parse(json) as Load;
    expect(ran).toMatchObject({
      valid: false,
      requests: 22,
      socketsUsed: 22,
      ports: { usable: 22, most: 22 },
    });
    expect(ran.ports.exhausted).toBe(ran.errors["connect EADDRNOTAVAIL"]);
    expect(ran.because[0]).toMatch(
      /^The ports ran out: 22 ports \(net\.ipv4\.ip_local_port_range 40000 to 40023\), all in use: 22 TIME-WAIT of this side towards 127\.0\.0\.1 port 8080\. /,
    );
  });
});
