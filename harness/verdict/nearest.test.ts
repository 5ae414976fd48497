import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sockets } from "../measure/sockets.ts";
import { view } from "../measure/view.ts";
import type { Expectation } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import { at, countersAt, group, handMade, plainMode, socketsAt } from "../recording/hand-made.fixture.ts";
import { atLeast, atMost, exactly } from "./vocabulary/bound.ts";
import { counterMoved } from "./vocabulary/counters.ts";
import { judgeExact, judgeVariant, symptomOn } from "./judge.ts";
import { neverSeen, socketsAtEndOf, socketsAtPeak, socketsStay } from "./vocabulary/sockets.ts";

type Group = Parameters<typeof group>;

/** Two samples of the server, a second apart, that contain these groups; the client has none. */
function seen(...groups: Group[]): Recording {
  const look = (ms: number) =>
    socketsAt(
      at(ms),
      "server",
      groups.map((one) => group(...one)),
    );
  return handMade([socketsAt(at(0), "client", []), look(0), look(1000)]);
}

function nearest(which: Sockets, recording: Recording): string | null | undefined {
  const found = socketsAtPeak(which, atLeast(3)).because("b").nearest?.(recording);
  return found === null ? null : found?.en;
}

const held = { state: "CLOSE-WAIT", side: "listener", owner: "listener" } as const;

test.each<[string, Sockets, Group, string]>([
  [
    "an owner",
    held,
    ["CLOSE-WAIT", "listener", 97, { owner: "process" }],
    "97 CLOSE-WAIT sockets at the listening end of port 8080, held by a process that does not listen: " +
      "the owner is not the process that listens",
  ],
  [
    "one of several owners",
    { owner: ["listener", "process"] },
    ["CLOSE-WAIT", "listener", 97, { owner: "shared" }],
    "97 sockets at the listening end of port 8080, held by several processes at once: " +
      "the owner is neither the process that listens nor another process",
  ],
  [
    "no owner",
    { owner: "none" },
    ["FIN-WAIT-1", "connector", 97],
    "97 sockets at the connecting end of port 8080, held by a process: there is an owner",
  ],
  [
    "no owner, or one",
    { owner: ["none", "listener"] },
    ["FIN-WAIT-1", "listener", 97, { owner: "unseen" }],
    "97 sockets at the listening end of port 8080, held by a process that lastack cannot see: " +
      "there is an owner, but it is not the process that listens",
  ],
  [
    "a state",
    { state: ["FIN-WAIT-1", "FIN-WAIT-2"] },
    ["TIME-WAIT", "connector", 97],
    "97 TIME-WAIT sockets at the connecting end of port 8080: the state is neither FIN-WAIT-1 nor FIN-WAIT-2",
  ],
  [
    "an end",
    { side: "connector" },
    ["CLOSE-WAIT", "listener", 97],
    "97 sockets at the listening end of port 8080: the end is not the connecting one",
  ],
  [
    "a port",
    { port: 80 },
    ["CLOSE-WAIT", "listener", 97],
    "97 sockets at the listening end of port 8080: the port is not 80",
  ],
  [
    "a host",
    { ...held, host: "client" },
    ["CLOSE-WAIT", "listener", 97],
    "on server, 97 CLOSE-WAIT sockets at the listening end of port 8080: the host is not client",
  ],
  [
    "no timer",
    { timer: "none" },
    ["CLOSE-WAIT", "listener", 97, { timer: "keepalive" }],
    "97 sockets at the listening end of port 8080: the keepalive timer is running",
  ],
  [
    "a timer",
    { timer: ["keepalive", "none"] },
    ["CLOSE-WAIT", "listener", 97, { timer: "persist" }],
    "97 sockets at the listening end of port 8080: the persist timer is running, not the keepalive timer",
  ],
  [
    "any timer",
    { timer: ["on", "persist"] },
    ["CLOSE-WAIT", "listener", 97],
    "97 sockets at the listening end of port 8080: no timer is running",
  ],
  [
    "queues",
    { receiveQueue: "empty", sendQueue: "holding" },
    ["CLOSE-WAIT", "listener", 97, { receiveQueue: "holding" }],
    "97 sockets at the listening end of port 8080: the receive queue is not empty and the send queue is empty",
  ],
  [
    "an owner, and too few of them",
    held,
    ["CLOSE-WAIT", "listener", 1, { owner: "none" }],
    "1 CLOSE-WAIT socket at the listening end of port 8080, held by no process: " +
      "the owner is not the process that listens and the number is not at least 3",
  ],
  [
    "nearly all",
    { ...held, port: 9090, sendQueue: "holding" },
    ["FIN-WAIT-2", "connector", 97],
    "97 FIN-WAIT-2 sockets at the connecting end of port 8080: " +
      "the state is not CLOSE-WAIT, the end is not the listening one, and 3 more conditions are not met",
  ],
])("sockets that lack %s are named with it", (_, which, there, words) => {
  expect(nearest(which, seen(there))).toBe(`nearest: ${words}`);
});

test("several ports are not named, and neither are conditions that the claim does not have", () => {
  const two = seen(
    ["CLOSE-WAIT", "listener", 40, { owner: "process" }],
    ["CLOSE-WAIT", "listener", 57, { owner: "process", port: 9090 }],
  );
  expect(nearest(held, two)).toMatch(/^nearest: 97 CLOSE-WAIT sockets at the listening end, held by /);
});

describe("nothing is nearest", () => {
  test("when there are no sockets, or only the right ones, which are too few", () => {
    expect(nearest(held, seen())).toBeNull();
    expect(nearest(held, seen(["LISTEN", "listener", 1]))).toBeNull();
    expect(nearest(held, seen(["CLOSE-WAIT", "listener", 2], ["ESTABLISHED", "listener", 97]))).toBeNull();
  });

  test("to a claim that holds without any sockets", () => {
    const claims = [
      neverSeen(held),
      socketsAtPeak(held, atMost(2)),
      socketsAtEndOf("load", held, exactly(0)),
    ];
    for (const claim of claims) expect(claim.because("b").nearest).toBeUndefined();
  });
});

test("at the end of a phase, the sockets of its last sample count", () => {
  const gone = handMade([
    socketsAt(at(0), "server", [group("ESTABLISHED", "listener", 97)]),
    socketsAt(at(100, "drain"), "server", [group("FIN-WAIT-2", "listener", 23)]),
  ]);
  const atEnd = socketsAtEndOf("drain", { state: "CLOSE-WAIT" }, exactly(23)).because("b");
  expect(atEnd.nearest?.(gone)?.en).toBe(
    "nearest: 23 FIN-WAIT-2 sockets at the listening end of port 8080: the state is not CLOSE-WAIT",
  );
});

test("sockets that must stay are checked for how long they stay", () => {
  const stay = (forMs: number) => socketsStay(held, atLeast(3), { forMs }).because("b");
  const other = seen(["CLOSE-WAIT", "listener", 97, { owner: "process" }]);
  const owner = "the owner is not the process that listens";
  expect(stay(1000).nearest?.(other)?.en).toMatch(`listen: ${owner}`);
  expect(stay(1000).nearest?.(other)?.en).not.toMatch("stay");
  expect(stay(1500).nearest?.(other)?.en).toMatch(`${owner} and they stay for less than 1.5 s`);
  const few = seen(["CLOSE-WAIT", "listener", 2, { owner: "process" }]);
  expect(stay(1500).nearest?.(few)?.en).toMatch(`${owner} and the number is not at least 3`);
});

test("the nearest sockets make one sentence for any samples and any claim, and none when the claim holds", () => {
  const some = fc.constantFrom<Group>(
    ["CLOSE-WAIT", "listener", 97],
    ["CLOSE-WAIT", "listener", 2, { owner: "shared", timer: "delack" }],
    ["ESTABLISHED", "connector", 23, { timer: "keepalive", sendQueue: "holding" }],
    ["ESTABLISHED", "listener", 5, { state: "unknown-14" }],
    ["TIME-WAIT", "listener", 7, { owner: "none", timer: "timewait" }],
  );
  const which = fc.record<Sockets>(
    {
      state: fc.constantFrom("CLOSE-WAIT", "ESTABLISHED", "SYN-SENT"),
      side: fc.constantFrom("listener", "connector"),
      timer: fc.constantFrom("none", "on", "delack"),
      sendQueue: fc.constantFrom("empty", "holding"),
      owner: fc.constantFrom("none", "listener", "shared"),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.array(some, { maxLength: 3 }),
      which,
      fc.integer({ min: 1, max: 100 }),
      (groups, asked, least) => {
        const evidence = view(seen(...groups), "server");
        const claim: Expectation<typeof evidence> = socketsAtPeak(asked, atLeast(least)).because("b");
        const words = claim.nearest?.(evidence) ?? null;
        if (claim.test(evidence).holds === true) expect(words).toBeNull();
        else if (words !== null) {
          expect(words.en).toMatch(/^nearest: \d+ [^:]+: [^:]+$/);
          expect(words.zh).toMatch(/^最接近的：\d+ 个[^：]+：[^：]+$/);
        }
      },
    ),
  );
});

describe("a verdict", () => {
  const parts = [
    counterMoved({ counter: "TcpOutRsts" }, atMost(4)).because("nothing is reset"),
    socketsAtPeak(held, atLeast(3)).because("nobody closes"),
    socketsAtPeak({ ...held, timer: "keepalive" }, atLeast(3)).because("somebody probes"),
  ];
  const leak = plainMode(parts.slice(0, 2));
  const resets = (count: number) =>
    ["client", "server"].map((host) => countersAt(at(0), host, { TcpOutRsts: count }));
  const shared = seen(["CLOSE-WAIT", "listener", 97, { owner: "shared" }]);
  const near =
    "nearest: 97 CLOSE-WAIT sockets at the listening end of port 8080, held by several processes at once: " +
    "the owner is not the process that listens";
  const lacking =
    "2 samples contained no CLOSE-WAIT sockets at the listening end, held by only the listening process";

  test("that refutes a symptom names the nearest sockets of each host", () => {
    const recording = handMade([...shared.samples, ...resets(0)]);
    const { outcome, findings } = symptomOn(leak, recording);
    expect(outcome).toBe("refuted");
    expect(findings.map(({ observed }) => observed)).toEqual([
      "client: 1 sample contained no CLOSE-WAIT sockets at the listening end, held by only the listening process",
      `server: ${lacking}; ${near}`,
    ]);
    const { findings: gone } = judgeVariant(leak, "fixed", recording);
    expect(gone[0]).toMatchObject({ outcome: "confirmed", observed: expect.stringContaining(near) });
    expect(gone[0]?.zh?.observed).toContain(
      "最接近的：97 个 8080 端口监听端的 CLOSE-WAIT 套接字（由多个进程同时持有）：持有者不是监听进程",
    );
  });

  test("names them when the first missing part is not about sockets, but another missing part is", () => {
    const recording = handMade([...shared.samples, ...resets(5)]);
    const [, server] = symptomOn(leak, recording).findings;
    expect(server?.observed).toBe(`server: TcpOutRsts rose by 5; ${near}`);
    expect(symptomOn(plainMode(parts.slice(0, 1)), recording).findings[1]?.observed).toBe(
      "server: TcpOutRsts rose by 5",
    );
    // The sockets are there, so they are not what is missing.
    const right = handMade([...seen(["CLOSE-WAIT", "listener", 97]).samples, ...resets(5)]);
    expect(symptomOn(leak, right).findings[1]?.observed).toBe("server: TcpOutRsts rose by 5");
  });

  test("that refutes an expectation of one trial names them, too, and no other verdict does", () => {
    const verdict = (recording: Recording) => judgeExact(parts.slice(1), recording);
    expect(verdict(shared).findings[0]).toMatchObject({
      outcome: "refuted",
      observed: `${lacking}; ${near}`,
    });
    const { findings } = verdict(seen(["CLOSE-WAIT", "listener", 97]));
    expect(findings.map((one) => one.outcome)).toEqual(["confirmed", "refuted"]);
    expect(findings.map(({ observed }) => observed.includes("nearest"))).toEqual([false, true]);
    expect(verdict(handMade([])).findings.map(({ outcome, observed }) => [outcome, observed])).toEqual(
      parts.slice(1).map(() => ["inconclusive", "no sockets sample was recorded"]),
    );
  });
});
