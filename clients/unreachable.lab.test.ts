import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { needs } from "../tests/programs/needs.ts";
import { clientCommand, readRows } from "./fixture/client-process.fixture.ts";
import type { AttemptRow } from "./load/row.ts";

const SERVER = `require("node:net").createServer((peer) => peer.on("error", () => {}).pipe(peer))
  .listen(8080, "127.0.0.1")`;

/**
 * Runs shell commands and then short-tcp in a new network namespace, which ends with short-tcp. An echo server listens there on
 * 127.0.0.1:8080.
 */
function inNamespace(arrange: string, args: string): AttemptRow[] {
  const client = clientCommand("short-tcp", [])
    .map((word) => `'${word}'`)
    .join(" ");
  const script = `set -e
    ip link set lo up
    ${arrange}
    '${process.execPath}' -e '${SERVER}' > /dev/null 2>&1 &
    server=$!
    for i in $(seq 2000); do ss -Htln | grep -q :8080 && break; sleep 0.05; done
    ${client} ${args}
    kill $server`;
  const own = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const { stdout, stderr, status } = spawnSync(
    "unshare",
    [...own, "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script],
    { encoding: "utf8", timeout: 300_000 },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return readRows(stdout).attempts;
}

const outcomes = (rows: AttemptRow[]): string[] =>
  rows.map(({ outcome }) =>
    typeof outcome === "string" ? outcome : `${outcome.phase} ${outcome.code} ${outcome.call}`,
  );

// Ten ports, because connect() can leave out one port of an odd number (__inet_hash_connect, net/ipv4/inet_hashtables.c).
test("when the port range is used up, connect() fails at once", needs("ip", "ss"), () => {
  const rows = inNamespace(
    `echo "40000 40009" > /proc/sys/net/ipv4/ip_local_port_range
     echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse`,
    "--to 127.0.0.1:8080 --attempts 23",
  );
  expect(outcomes(rows)).toEqual([
    ...Array<string>(10).fill("ok"),
    ...Array<string>(13).fill("connect EADDRNOTAVAIL connect"),
  ]);
  expect(new Set(rows.slice(0, 10).map((row) => row.localPort)).size).toBe(10);
  expect(rows.at(-1)).toMatchObject({ localPort: null, connectMs: null, totalMs: null });
});

test("if a host never answers, the client's own timeout ends the attempt", needs("ip", "ss"), () => {
  const rows = inNamespace(
    `ip link add left type veth peer name right
     ip address add 192.0.2.1/24 dev left
     ip link set left up
     ip link set right up
     ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev left`,
    "--to 192.0.2.2:8080 --attempts 7 --concurrency 7 --timeout-ms 1000",
  );
  expect(outcomes(rows)).toEqual(Array(7).fill("connect timeout connect"));
  expect(rows.every((row) => row.localPort !== null && row.connectMs === null)).toBe(true);
});

test("an address without a route is reported with its errno", needs("ip", "ss"), () => {
  const none = inNamespace("", "--to 203.0.113.1:8080 --attempts 3");
  expect(outcomes(none)).toEqual(Array(3).fill("connect ENETUNREACH connect"));
  const refused = inNamespace(
    "ip route add unreachable 198.51.100.0/24",
    "--to 198.51.100.1:8080 --attempts 3",
  );
  expect(outcomes(refused)).toEqual(Array(3).fill("connect EHOSTUNREACH connect"));
  const none6 = inNamespace("", "--to [2001:db8::1]:8080 --attempts 3");
  expect(outcomes(none6)).toEqual(Array(3).fill("connect ENETUNREACH connect"));
});
