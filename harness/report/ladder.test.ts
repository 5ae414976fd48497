import { describe, expect, test } from "vitest";
import type { PacketSample, ReportSample, Sample, SocketsSample } from "../model/sample.ts";
import type { TcpState } from "../model/state.ts";
import type { WireRule } from "../model/wire.ts";
import {
  at,
  exampleOf,
  group,
  handMade,
  packetAt,
  plainSetup,
  plainWire,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { hasLadder, ladder } from "./ladder.ts";

const ADDRESSES = { client: "192.0.2.1:40001", server: "192.0.2.2:8080" };

/** A look at a host that found the connection in a state; with null, it found no connection. */
function look(ms: number, host: "client" | "server", state: TcpState | null): SocketsSample {
  const other = host === "client" ? "server" : "client";
  const example = exampleOf({ local: ADDRESSES[host], remote: ADDRESSES[other] });
  const side = host === "client" ? "connector" : "listener";
  const listening = host === "server" ? [group("LISTEN", "listener", 1)] : [];
  const own = state === null ? [] : [group(state, side, 1, { examples: [example] })];
  return socketsAt(at(ms), host, [...listening, ...own]);
}

function call(ms: number, program: "load" | "server", report: ReportSample["report"]): ReportSample {
  return { ...at(ms), kind: "report", program, report: { kind: "call", ...report } };
}

type Sent = Partial<PacketSample> & { sentMs?: number | null };

function segment(
  ms: number,
  from: "client" | "server",
  flags: PacketSample["flags"],
  sent: Sent,
): PacketSample {
  const { sentMs = ms, ...changes } = sent;
  return packetAt(at(ms), from, flags, { ...changes, sentUs: sentMs === null ? null : sentMs * 1000 });
}

function drawn(
  samples: Sample[],
  rules: WireRule[] = [],
  delayMs: [number, number] = [0, 0],
  columns = 100,
): string[] {
  const setup = plainSetup({ links: [plainWire({ delayMs, rules })] });
  const recording = handMade(samples, { setup, experiment: "last-ack-lost", variant: "lost" });
  return ladder(recording, { columns }).split("\n");
}

/** Only the lines that show something between the ends. */
function rungs(samples: Sample[], rules: WireRule[] = [], delayMs: [number, number] = [0, 0]): string[] {
  return drawn(samples, rules, delayMs).filter((line) => line.includes("│"));
}

const fin = (ms: number, changes: Sent): PacketSample =>
  segment(ms, "server", ["FIN", "ACK"], { sequence: 8, acknowledgement: 12, ...changes });
const ack = (ms: number, changes: Sent): PacketSample =>
  segment(ms, "client", ["ACK"], { sequence: 12, acknowledgement: 9, ...changes });

describe("a ladder", () => {
  test("shows a last ACK that is lost, with states, calls and counts", () => {
    const handshake = { mssBytes: 1460, windowScale: 7 };
    expect(
      drawn([
        look(5, "client", null),
        look(5, "server", null),
        call(9.9, "load", { call: "connect", localPort: 40_001 }),
        segment(10, "client", ["SYN"], { sequence: 0, options: handshake }),
        segment(10.1, "server", ["SYN", "ACK"], { sequence: 0, options: handshake }),
        segment(10.2, "client", ["ACK"], {}),
        look(11, "client", "ESTABLISHED"),
        look(11, "server", "ESTABLISHED"),
        segment(12, "client", ["PSH", "ACK"], { payloadBytes: 10 }),
        segment(12.5, "server", ["PSH", "ACK"], { acknowledgement: 11, payloadBytes: 7 }),
        call(12.6, "load", { call: "close", localPort: 40_001 }),
        segment(12.7, "client", ["FIN", "ACK"], { sequence: 11, acknowledgement: 8 }),
        call(12.8, "server", { call: "read", result: 0, remotePort: 40_001 }),
        fin(13, {}),
        ack(13.1, { fate: "dropped", rule: "last-ack", sentMs: null }),
        look(20, "client", "TIME-WAIT"),
        look(20, "server", "LAST-ACK"),
        fin(214, {}),
        ack(214.1, {}),
        look(220, "client", "TIME-WAIT"),
        look(220, "server", null),
      ]),
    ).toEqual([
      "",
      "last-ack-lost/lost: connection 1, client:40001 → server:8080",
      "",
      "        ms        client                                                                server",
      "                         │                                                            │ LISTEN",
      "    -0.100     connect() │                                                            │",
      "     0.000               │── SYN seq=0 mss=1460 ws=7 ────────────────────────────────▶│",
      "     0.100               │◀────────────────────── SYN-ACK seq=0 ack=1 mss=1460 ws=7 ──│",
      "     0.200   ESTABLISHED │── ACK seq=1 ack=1 ────────────────────────────────────────▶│ ESTABLISHED",
      "     2.000               │── PSH-ACK seq=1 ack=1 len=10 ─────────────────────────────▶│",
      "     2.500               │◀───────────────────────────── PSH-ACK seq=1 ack=11 len=7 ──│",
      "     2.600       close() │                                                            │",
      "     2.700               │── FIN-ACK seq=11 ack=8 ───────────────────────────────────▶│",
      "     2.800               │                                                            │ read() = 0",
      "     3.000               │◀─────────────────────────────────── FIN-ACK seq=8 ack=12 ──│ LAST-ACK",
      "     3.100     TIME-WAIT │── ACK seq=12 ack=9 ──────────────✗ dropped by last-ack     │",
      "         ⋮               │                        201 ms later                        │",
      "   204.000               │◀───── FIN-ACK seq=8 ack=12 (retransmission after 201 ms) ──│",
      "   204.100               │── ACK seq=12 ack=9 ───────────────────────────────────────▶│ CLOSED",
      "",
      "10 segments: 9 passed, 1 dropped; 1 is a retransmission.",
      "A state stands beside the last segment before it was first observed; sockets were observed every 50",
      "ms.",
    ]);
  });

  test("shows a held segment where it came to the wire and where it went on", () => {
    const request = { payloadBytes: 10, fate: "held" as const, rule: "request" };
    expect(
      rungs([
        segment(0, "client", ["PSH", "ACK"], { ...request, sentMs: 50 }),
        { ...at(49.9), kind: "intervention", name: "release", done: true },
        segment(60, "server", ["ACK"], { acknowledgement: 11 }),
        segment(70, "client", ["ACK"], { ...request, sequence: 11, sentMs: null }),
      ]),
    ).toEqual([
      "     0.000               │── PSH-ACK seq=1 ack=1 len=10 ────┤ held by request         │",
      "    49.900               │═════════════════════════ release ══════════════════════════│",
      "    50.000               │             held 50 ms ├──── PSH-ACK seq=1 ack=1 len=10 ──▶│",
      "    60.000               │◀─────────────────────────────────────── ACK seq=1 ack=11 ──│",
      "    70.000               │── ACK seq=11 ack=1 len=10 ───────┤ held by request         │",
    ]);
  });

  test("shows segments that cross on the wire as they leave and as they arrive", () => {
    expect(
      rungs(
        [
          segment(0, "client", ["ACK"], { sentMs: 20 }),
          segment(30, "client", ["FIN", "ACK"], { sentMs: 50 }),
          look(35, "client", "FIN-WAIT-1"),
          segment(40, "server", ["FIN", "ACK"], { sentMs: 60 }),
          look(45, "server", "FIN-WAIT-1"),
          look(55, "server", "CLOSING"),
        ],
        [],
        [20, 20],
      ),
    ).toEqual([
      "     0.000               │── ACK seq=1 ack=1 ────────────────────────────────────────▶│",
      "    30.000    FIN-WAIT-1 │── FIN-ACK seq=1 ack=1 ───────────╌╌                        │",
      "    40.000               │                        ╌╌─────────── FIN-ACK seq=1 ack=1 ──│ FIN-WAIT-1",
      "    50.000               │                       ╌╌─────────── FIN-ACK seq=1 ack=1 ──▶│ CLOSING",
      "    60.000               │◀── FIN-ACK seq=1 ack=1 ───────────╌╌                       │",
    ]);
  });

  test("folds a long run of data and its acknowledgements, and keeps unusual segments", () => {
    const bulk = Array.from({ length: 23 }, (_, n) => [
      segment(n, "server", ["ACK"], { sequence: 1 + n * 1000, payloadBytes: 1000, acknowledgement: 11 }),
      segment(n + 0.5, "client", ["ACK"], { sequence: 11, acknowledgement: 1001 + n * 1000 }),
    ]).flat();
    const sack: [number, number][] = [[23_001, 24_001]];
    const after = [
      segment(30, "client", ["ACK"], { sequence: 11, acknowledgement: 22_001, options: { sack } }),
      segment(31, "server", ["ACK"], { sequence: 22_001, payloadBytes: 1000, acknowledgement: 11 }),
    ];
    const request = segment(-1, "client", ["ACK"], { payloadBytes: 10 });
    expect(rungs([request, ...bulk, ...after]).slice(1)).toEqual([
      "     1.000               │◀────────────────── 23 × ACK seq=1 to 22001 len=1000 each ──│",
      "     1.500               │── 23 × ACK seq=11 ack=1001 to 23001 ──────────────────────▶│",
      "    31.000               │── ACK seq=11 ack=22001 sack=23001-24001 ──────────────────▶│",
      "    32.000               │◀────────────────────────── ACK seq=22001 ack=11 len=1000 ──│",
      "                         │                                retransmission after 9 ms   │",
    ]);
    expect(rungs([...bulk.slice(0, 6), call(2.9, "server", { call: "write" })])).toHaveLength(7);
  });

  test("shows the copy of a duplicated segment when its rule says how much later it left", () => {
    const rules: WireRule[] = [{ name: "twice", match: {}, do: { duplicateAfterMs: 30 } }];
    const packet = segment(0, "client", ["SYN"], { sequence: 0, fate: "duplicated", rule: "twice" });
    expect(rungs([packet], rules)).toEqual([
      "     0.000               │── SYN seq=0 (duplicated by twice) ────────────────────────▶│",
      expect.stringMatching(/^ {4}30\.000 +│ +its copy, 30 ms later ├─+ SYN seq=0 ──▶│$/),
    ]);
    expect(rungs([packet])).toHaveLength(1);
  });

  test.each<[Partial<Sent>, RegExp]>([
    [{ fate: "lost", sentMs: null }, /✗ lost on the wire/],
    [{ fate: "cut", sentMs: null }, /✗ cut off/],
    [{ fate: "corrupted", rule: "flip" }, /\(corrupted by flip\) ─+▶│$/],
    [{ windowBytes: 0 }, /win=0 ─+▶│$/],
    [{ flags: ["RST"], windowBytes: 0, acknowledgement: null }, /── RST seq=1 ─+▶│$/],
    [{ flags: ["SYN"], options: { fastOpenCookie: "" } }, /SYN seq=1 ack=1 tfo ─/],
    [{ flags: ["SYN"], options: { fastOpenCookie: "0a0b0c0d" } }, /tfo=0a0b0c0d/],
  ])("shows what is special about a segment with %j", (changes, line) => {
    expect(rungs([segment(0, "client", ["ACK"], changes)])[0]).toMatch(line);
  });

  test("gives a state that no segment led to a line of its own", () => {
    const lines = rungs([
      segment(0, "client", ["FIN", "ACK"], {}),
      look(1, "client", "FIN-WAIT-2"),
      look(40, "client", null),
      look(50, "client", null),
    ]);
    expect(lines.map((line) => line.slice(0, 25))).toEqual([
      "     0.000    FIN-WAIT-2 ",
      "    40.000        CLOSED ",
    ]);
  });

  test("shows calls without ports only if there is no other connection", () => {
    const first = segment(10, "client", ["SYN"], { sequence: 0 });
    const other = segment(20, "client", ["SYN"], { sequence: 0, connection: 2, fromPort: 40_002 });
    const bare = call(11, "load", { call: "poll(POLLIN)", result: "ETIMEDOUT, which is long" });
    expect(rungs([first, bare]).at(-1)).toContain("│ poll(POLLIN) = ETIMEDOUT, which is long");
    expect(rungs([first, bare, other])).toHaveLength(1);
    expect(rungs([first, call(11, "load", { call: "close", localPort: 40_002 }), other])).toHaveLength(1);
  });

  test("shows nothing of an earlier connection on the same ports", () => {
    const again = segment(100, "client", ["SYN"], { sequence: 0, connection: 2 });
    const samples = [
      segment(0, "client", ["SYN"], { sequence: 0 }),
      look(50, "client", "TIME-WAIT"),
      again,
      look(101, "client", "SYN-SENT"),
    ];
    const recording = handMade(samples);
    expect(ladder(recording, { columns: 100 })).not.toContain("SYN-SENT");
    const second = ladder(recording, { columns: 100, connection: 2 });
    expect(second).toContain("SYN-SENT");
    expect(second).not.toContain("TIME-WAIT");
    expect(second).toContain("This is connection 2 of 2 on this link");
  });

  test("names the connections that exist if there is no such connection", () => {
    const recording = handMade([1, 2, 3].map((n) => packetAt(at(n), "client", ["SYN"], { connection: n })));
    expect(ladder(recording, { columns: 100, connection: 7 })).toBe(
      "there is no connection 7 on link 0; there are 1 to 3 on link 0",
    );
    expect(hasLadder(recording, { connection: 7 })).toBe(false);
    expect(hasLadder(recording, { connection: 3, link: 0 })).toBe(true);
    expect(hasLadder(handMade([]), {})).toBe(false);
    expect(ladder(handMade([]), { columns: 100 })).toContain("no segment was recorded");
  });

  test.each([60, 72, 80, 100, 300])("on %d columns has no line that is too long", (columns) => {
    const long = segment(0, "client", ["FIN", "PSH", "ACK"], {
      sequence: 4_294_967_295,
      acknowledgement: 4_294_967_295,
      payloadBytes: 1448,
      fate: "dropped",
      rule: "the-very-last-segment-that-carries-anything",
      sentMs: null,
    });
    const told = call(1, "server", { call: "read", result: "word ".repeat(30) });
    const wide = drawn(
      [long, told, look(2, "server", "SYN-RECEIVED"), { ...long, atUs: 9000 }],
      [],
      [0, 0],
      columns,
    );
    expect(Math.max(...wide.map((line) => line.length))).toBeLessThanOrEqual(
      Math.max(72, Math.min(columns, 100)),
    );
    expect(wide.filter((line) => line !== line.trimEnd())).toEqual([]);
    const bars = wide
      .filter((line) => line.includes("│"))
      .map((line) => [line.indexOf("│"), line.lastIndexOf("│")].join(" "));
    expect(new Set(bars).size).toBe(1);
  });

  test("leaves out the middle of a very long ladder, and says so", () => {
    const resets = Array.from({ length: 1000 }, (_, n) => segment(n, "client", ["RST"], { sequence: n }));
    const lines = rungs(resets);
    expect(lines).toHaveLength(401);
    expect(lines[300]).toContain("600 lines are left out");
  });

  test("with colour, differs in nothing but colour", () => {
    const recording = handMade([
      fin(1, {}),
      ack(2, { fate: "dropped", rule: "x", sentMs: null }),
      fin(300, {}),
    ]);
    const coloured = ladder(recording, { columns: 100, colour: true });
    const plain = ladder(recording, { columns: 100 });
    expect(coloured).not.toBe(plain);
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(plain);
  });
});
