import { expect, test } from "vitest";
import {
  SOCKET_STATES,
  type SocketState,
  SOCKET_TIMERS,
  type SocketTimer,
} from "../../kernel/sockdiag/state.ts";
import { parseTcpInfo } from "../../kernel/tcpinfo.ts";
import { AgeTally } from "./age-tally.ts";
import { PeerTally } from "./peer-tally.ts";
import type { SourceRow } from "./source.ts";

function row(state: SocketState, changes: Partial<SourceRow> & { timerName?: SocketTimer } = {}): SourceRow {
  const { timerName = "none", ...rest } = changes;
  return {
    state: SOCKET_STATES.indexOf(state),
    timer: SOCKET_TIMERS.indexOf(timerName),
    timerMs: 0,
    retransmits: 0,
    localAddress: "192.0.2.1",
    localPort: 8080,
    remoteAddress: "192.0.2.7",
    remotePort: 40_001,
    receiveQueue: 0,
    sendQueue: 0,
    uid: 0,
    inode: 7,
    isSelfConnected: false,
    tcpInfo: () => null,
    exchanged: () => null,
    cookie: 1,
    ...rest,
  };
}

/** The times of struct tcp_info: data sent, data received, and something acknowledged, so long ago. */
function info(sentMs: number, receivedMs: number, acknowledgedMs: number): Pick<SourceRow, "tcpInfo"> {
  const bytes = new Uint8Array(new Uint32Array(60).buffer);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of [
    [44, sentMs],
    [52, receivedMs],
    [56, acknowledgedMs],
  ] as const)
    view.setUint32(at, value, new Uint8Array(new Uint16Array([1]).buffer)[0] === 1);
  return { tcpInfo: () => parseTcpInfo(bytes) };
}

test("ages are what the kernel shows: a timer that runs, or the times of tcp_info", () => {
  const tally = new AgeTally(false);
  tally.begin(0);
  for (const timerMs of [59_000, 500, 30_000])
    tally.add(row("TIME-WAIT", { timerName: "timewait", timerMs }));
  tally.add(row("CLOSE-WAIT", info(7_200_000, 90_000, 23_000)));
  for (const state of ["LISTEN", "SYN-SENT"] as const) tally.add(row(state, info(1, 1, 1)));
  const found = tally.ages().map(({ state, figure, ...rest }) => [`${state} ${figure}`, rest] as const);
  const none = { sockets: 1, counts: [], leastMs: null, middleMs: null, mostMs: null };
  const one = (ms: number, counts: number[]): object => ({
    sockets: 1,
    counts,
    leastMs: ms,
    middleMs: ms,
    mostMs: ms,
  });
  expect(found).toEqual([
    ["LISTEN notShown", none],
    ["SYN-SENT notShown", none],
    ["CLOSE-WAIT noData", one(90_000, [0, 0, 0, 1, 0, 0])],
    ["CLOSE-WAIT nothingReceived", one(23_000, [0, 0, 1, 0, 0, 0])],
    [
      "TIME-WAIT timerLeft",
      { sockets: 3, counts: [1, 0, 2, 0, 0, 0], leastMs: 500, middleMs: 30_000, mostMs: 59_000 },
    ],
  ]);
});

test("where the kernel shows no time, watching counts since the first look that saw it in this state", () => {
  const tally = new AgeTally(true);
  const look = (nowMs: number, ...rows: SourceRow[]): unknown => {
    tally.begin(nowMs);
    for (const one of rows) tally.add(one);
    return tally.ages().map(({ state, figure, mostMs }) => [state, figure, mostMs]);
  };
  look(1000, row("SYN-SENT"), row("LISTEN", { cookie: null }));
  expect(look(4000, row("SYN-SENT"), row("LISTEN", { cookie: null }))).toEqual([
    ["LISTEN", "firstSeen", 3000],
    ["SYN-SENT", "firstSeen", 3000],
  ]);
  // The same socket in another state, and another socket in the same one.
  expect(look(5000, row("ESTABLISHED"), row("SYN-SENT", { cookie: 2 }))).toEqual([
    ["SYN-SENT", "firstSeen", 0],
    ["ESTABLISHED", "firstSeen", 0],
  ]);
});

test("a peer is a remote address and the service's port, which is the own one at the listening end", () => {
  const tally = new PeerTally();
  tally.begin();
  tally.add(row("LISTEN"), "listener");
  for (const remotePort of [1, 2, 3]) tally.add(row("ESTABLISHED", { remotePort }), "listener");
  for (const localPort of [40_001, 40_002, 40_002])
    tally.add(row("TIME-WAIT", { localPort, remotePort: 5432 }), "connector");
  tally.add(row("ESTABLISHED", { remotePort: 80 }), "connector");
  expect(tally.peers()).toEqual([
    ...[
      { side: "connector", port: 5432, states: { "TIME-WAIT": 3 }, sockets: 3, localPorts: 2 },
      { side: "listener", port: 8080, states: { ESTABLISHED: 3 }, sockets: 3, localPorts: 1 },
      { side: "connector", port: 80, states: { ESTABLISHED: 1 }, sockets: 1, localPorts: 1 },
    ].map((one) => ({ ...one, address: "192.0.2.7" })),
  ]);
  tally.begin();
  expect(tally.peers()).toEqual([]);
});
