import { describe, expect, test } from "vitest";
import type { Header } from "../model/recording.ts";
import type { PacketSample, Sample, SocketsSample } from "../model/sample.ts";
import type { TcpState } from "../model/state.ts";
import {
  at,
  countersAt,
  exampleOf,
  group,
  handMade,
  packetAt,
  plainSetup,
  plainWire,
  processesAt,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { attributions } from "./attributions.ts";

// What programs in the laboratory do is in tests/attribution.lab.test.ts. Here is what they cannot be made to do at will.

/** The connection of the client's port 40000 + `n`, up to an acknowledged segment of `payloadBytes` from the client. */
function opened(n: number, payloadBytes: number): PacketSample[] {
  const ports = { connection: n, fromPort: 40_000 + n, toPort: 8080 };
  const back = { connection: n, fromPort: 8080, toPort: 40_000 + n };
  return [
    packetAt(at(10), "client", ["SYN"], { ...ports, sequence: 0 }),
    packetAt(at(11), "server", ["SYN", "ACK"], { ...back, sequence: 0 }),
    packetAt(at(12), "client", ["ACK"], ports),
    ...(payloadBytes === 0 ? [] : [packetAt(at(13), "client", ["PSH", "ACK"], { ...ports, payloadBytes })]),
    packetAt(at(14), "server", ["ACK"], { ...back, acknowledgement: 1 + payloadBytes }),
  ];
}

function fromServer(ms: number, n: number, flags: PacketSample["flags"], sequence = 1): PacketSample {
  return packetAt(at(ms), "server", flags, { connection: n, fromPort: 8080, toPort: 40_000 + n, sequence });
}

const reset = (ms: number, n: number, sequence = 1): PacketSample =>
  fromServer(ms, n, ["RST", "ACK"], sequence);

function server(ms: number, state: TcpState, inode: number, pids: number[] = []): SocketsSample {
  return socketsAt(at(ms), "server", [
    group(state, "listener", 1, { examples: [exampleOf({ inode, pids })] }),
  ]);
}

function named(samples: Sample[], changes: Partial<Header> = {}): unknown[] {
  const setup = plainSetup({ links: [plainWire()] });
  return attributions(handMade(samples, { setup, ...changes })).map(({ cause, sure, orElse }) => [
    cause,
    sure,
    ...orElse,
  ]);
}

const counted = (ms: number, deltas: Record<string, number>): Sample => countersAt(at(ms), "server", deltas);
const CLOSE = "TcpExtTCPAbortOnClose";
const DATA = "TcpExtTCPAbortOnData";

describe("resets between two looks at the counters", () => {
  test("are decided where the bytes that came tell them apart", () => {
    const samples = [...opened(1, 97), ...opened(2, 0), counted(0, {}), reset(50, 1), reset(50, 2)];
    expect(named([...samples, counted(90, { [CLOSE]: 1, [DATA]: 1 })])).toEqual([
      ["unread-bytes", "decided"],
      ["linger-zero", "decided"],
    ]);
  });

  test("are decided where all are of one kind", () => {
    const samples = [...opened(1, 97), ...opened(2, 97), counted(0, {}), reset(50, 1), reset(51, 2)];
    const both = ["unread-bytes", "decided"];
    expect(named([...samples, counted(90, { [CLOSE]: 2 })])).toEqual([both, both]);
  });

  test("are not decided where either could be either", () => {
    const samples = [...opened(1, 97), ...opened(2, 97), counted(0, {}), reset(50, 1), reset(50, 2)];
    const either = ["unknown", "undecided", "unread-bytes", "linger-zero"];
    expect(named([...samples, counted(90, { [CLOSE]: 1, [DATA]: 1 })])).toEqual([either, either]);
  });

  test("are only likely where the counters moved for more resets than were recorded", () => {
    const samples = [...opened(1, 97), counted(0, {}), reset(50, 1)];
    expect(named([...samples, counted(90, { [CLOSE]: 2 })])).toEqual([
      ["unread-bytes", "likely", "linger-zero"],
    ]);
  });
});

describe("a reset that a socket sent by itself", () => {
  test("without a counter is unknown", () => {
    expect(named([...opened(1, 97), reset(50, 1)])).toEqual([
      ["unknown", "undecided", "unread-bytes", "linger-zero", "listener-closed"],
    ]);
  });

  test("is one of the orphan limit where TCPAbortOnMemory moved", () => {
    const samples = [...opened(1, 0), counted(0, {}), fromServer(50, 1, ["FIN", "ACK"]), reset(50.1, 1, 2)];
    const moved = counted(90, { TcpExtTCPAbortOnMemory: 1 });
    expect(named([...samples, moved])).toEqual([
      ["close", "likely", "shutdown"],
      ["orphan-limit", "decided"],
    ]);
  });

  test("and that no counter explains, of a socket that a process held, is a disconnection", () => {
    const samples = [...opened(1, 0), counted(0, {}), server(40, "ESTABLISHED", 7, [300]), reset(50, 1)];
    expect(named([...samples, counted(90, {})])).toEqual([["disconnect", "likely", "linger-zero"]]);
    expect(named([...samples, counted(90, {}), counted(130, {})])).toEqual([["disconnect", "decided"]]);
  });

  test("and whose counter moves late is no disconnection", () => {
    const samples = [...opened(1, 0), counted(0, {}), server(40, "ESTABLISHED", 7, [300]), reset(50, 1)];
    const late = [counted(90, {}), counted(130, { [DATA]: 1 })];
    expect(named([...samples, ...late])).toEqual([["linger-zero", "decided"]]);
  });

  test("after its last probe is one of keep-alive, and TCP_USER_TIMEOUT can have ended it sooner", () => {
    const probes = [fromServer(1000, 1, ["ACK"], 0), fromServer(2000, 1, ["ACK"], 0)];
    const moved = counted(3100, { TcpExtTCPAbortOnTimeout: 1 });
    const samples = [...opened(1, 0), counted(0, {}), ...probes, counted(2900, {}), reset(3000, 1), moved];
    const sysctls = (most: string): Partial<Header> => ({
      sysctls: { server: { "net.ipv4.tcp_keepalive_probes": most } },
    });
    expect(named(samples, sysctls("2"))).toEqual([["keep-alive", "decided"]]);
    expect(named(samples, sysctls("9"))).toEqual([["keep-alive", "likely", "user-timeout"]]);
  });
});

describe("a FIN", () => {
  const fin = fromServer(50, 1, ["FIN", "ACK"]);

  test("before a look that finds nobody at the socket is likely one of close()", () => {
    expect(named([...opened(1, 0), fin, server(60, "FIN-WAIT-2", 0)])).toEqual([
      ["close", "likely", "shutdown"],
    ]);
  });

  test("is one of shutdown() only if the processes were read after it", () => {
    const later = [fin, processesAt(at(58), "server", [{ pid: 300 }]), server(60, "FIN-WAIT-2", 7, [300])];
    expect(named([...opened(1, 0), ...later])).toEqual([["shutdown", "decided"]]);
    const earlier = [processesAt(at(40), "server", [{ pid: 300 }]), fin, server(60, "FIN-WAIT-2", 7, [300])];
    expect(named([...opened(1, 0), ...earlier])).toEqual([["shutdown", "likely", "close"]]);
  });

  test("that is sent again is one closing; without a look it is unknown", () => {
    const again = fromServer(300, 1, ["FIN", "ACK"]);
    expect(named([...opened(1, 0), fin, again])).toEqual([["unknown", "undecided", "close", "shutdown"]]);
  });
});

test("a SYN that is refused beside a listener is not explained", () => {
  const listens = (ms: number): Sample => socketsAt(at(ms), "server", [group("LISTEN", "listener", 1)]);
  const syn = packetAt(at(10), "client", ["SYN"], { sequence: 0 });
  const refusal = packetAt(at(11), "server", ["RST", "ACK"], { sequence: 0 });
  expect(named([listens(5), syn, refusal, listens(20)])).toEqual([["unknown", "undecided", "no-listener"]]);
  expect(named([syn, refusal])).toEqual([["no-listener", "decided"]]);
});

test("without a wire, counters and rows decide less", () => {
  const counters = counted(500, { [CLOSE]: 3, [DATA]: 1, TcpOutRsts: 6 });
  const processes = processesAt(at(90), "server", [{ pid: 300 }]);
  const rows = [server(60, "FIN-WAIT-2", 7, [300]), processes, server(100, "FIN-WAIT-2", 7, [300])];
  const all = attributions(handMade([...rows, counters]));
  expect(all.map(({ seen, count, cause, sure }) => [seen, count, cause, sure])).toEqual([
    ["rows", 1, "shutdown", "decided"],
    ["counters", 3, "unread-bytes", "decided"],
    ["counters", 1, "unknown", "undecided"],
    ["counters", 2, "unknown", "undecided"],
  ]);
});
