import { describe, expect, test } from "vitest";
import { DEFAULT_BOUNDS } from "../check/order.ts";
import type { Sample } from "../model/sample.ts";
import type { TcpInfoExcerpt } from "../model/tcp-info.ts";
import { at, exampleOf, group, handMade, processesAt, socketsAt } from "../recording/hand-made.fixture.ts";
import { plainServer } from "./checked-server.fixture.ts";
import { probe } from "./reader-stops.ts";

const MIB = 2 ** 20;
const server = plainServer({
  speaks: "bytes",
  request: "hello\\n",
  lastRequest: "hello\\n",
  answerBytes: 60,
});

/** Three readers, each of whose requests the server's kernel has received so many bytes, and what the server has done with them. */
function readers(
  ms: number,
  { received, unread = 0, acked = 0, queued = 0 }: Record<string, number>,
): Sample {
  const tcpInfo = { bytesReceived: received, bytesAcked: acked } as TcpInfoExcerpt;
  const rows = [1, 2, 3].map((nth) =>
    exampleOf({
      remote: `192.0.2.1:${40_000 + nth}`,
      receiveQueueBytes: unread,
      sendQueueBytes: queued,
      tcpInfo,
    }),
  );
  return socketsAt(at(ms), "server", [group("ESTABLISHED", "listener", 3, { examples: rows })]);
}

const size = (ms: number, mib: number, pid = 7): Sample =>
  processesAt(at(ms), "server", [{ pid, rssBytes: mib * MIB }]);

function memory(samples: Sample[]) {
  return probe.claims(server, DEFAULT_BOUNDS)[0]!.test(handMade(samples));
}

describe("the memory of a server whose clients do not read", () => {
  // A request of 6 bytes, and an answer of 60: the server owes ten times what it has read.
  test.each<[string, Sample[], boolean | null]>([
    [
      "grows with what it owes",
      [
        size(0, 40),
        readers(50, { received: 1000 }),
        readers(900, { received: 5 * MIB, acked: 9000 }),
        size(950, 180),
      ],
      false,
    ],
    [
      "may grow while it leaves the requests to the kernel",
      [
        size(0, 40),
        readers(900, { received: 5 * MIB, unread: 5 * MIB - 60_000, queued: 90_000 }),
        size(950, 180),
      ],
      true,
    ],
    [
      "does not grow when requests are only counted",
      [size(0, 40), readers(900, { received: 5 * MIB }), size(950, 60)],
      true,
    ],
    [
      "may grow by a garbage collector's half while requests are only counted",
      [size(0, 40), readers(900, { received: 5 * MIB }), size(950, 85)],
      true,
    ],
    [
      "may grow by what the first reads bring",
      [size(0, 40), readers(900, { received: 130_000, queued: 80_000 }), size(950, 85)],
      true,
    ],
    ["is not known without samples of its processes", [readers(900, { received: 5 * MIB })], null],
    ["is known when no connection was held", [size(0, 40), size(950, 41)], true],
    ["is not known when it grew and no connection was sampled", [size(0, 40), size(950, 181)], null],
  ])("%s", (_, samples, holds) => {
    expect(memory(samples).holds).toBe(holds);
  });

  test("is that of processes that came later, too, from their first sample on", () => {
    const asked = readers(900, { received: 5 * MIB });
    const samples = [size(0, 40), size(100, 30, 8), asked, size(950, 170, 8)];
    expect(memory(samples)).toEqual({
      holds: false,
      observed:
        "it grew by 140.0 MiB; it has read requests for 150.0 MiB of answers, and written 0.0 MiB to the kernel; 0.0 MiB of requests wait there unread",
    });
  });
});

test("readers ask for no more answers than the kernel can count in a few seconds, in words that a command line can hold", () => {
  const shapes = [
    { answerBytes: 1 },
    { answerBytes: 50_000_000 },
    { request: "x".repeat(70_000), answerBytes: 9 },
  ];
  for (const shape of shapes) {
    const { run } = probe.setup(plainServer(shape), DEFAULT_BOUNDS).programs["reader"]!;
    const pieces = Number(run[run.indexOf("--repeat") + 1]);
    const send = run.find((word) => word.startsWith("try send "))!;
    expect(send.length).toBeLessThan(128 * 1024);
    expect(pieces * (send.length / 20)).toBeLessThan(2_000_000);
  }
});
