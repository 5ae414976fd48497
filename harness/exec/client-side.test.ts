import { describe, expect, test } from "vitest";
import type { Recording } from "../model/recording.ts";
import type { PacketSample, ProgramSample, Sample } from "../model/sample.ts";
import {
  at,
  exampleOf,
  group,
  handMade,
  packetAt,
  processesAt,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { clientSide } from "./client-side.ts";

// The command runs from 0 to 1000 ms, and ends itself.

const program = (ms: number, event: ProgramSample["event"]): Sample => ({
  ...at(ms),
  kind: "program",
  program: "command",
  event,
  pid: 33,
  code: 0,
});
const loadEnds = (ms: number, met: boolean): Sample => ({ ...at(ms), kind: "phase", event: "end", met });

const started = program(0, "started");
const endedItself = [program(1000, "exited"), loadEnds(1000, true)];
const side = (samples: Sample[], end: Sample[] = endedItself) =>
  clientSide(handMade([started, ...samples, ...end]) satisfies Recording);

const shaken = [
  packetAt(at(1), "client", ["SYN"], { sequence: 0 }),
  packetAt(at(2), "server", ["SYN", "ACK"], { sequence: 0 }),
];
type Changes = Partial<PacketSample>;
const asks = (ms: number, sequence: number, changes: Changes = {}) =>
  packetAt(at(ms), "client", ["ACK"], { sequence, payloadBytes: 10, ...changes });
const answers = (ms: number, sequence: number, changes: Changes = {}) =>
  packetAt(at(ms), "server", ["ACK"], { sequence, payloadBytes: 10, ...changes });

describe("requests", () => {
  test("are counted by turns, and each with its answer", () => {
    const { connections, unanswered } = side([
      ...shaken,
      asks(3, 1),
      asks(4, 11),
      answers(5, 1),
      asks(6, 21),
      answers(7, 11),
    ]);
    expect(connections).toMatchObject({ requests: 2, requestsPerConnection: { mean: 2, most: 2 } });
    expect(unanswered).toBe(0);
  });

  test("that were sent again count once", () => {
    const lost = asks(3, 1, { fate: "dropped", sentUs: null });
    expect(side([...shaken, lost, asks(200, 1), answers(201, 1)]).connections.requests).toBe(1);
  });

  test("have no answer while the wire drops it, and have one when it comes again", () => {
    const dropped = answers(4, 1, { fate: "dropped", sentUs: null });
    expect(side([...shaken, asks(3, 1), dropped]).unanswered).toBe(1);
    expect(side([...shaken, asks(3, 1), dropped, answers(210, 1)]).unanswered).toBe(0);
  });

  test("are not told apart by an old answer that comes again", () => {
    const again = [asks(3, 1), answers(4, 1), asks(5, 11), answers(6, 1), asks(7, 21)];
    const { connections, unanswered } = side([...shaken, ...again]);
    expect([connections.requests, unanswered]).toEqual([2, 1]);
  });

  test("are counted over the turn of the sequence numbers", () => {
    const near = 2 ** 32 - 30;
    const turns = [
      asks(3, 1),
      answers(4, 2 ** 31 - 20),
      asks(5, 11),
      answers(6, near),
      asks(7, 21),
      answers(8, 5),
    ];
    expect(side([...shaken, ...turns]).connections.requests).toBe(3);
  });

  test("of a refused connection are none", () => {
    const refused = packetAt(at(2), "server", ["RST", "ACK"], { sequence: 0 });
    const { connections } = side([packetAt(at(1), "client", ["SYN"], { sequence: 0 }), refused]);
    expect(connections).toMatchObject({ begun: 1, refused: 1, requests: 0, requestsPerConnection: null });
  });
});

describe("a request that was never answered", () => {
  const byTimeout = [loadEnds(1000, false), program(1010, "exited")];
  const waits = [...shaken, asks(3, 1)];
  const from = (host: "client" | "server", flag: "FIN" | "RST") =>
    packetAt(at(500), host, [flag, "ACK"], { sequence: 11 });

  test.each<[what: string, more: Sample[], end: Sample[], waiting: number]>([
    ["waits when lastack ended the command", [], byTimeout, 1],
    ["waits although the server has ended its direction", [from("server", "FIN")], byTimeout, 1],
    ["waits no more after a RST", [from("server", "RST")], byTimeout, 0],
    ["waits no more when the client has ended it", [from("client", "FIN")], byTimeout, 0],
    ["waits no more when the command has ended itself", [], endedItself, 0],
  ])("%s", (_, more, end, waiting) => {
    expect(side([...waits, ...more], end)).toMatchObject({ unanswered: 1, waiting });
  });
});

test("unread bytes are counted without the FIN, and a FIN alone is none", () => {
  const holding = (...bytes: number[]) => ({
    receiveQueue: "holding" as const,
    examples: bytes.map((receiveQueueBytes) => exampleOf({ receiveQueueBytes })),
  });
  const { unread } = side([
    socketsAt(at(100), "client", [
      group("ESTABLISHED", "connector", 2, holding(100, 200)),
      group("CLOSE-WAIT", "connector", 2, holding(1, 51)),
      group("ESTABLISHED", "listener", 1, holding(1000)),
    ]),
    socketsAt(at(400), "client", [group("CLOSE-WAIT", "connector", 1, holding(1))]),
  ]);
  expect(unread).toEqual({ most: 3, last: 0, longestSeconds: 0, mostBytes: 350, lastBytes: 0 });
});

test("what is left behind is what there is after the command's end, and not what its end has taken already", () => {
  const looks = [
    socketsAt(at(500), "client", [group("CLOSE-WAIT", "connector", 12)]),
    socketsAt(at(980), "client", [group("CLOSE-WAIT", "connector", 11)]),
  ];
  const after = [
    socketsAt(at(1100), "client", [group("FIN-WAIT-1", "connector", 3, { owner: "none" })]),
    processesAt(at(1100), "client", [{ pid: 34, program: "command" }]),
  ];
  expect(side([...looks, ...after])).toMatchObject({
    closeWait: { most: 12, last: 12 },
    left: { "FIN-WAIT-1": 3 },
    leftRunning: 1,
  });
  const timeout = [loadEnds(1000, false)];
  expect(side(looks, timeout)).toMatchObject({ left: {}, leftRunning: 0 });
});
