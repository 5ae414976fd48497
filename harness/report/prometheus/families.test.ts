import fc from "fast-check";
import { expect, test } from "vitest";
import type { Census, CensusListener, Holder, Peer } from "../../model/census.ts";
import type { Family } from "./exposition.ts";
import { exposition } from "./exposition.ts";
import { metricFamilies } from "./families.ts";
import { METRICS } from "./names.ts";
import { readExposition } from "./reader.fixture.ts";
import { group } from "../../recording/hand-made.fixture.ts";

const NOTHING: Census = {
  total: 0,
  states: {},
  sides: { listener: {}, connector: {} },
  groups: [],
  held: { processes: [], none: {}, unseen: {} },
  listeners: [],
  peers: [],
  read: { by: "sock_diag", pid: null, because: null, missing: [] },
};

function familiesOf(
  changes: Partial<Census>,
  sysctls: Record<string, string> = {},
): Map<string, Family["series"]> {
  const input = { census: { ...NOTHING, ...changes }, counters: {}, sysctls, timeWaitRecords: null };
  return new Map(metricFamilies(input).map(({ name, series }) => [name, series]));
}

const listener = (port: number, queue: number, backlog: number | null, inode: number): CensusListener => ({
  address: "192.0.2.2",
  port,
  queue,
  backlog,
  inode,
});

const holder = (pid: number, name: string, count: number): Holder => ({
  pid,
  name,
  sockets: count,
  states: { "CLOSE-WAIT": count },
  sides: { listener: count, connector: 0 },
  unreadBytes: 0,
  unacknowledgedBytes: 0,
});

test("of listeners with one address and port, the fullest shows its queue beside its own backlog", () => {
  const families = familiesOf({
    listeners: [listener(80, 3, 511, 1), listener(80, 2, 1, 2), listener(81, 0, null, 3)],
  });
  const labels = { address: "192.0.2.2", port: "80" };
  const other = { ...labels, port: "81" };
  expect(families.get(METRICS.queue)).toEqual([
    { labels, value: 2 },
    { labels: other, value: 0 },
  ]);
  expect(families.get(METRICS.backlog)).toEqual([{ labels, value: 1 }]);
  expect(families.get(METRICS.listenerSockets)).toEqual([
    { labels, value: 2 },
    { labels: other, value: 1 },
  ]);
});

test("owners are processes by their name; a restart makes no new series", () => {
  const processes = [holder(7, "node", 97), holder(8, "node", 23), holder(9, "nginx", 5)];
  const series = familiesOf({ held: { processes, none: { "TIME-WAIT": 199 }, unseen: {} } }).get(
    METRICS.owner,
  );
  expect(series).toEqual([
    { labels: { owner: "process", process: "node", state: "CLOSE-WAIT" }, value: 120 },
    { labels: { owner: "process", process: "nginx", state: "CLOSE-WAIT" }, value: 5 },
    { labels: { owner: "none", process: "", state: "TIME-WAIT" }, value: 199 },
  ]);
});

test("local ports and sysctls are numbers of the namespace; what could not be read has no series", () => {
  const families = familiesOf(
    {},
    { "net.ipv4.ip_local_port_range": "40000\t40045", "net.ipv4.tcp_tw_reuse": "2" },
  );
  expect(families.get(METRICS.localPorts)).toEqual([{ labels: {}, value: 46 }]);
  expect(families.get(METRICS.sysctl)).toEqual([{ labels: { name: "net.ipv4.tcp_tw_reuse" }, value: 2 }]);
  expect([families.get(METRICS.timeWait), families.get(METRICS.timeWaitLimit)]).toEqual([[], []]);
});

test("the number of series has a bound, every socket is in one, and ports of listeners come first", () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 150, maxLength: 300 });
  fc.assert(
    fc.property(ports, fc.string({ unit: "binary" }), (all, name) => {
      const own = all.at(-1) ?? 0;
      const census: Partial<Census> = {
        groups: all.map((port, nth) =>
          group("ESTABLISHED", "connector", nth === all.length - 1 ? 1 : nth + 2, { port }),
        ),
        listeners: all.map((port, nth) => listener(port, nth, 4, nth)).slice(-1),
        held: { processes: all.map((port, nth) => holder(nth, `${name}${port}`, 1)), none: {}, unseen: {} },
        peers: all.map((port): Peer => ({
          side: "connector",
          address: "192.0.2.1",
          port,
          sockets: 1,
          states: { ESTABLISHED: 1 },
          localPorts: 1,
        })),
      };
      const families = familiesOf(census);
      const sockets = families.get(METRICS.sockets) ?? [];
      expect(sockets.length).toBe(101);
      expect(sockets.reduce((sum, { value }) => sum + value, 0)).toBe(
        census.groups?.reduce((sum, { count }) => sum + count, 0),
      );
      expect(sockets.map(({ labels }) => labels["port"])).toContain(String(own));
      expect(families.get(METRICS.owner)?.length).toBe(21);
      expect(families.get(METRICS.destination)?.length).toBe(20);
      const input = { census: { ...NOTHING, ...census }, counters: {}, sysctls: {}, timeWaitRecords: 0 };
      expect(readExposition(exposition(metricFamilies(input))).length).toBeGreaterThan(5);
    }),
    { numRuns: 20 },
  );
});
