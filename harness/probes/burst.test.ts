import { describe, expect, test } from "vitest";
import { DEFAULT_BOUNDS } from "../check/order.ts";
import type { Sample } from "../model/sample.ts";
import { at, countersAt, handMade, listenerAt, packetAt } from "../recording/hand-made.fixture.ts";
import { probe } from "./burst.ts";
import { dialogueLines, plainServer } from "./checked-server.fixture.ts";

const server = plainServer({ backlog: 5 });
const goOn: Sample = { ...at(400), kind: "intervention", name: "go on", done: true };
const answerMs = DEFAULT_BOUNDS.answerMs;

interface Client {
  /** When it was over. */
  untilMs: number;
  outcome?: string;
  failed?: string | null;
  /** What it sent more than once. */
  again?: "SYN" | "request" | null;
  isAcknowledged?: boolean;
}

/** A client of the burst, as it reports itself and as the wire saw it. */
function client(
  connection: number,
  { untilMs, outcome, failed, again, isAcknowledged = true }: Client,
): Sample[] {
  const packet = (
    ms: number,
    from: "client" | "server",
    flags: ("SYN" | "ACK")[],
    more: { sequence?: number; payloadBytes?: number; acknowledgement?: number } = {},
  ): Sample => {
    const port = 40_000 + connection;
    const ports = from === "client" ? { fromPort: port, toPort: 8080 } : { fromPort: 8080, toPort: port };
    return packetAt(at(ms), from, flags, Object.assign({ connection }, ports, more));
  };
  const request = { sequence: 1, payloadBytes: 77 };
  return [
    ...dialogueLines("burst", {
      connection,
      fromMs: 100,
      ms: untilMs - 100,
      ...(outcome !== undefined && { outcome }),
      ...(failed !== undefined && { failed }),
    }),
    packet(100, "client", ["SYN"], { sequence: 0 }),
    ...(again === "SYN" ? [packet(1100, "client", ["SYN"], { sequence: 0 })] : []),
    packet(101, "client", ["ACK"], request),
    ...(again === "request" ? [packet(301, "client", ["ACK"], request)] : []),
    ...(isAcknowledged ? [packet(302, "server", ["ACK"], { acknowledgement: 78 })] : []),
  ];
}

/** What each claim of the probe finds: that none is forgotten, that the server serves later, that all are served, and that all have room. */
function found(samples: Sample[], drops = 0) {
  const recording = handMade(
    [
      goOn,
      listenerAt(at(350), "server", 6, 5),
      countersAt(at(500), "server", { TcpExtListenDrops: drops }),
      ...samples,
    ],
    { sysctls: { client: {}, server: { "net.core.somaxconn": "4096" } } },
  );
  return probe.claims(server, DEFAULT_BOUNDS).map((claim) => claim.test(recording));
}

const later = dialogueLines("later", { connection: 99, fromMs: 12_000, ms: 5 });
const holds = (samples: Sample[], drops = 0) => found(samples, drops).map((answer) => answer.holds);

describe("a burst", () => {
  test("that finds room passes", () => {
    expect(holds([...client(1, { untilMs: 450 }), ...client(2, { untilMs: 460 }), ...later])).toEqual([
      ...[true, true, true, true],
    ]);
  });

  test("that finds no room, and is served in the end, is told with what the others saw", () => {
    const samples = [
      ...client(1, { untilMs: 450 }),
      ...client(2, { untilMs: 1150, again: "SYN" }),
      ...client(3, { untilMs: 900, again: "request" }),
      ...later,
    ];
    expect(holds(samples, 7)).toEqual([true, true, true, false]);
    expect(found(samples, 7)[3]?.observed).toBe(
      "the queue has room for 6 (a backlog of 5), and 6 waited in it; net.core.somaxconn is 4096; TcpExtListenDrops: 7; 1 sent their SYN again, and connect() took 0.0 s; 1 were connected by a SYN cookie or a late ACK and sent their request again, and had their answers after 0.8 s; the slowest of 3 clients had its answer after 1.1 s",
    );
  });

  test("whose clients give up before they are in the queue is a risk, and nobody was forgotten", () => {
    const apart = { untilMs: 20_100, outcome: "timeout", isAcknowledged: false } as const;
    const samples = [
      ...client(1, { untilMs: 450 }),
      ...client(2, Object.assign({ failed: "connect", again: "SYN" as const }, apart)),
      ...client(3, Object.assign({ failed: "answer", again: "request" as const }, apart)),
      ...later,
    ];
    expect(holds(samples, 9)).toEqual([true, true, false, false]);
    expect(probe.claims(server, DEFAULT_BOUNDS)[2]?.otherwise).toBe("warn");
    expect(found(samples, 9)[2]?.observed).toMatch(
      /^1 of 3 connections; .*a backlog of 5.*TcpExtListenDrops: 9/,
    );
  });

  const waiting = { untilMs: 400 + 2 * answerMs, outcome: "timeout", failed: "answer" } as const;

  test("of which the server forgets some in its queue fails", () => {
    const samples = [...client(1, { untilMs: 450 }), ...client(2, waiting), ...later];
    expect(holds(samples)).toEqual([false, true, false, true]);
    expect(found(samples)[0]?.observed).toBe(
      "1 of 2 had an answer or an end; then nobody had an answer for 9.9 s",
    );
  });

  test("that a server serves one after another, and not all of it in time, is not forgotten", () => {
    const slow = [1, 2, 3, 4].flatMap((nth) => client(nth, { untilMs: 400 + 2300 * nth }));
    expect(holds([...slow, ...client(5, waiting), ...later])).toEqual([true, true, false, true]);
  });

  test("is larger than a short queue, and small where answers are slow or long", () => {
    const countOf = (changes: object): number => {
      const { run } = probe.setup(plainServer(changes), DEFAULT_BOUNDS).programs["burst"]!;
      return Number(run[run.indexOf("--connections") + 1]);
    };
    expect(countOf({ backlog: 5 })).toBe(17);
    expect(countOf({ backlog: 4096 })).toBe(199);
    expect(countOf({ answerTookMs: 300 })).toBe(16);
    expect(countOf({ answerBytes: 100_000_000 })).toBe(3);
  });

  test("at a backlog that is as long as net.core.somaxconn says that the kernel cut it", () => {
    const recording = handMade([listenerAt(at(350), "server", 6, 128), ...client(1, { untilMs: 450 })], {
      sysctls: { client: {}, server: { "net.core.somaxconn": "128" } },
    });
    expect(probe.claims(server, DEFAULT_BOUNDS)[3]?.test(recording).observed).toContain(
      "net.core.somaxconn is 128, too: listen() was given as much or more, and the kernel cut it to that",
    );
  });
});
