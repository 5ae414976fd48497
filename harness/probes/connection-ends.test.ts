import { describe, expect, test } from "vitest";
import type { CheckedServer, Probe } from "../model/probe.ts";
import type { ReportSample, Sample } from "../model/sample.ts";
import {
  at,
  exampleOf,
  group,
  handMade,
  packetAt,
  processesAt,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { DEFAULT_BOUNDS } from "../check/order.ts";
import { validateSetup } from "../recording/schema.ts";
import { PROBES } from "./all.ts";
import { noneLeaked, noneWithoutRow } from "./claims.ts";
import { probe as clientNeverCloses } from "./client-never-closes.ts";
import { probe as earlyAnswer } from "./early-answer-to-upload.ts";
import { firstHalf } from "./scene.ts";
import { probe as vanishedIdle } from "./vanished-client-idle.ts";
import { probe as websocketClose } from "./websocket-close-unanswered.ts";

const server: CheckedServer = {
  run: ["node", "server.js"],
  foreign: { environment: {} },
  withinMs: 5000,
  port: 8080,
  speaks: "http",
  isTls: false,
  request: "GET / HTTP/1.1\\r\\n\\r\\n",
  lastRequest: "GET / HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n",
  answerBytes: 0,
  answerTookMs: 1,
  descriptors: 20,
  backlog: 511,
  listeningProcesses: 1,
  keepsOpen: true,
};

const report = (ms: number, fields: ReportSample["report"], program = "uploader"): Sample => ({
  ...at(ms),
  kind: "report",
  program,
  report: { connection: 1, localPort: 40_001, ...fields },
});

/** What each claim of a probe finds in some samples. */
function found(probe: Probe, samples: Sample[]): (boolean | null)[] {
  return probe.claims(server, DEFAULT_BOUNDS).map((claim) => claim.test(handMade(samples)).holds);
}

test("the setup of every probe can be run, for HTTP and for bytes, with and without TLS", () => {
  const kinds = [
    server,
    { ...server, isTls: true },
    { ...server, speaks: "bytes" as const, request: "hello\\n", lastRequest: "hello\\n", answerBytes: 6 },
    { ...server, keepsOpen: false },
  ];
  for (const probe of PROBES) {
    for (const kind of kinds) {
      if ((probe.skips?.(kind) ?? null) !== null) continue;
      expect(() => validateSetup(probe.setup(kind, DEFAULT_BOUNDS), probe.id)).not.toThrow();
    }
  }
});

test("half of a request ends between two characters, and an escape is one", () => {
  expect(firstHalf("\\x00\\r\\nab{n}")).toBe("\\x00\\r\\n");
  expect(firstHalf("a")).toBe("");
});

describe("descriptors that are left", () => {
  const looks = (before: object, after: object): Sample[] => [
    processesAt(at(5, "setup"), "server", [{ pid: 7, descriptors: 4, sockets: 1 }]),
    processesAt(at(50), "server", [Object.assign({ pid: 7, socketsWithoutRow: 1 }, before)]),
    report(100, { kind: "connection", outcome: "ok" }),
    processesAt(at(900, "drain"), "server", [
      Object.assign({ pid: 7, socketsWithoutRow: 1 }, after),
      // A worker that was begun meanwhile opens what it needs.
      { pid: 8, descriptors: 90, sockets: 1, socketsWithoutRow: 0 },
    ]),
  ];

  test.each([
    ["none", {}, {}, [true, true]],
    ["sockets without a row", {}, { sockets: 24, descriptors: 43, socketsWithoutRow: 24 }, [false, true]],
    ["files", {}, { descriptors: 42 }, [true, false]],
    ["sockets of a pool, which have rows", {}, { sockets: 60, descriptors: 79 }, [true, true]],
  ])("%s", (_, before, after, holds) => {
    const claims = [noneWithoutRow("b"), noneLeaked(22, "b")];
    expect(claims.map((claim) => claim.test(handMade(looks(before, after))).holds)).toEqual(holds);
  });
});

describe("an early answer to an upload", () => {
  const fill = (outcome: string): Sample =>
    report(40, { kind: "step", nth: 4, step: "fill", outcome, ms: 30, bytes: 65_536 });
  const answer = (fields: object): Sample => {
    const plain = { kind: "step", nth: 6, step: "answer", outcome: "ok", status: 405, complete: true, ms: 1 };
    return report(60, Object.assign(plain, fields));
  };
  const sent = [packetAt(at(20), "client", ["ACK"], { payloadBytes: 1448 })];
  const answered = packetAt(at(30), "server", ["ACK"], { payloadBytes: 97 });
  const reset = packetAt(at(31), "server", ["RST"]);

  test.each<[string, Sample[], boolean[]]>([
    ["that is read whole passes", [answered, fill("ok"), answer({})], [true, true]],
    ["that an RST follows is a risk", [answered, reset, fill("EPIPE"), answer({})], [true, false]],
    [
      "that is cut off by an RST fails",
      [answered, reset, fill("EPIPE"), answer({ complete: false, outcome: "ECONNRESET" })],
      [false, false],
    ],
    [
      "that never came is not judged",
      [reset, fill("EPIPE"), answer({ status: null, complete: false })],
      [true, true],
    ],
  ])("%s", (_, samples, holds) => {
    expect(found(earlyAnswer, [...sent, ...samples]).slice(0, 2)).toEqual(holds);
  });
});

describe("a client that never closes", () => {
  const row = (ms: number, state: "FIN-WAIT-2" | "ESTABLISHED", owner: "listener" | "none"): Sample =>
    socketsAt(at(ms, "drain"), "server", [group(state, "listener", 1, { owner, examples: [exampleOf()] })]);
  const open = packetAt(at(1), "client", ["SYN"]);
  const fin = packetAt(at(100), "server", ["FIN", "ACK"]);
  const notified = report(100, { kind: "close-notify" }, "rude");

  test.each<[string, Sample[], boolean]>([
    [
      "is left to the kernel",
      [open, fin, row(150, "FIN-WAIT-2", "none"), row(2000, "FIN-WAIT-2", "none")],
      true,
    ],
    [
      "is held for ever",
      [open, fin, row(150, "FIN-WAIT-2", "listener"), row(35_050, "FIN-WAIT-2", "listener")],
      false,
    ],
    [
      "is held for a while",
      [open, fin, row(30_000, "FIN-WAIT-2", "listener"), row(30_050, "FIN-WAIT-2", "none")],
      true,
    ],
    ["is waited for", [open, row(35_050, "ESTABLISHED", "listener")], true],
    [
      "is held for ever after a close_notify",
      [open, notified, row(150, "ESTABLISHED", "listener"), row(35_150, "ESTABLISHED", "listener")],
      false,
    ],
    [
      "is held for a while after a close_notify",
      [open, notified, row(30_000, "ESTABLISHED", "listener"), row(30_050, "FIN-WAIT-2", "none")],
      true,
    ],
  ])("%s", (_, samples, holds) => {
    expect(found(clientNeverCloses, samples)[0]).toBe(holds);
  });

  test("that said something was no such client", () => {
    const held = [row(150, "FIN-WAIT-2", "listener"), row(35_050, "FIN-WAIT-2", "listener")];
    const sent = packetAt(at(50), "client", ["ACK"], { sequence: 1, payloadBytes: 97 });
    const again = packetAt(at(300), "client", ["ACK"], { sequence: 1, payloadBytes: 97 });
    const more = packetAt(at(300), "client", ["ACK"], { sequence: 98, payloadBytes: 24 });
    const end = packetAt(at(300), "client", ["FIN", "ACK"], { sequence: 98 });
    expect(found(clientNeverCloses, [open, sent, fin, again, ...held])[0]).toBe(false);
    expect(found(clientNeverCloses, [open, sent, fin, more, ...held])[0]).toBeNull();
    expect(found(clientNeverCloses, [open, sent, fin, end, ...held])[0]).toBeNull();
  });
});

describe("a close of WebSocket that is never answered", () => {
  const row = (ms: number, state: "FIN-WAIT-2" | "ESTABLISHED", owner: "listener" | "none"): Sample =>
    socketsAt(at(ms, "drain"), "server", [group(state, "listener", 1, { owner, examples: [exampleOf()] })]);
  const open = packetAt(at(1), "client", ["SYN"]);
  const switched = (outcome: string, status: number | null): Sample =>
    report(40, { kind: "step", nth: 3, step: "switch", outcome, status, ms: 1 }, "rude");
  const closing = report(90, { kind: "step", nth: 5, step: "close-frame", outcome: "ok", ms: 10 }, "rude");
  const fin = packetAt(at(100), "server", ["FIN", "ACK"]);
  const yes = switched("ok", 101);

  test.each<[string, Sample[], (boolean | null)[]]>([
    [
      "ends",
      [open, yes, closing, row(1000, "ESTABLISHED", "listener"), row(1050, "FIN-WAIT-2", "none")],
      [true, true],
    ],
    [
      "is waited for without a FIN",
      [open, yes, closing, row(150, "ESTABLISHED", "listener"), row(35_150, "ESTABLISHED", "listener")],
      [false, true],
    ],
    [
      "is waited for after a FIN",
      [open, yes, closing, fin, row(150, "FIN-WAIT-2", "listener"), row(35_150, "FIN-WAIT-2", "listener")],
      [false, true],
    ],
    ["was not begun", [open, yes, row(40_000, "ESTABLISHED", "listener")], [true, false]],
    ["is not judged without a WebSocket", [open, switched("timeout", null)], [null, null]],
    ["is not judged without the server's rows", [open, yes, closing], [null, null]],
  ])("%s", (_, samples, holds) => {
    expect(found(websocketClose, samples).slice(0, 2)).toEqual(holds);
  });

  test.each<[string, Sample, string | null]>([
    ["101", yes, null],
    [
      "another status",
      switched("refused", 426),
      "the server does not speak WebSocket at /: its answer is 426",
    ],
    [
      "a FIN",
      switched("empty", null),
      "the server does not speak WebSocket at /: it closes the connection without an answer",
    ],
    ["silence", switched("timeout", null), null],
    ["an RST", switched("ECONNRESET", null), null],
  ])("is skipped only for what the server answers: %s", (_, sample, reason) => {
    expect(websocketClose.skipsAfter?.(server, handMade([open, sample]))).toBe(reason);
  });
});

test("when a server has given up a client that is gone is told with what it had sent", () => {
  const [, asked] = vanishedIdle.claims(server, DEFAULT_BOUNDS);
  const gone: Sample = { ...at(500), kind: "intervention", name: "gone", done: true };
  const row = socketsAt(at(1000), "server", [
    group("ESTABLISHED", "listener", 1, { examples: [exampleOf()] }),
  ]);
  const samples = [packetAt(at(1), "client", ["SYN"]), gone, row];
  const fin = packetAt(at(1900), "server", ["FIN", "ACK"], { sequence: 98 });
  const after = socketsAt(at(2000, "drain"), "server", []);
  expect(asked?.test(handMade([...samples, fin, after])).observed).toBe("after 1.5 s; the server sent 1 FIN");
  expect(asked?.test(handMade(samples)).observed).toBe(
    "still ESTABLISHED after 0.5 s; the server sent nothing; no timer of the kernel runs on it",
  );
});
