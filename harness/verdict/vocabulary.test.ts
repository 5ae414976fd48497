import { describe, expect, test } from "vitest";
import type { Evidence } from "../measure/evidence.ts";
import type { Sockets } from "../measure/sockets.ts";
import { view } from "../measure/view.ts";
import type { Expectation } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import {
  at,
  attemptAt,
  countersAt,
  group,
  handMade,
  listenerAt,
  processesAt,
  socketsAt,
} from "../recording/hand-made.ts";
import { attemptsOk, connections, latency, outcomes, selfReported } from "./attempt-claims.ts";
import { atLeast, atMost, between, exactly } from "./bound.ts";
import type { Claim } from "./claim.ts";
import { acceptQueueFull, acceptQueueNeverFull, counterMoved, counterStill } from "./counter-claims.ts";
import { quantity } from "./quantity.ts";
import { neverSeen, socketsAtEndOf, socketsAtPeak, socketsShared, socketsStay } from "./socket-claims.ts";

/** What a claim says of some evidence: the claim, the answer, what was observed. */
function put<E extends Evidence>(claim: Claim<E>, evidence: E): [string, boolean | null, string] {
  const expectation: Expectation<E> = claim.because("r");
  expect(expectation.because).toBe("r");
  const { holds, observed } = expectation.test(evidence);
  return [expectation.claim, holds, observed];
}

const example = {
  local: "a",
  remote: "b",
  receiveQueueBytes: 0,
  sendQueueBytes: 0,
  timerMs: 0,
  retransmits: 0,
  uid: 0,
  inode: 7,
  pids: [31, 32],
};
const leak = handMade([
  socketsAt(at(0, "setup"), "server", []),
  socketsAt(at(200), "server", [group("CLOSE-WAIT", "listener", 1)]),
  socketsAt(at(400), "server", [group("CLOSE-WAIT", "listener", 97, { examples: [example] })]),
  socketsAt(at(1600, "drain"), "server", [group("CLOSE-WAIT", "listener", 90)]),
  socketsAt(at(1800, "end"), "server", []),
  processesAt(at(400), "server", [{ pid: 31 }, { pid: 32, name: "sleep" }], [{ inode: 7, pids: [31, 32] }]),
]);
const closeWait = { host: "server", state: "CLOSE-WAIT", side: "listener" } as const;

describe("sockets at the end of a phase", () => {
  test("are those of its last look", () => {
    expect(put(socketsAtEndOf("drain", closeWait, exactly(90)), leak)).toEqual([
      "at the end of drain, server holds exactly 90 CLOSE-WAIT sockets at the listening end",
      true,
      "90 CLOSE-WAIT sockets at 1.60 s, the last look of drain, and the most was 97, at 0.40 s",
    ]);
    expect(put(socketsAtEndOf("load", closeWait, exactly(90)), leak)[1]).toBe(false);
  });

  test("are unknown when nobody looked in it, and 0 when somebody did", () => {
    const halted = handMade([socketsAt(at(0), "server", [])]);
    expect(put(socketsAtEndOf("drain", closeWait, exactly(0)), halted).slice(1)).toEqual([
      null,
      "there was no look at the sockets on server during drain",
    ]);
    expect(put(socketsAtEndOf("load", closeWait, exactly(0)), halted)).toEqual([
      "at the end of load, server holds no CLOSE-WAIT sockets at the listening end",
      true,
      "no CLOSE-WAIT sockets at the listening end at 0.00 s, the last look of load",
    ]);
  });

  test("name who holds them when the claim is about that", () => {
    const held = { ...closeWait, port: 8080, owner: ["listener", "shared"] } as const;
    const [claim, , observed] = put(socketsAtEndOf("drain", held, atLeast(1)), leak);
    expect(claim).toBe(
      "at the end of drain, server holds at least 1 CLOSE-WAIT socket at the listening end of port 8080, " +
        "held by the listening process alone or several processes at once",
    );
    expect(observed).toMatch(/, held by node \(pid 31, of server\) and sleep \(pid 32, of server\)$/);
  });
});

describe("sockets at their peak", () => {
  test("are the most of any look", () => {
    expect(
      put(socketsAtPeak({ state: ["CLOSE-WAIT", "LAST-ACK"] }, atMost(96)), view(leak, "server")),
    ).toEqual([
      "at the peak, there are at most 96 CLOSE-WAIT or LAST-ACK sockets",
      false,
      "97 CLOSE-WAIT or LAST-ACK sockets at 0.40 s, the most of 5 looks",
    ]);
  });

  test("of a host that nobody looked at are unknown", () => {
    expect(put(socketsAtPeak({ ...closeWait, host: "client" }, atMost(96)), leak).slice(1)).toEqual([
      null,
      "there was no look at the sockets on client",
    ]);
  });
});

describe("sockets that stay", () => {
  const stay = (least: number, forMs: number) =>
    socketsStay({ state: "CLOSE-WAIT", timer: "none" }, atLeast(least), { forMs });

  test("are there for long enough, look after look", () => {
    expect(put(stay(3, 1200), leak)).toEqual([
      "for 1.2 s or longer without a break, there are at least 3 CLOSE-WAIT sockets, without a timer",
      true,
      "90 to 97 CLOSE-WAIT sockets in every look from 0.40 s to 1.60 s",
    ]);
  });

  test("pass by when they are gone sooner", () => {
    expect(put(stay(3, 1300), leak).slice(1)).toEqual([
      false,
      "90 to 97 CLOSE-WAIT sockets in every look from 0.40 s to 1.60 s, and never for longer",
    ]);
    expect(put(stay(98, 1), leak).slice(1)).toEqual([
      false,
      "no look found so many CLOSE-WAIT sockets, without a timer: the most was 97, at 0.40 s",
    ]);
    expect(put(socketsStay({ state: "TIME-WAIT" }, atLeast(1), { forMs: 1 }), leak).slice(1)).toEqual([
      false,
      "in 5 looks no TIME-WAIT sockets",
    ]);
  });

  test("may go on after a recording that is too short to tell", () => {
    const short = handMade([
      socketsAt(at(0), "server", []),
      socketsAt(at(500), "server", [group("CLOSE-WAIT", "listener", 5)]),
    ]);
    expect(put(stay(3, 1000), short).slice(1)).toEqual([
      null,
      "5 CLOSE-WAIT sockets in one look, at 0.50 s, and all looks span no more than 0.50 s",
    ]);
    const over = handMade([...short.samples.slice(0, -1), socketsAt(at(600), "server", [])]);
    expect(put(stay(3, 1000), over)[1]).toBe(false);
  });
});

describe("sockets that are never seen", () => {
  test("are in no look", () => {
    expect(put(neverSeen({ host: "server", state: "TIME-WAIT", side: "listener" }), leak)).toEqual([
      "no look at server finds TIME-WAIT sockets at the listening end",
      true,
      "in 5 looks no TIME-WAIT sockets at the listening end",
    ]);
    expect(put(neverSeen(closeWait), leak).slice(1)).toEqual([
      false,
      "3 of 5 looks found some, the first at 0.20 s; the most was 97, at 0.40 s",
    ]);
    expect(put(neverSeen({ host: "client" }), leak)[1]).toBeNull();
  });
});

test("a claim says all that it asks of sockets, and no more", () => {
  const claimed = (which: Sockets): string => put(neverSeen(which), leak)[0].replace("no look finds ", "");
  expect(claimed({})).toBe("sockets");
  expect(claimed({ state: ["FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"], port: 8080 })).toBe(
    "FIN-WAIT-1, FIN-WAIT-2 or TIME-WAIT sockets of port 8080",
  );
  expect(claimed({ receiveQueue: "empty", sendQueue: "empty", timer: "none" })).toBe(
    "sockets, with empty queues, without a timer",
  );
  expect(claimed({ receiveQueue: "holding", sendQueue: "empty", timer: ["on", "persist"] })).toBe(
    "sockets, with bytes in the receive queue and with an empty send queue, " +
      "with the retransmission timer running or with the persist timer running",
  );
  expect(claimed({ side: "connector", owner: ["process", "none"] })).toBe(
    "sockets at the connecting end, held by a process or no process",
  );
  expect(claimed({ side: "listener", owner: ["process", "unseen"] })).toBe(
    "sockets at the listening end, held by a process that does not listen or a process out of sight",
  );
});

describe("shared sockets", () => {
  const shared = [{ inode: 7, pids: [31, 32] }];
  const once = handMade([processesAt(at(400), "server", [{ pid: 31 }, { pid: 32, name: "sleep" }], shared)]);
  const twice = handMade([...once.samples, processesAt(at(600), "server", [{ pid: 31 }], shared)]);

  test("name their processes", () => {
    expect(put(socketsShared({ host: "server" }, exactly(1)), twice)).toEqual([
      "several processes hold exactly 1 socket together on server",
      true,
      "1 socket held by the same processes in two looks or more, that of inode 7 by node (pid 31, of server) and sleep (pid 32, of server)",
    ]);
  });

  test("are none when they were seen once, as between fork and exec, and unknown when nobody looked", () => {
    expect(put(socketsShared({}, exactly(0)), view(once, "server")).slice(1)).toEqual([
      true,
      "no socket held by several processes in more than one of 1 look",
    ]);
    expect(put(socketsShared({ host: "client" }, exactly(0)), twice).slice(1)).toEqual([
      null,
      "there was no look at the processes on client",
    ]);
  });
});

describe("counters", () => {
  const moved = handMade([countersAt(at(1), "server", { TcpExtListenOverflows: 23, TcpCurrEstab: -1 })]);

  test("move or keep still", () => {
    expect(
      put(counterMoved({ host: "server", counter: "TcpExtListenOverflows" }, atLeast(1)), moved),
    ).toEqual([
      "TcpExtListenOverflows rises by at least 1 on server",
      true,
      "TcpExtListenOverflows rose by 23",
    ]);
    expect(put(counterStill({ counter: "TcpExtListenOverflows" }), view(moved, "server"))).toEqual([
      "TcpExtListenOverflows does not move",
      false,
      "TcpExtListenOverflows rose by 23",
    ]);
    expect(put(counterStill({ host: "server", counter: "TcpCurrEstab" }), moved).slice(1)).toEqual([
      false,
      "TcpCurrEstab fell by 1",
    ]);
    expect(put(counterStill({ host: "server", counter: "TcpOutRsts" }), moved).slice(1)).toEqual([
      true,
      "TcpOutRsts did not move",
    ]);
  });

  test("that nobody looked at are unknown", () => {
    const [, holds, observed] = put(counterStill({ host: "client", counter: "TcpOutRsts" }), moved);
    expect([holds, observed]).toEqual([null, "there was no look at the counters on client"]);
  });
});

describe("the accept queue", () => {
  const looks = (...queues: number[]): Recording =>
    handMade(queues.map((queue, nth): Sample => listenerAt(at(nth * 100), "server", queue, 4)));

  test("is full when it holds one more than its backlog", () => {
    expect(put(acceptQueueFull({ host: "server", port: 8080 }), looks(0, 5, 2))).toEqual([
      "at some look the accept queue of port 8080 on server is full",
      true,
      "5 connections waited for accept() with a backlog of 4, on port 8080 at 0.10 s, the fullest seen",
    ]);
    expect(put(acceptQueueFull(), looks(0, 4))[1]).toBe(false);
    expect(put(acceptQueueNeverFull({ host: "server" }), looks(0, 4))).toEqual([
      "at no look is the accept queue on server full",
      true,
      "4 connections waited for accept() with a backlog of 4, on port 8080 at 0.10 s, the fullest seen",
    ]);
    expect(put(acceptQueueNeverFull(), looks(5))[1]).toBe(false);
  });

  test("of a host where nothing listens is not full, and proves nothing", () => {
    const idle = handMade([{ ...at(1), kind: "listeners", host: "client", listeners: [] }]);
    expect(put(acceptQueueFull(), view(idle, "client")).slice(1)).toEqual([
      false,
      "nothing was seen listening",
    ]);
    expect(put(acceptQueueNeverFull(), view(idle, "client")).slice(1)).toEqual([
      null,
      "nothing was seen listening",
    ]);
    expect(put(acceptQueueFull({ host: "server" }), idle).slice(1)).toEqual([
      null,
      "there was no look at the listeners on server",
    ]);
  });
});

describe("attempts", () => {
  const failure = { phase: "connect" as const, code: "EADDRNOTAVAIL", call: "connect" };
  const tried = handMade([
    ...[1, 2, 3].map((nth) =>
      attemptAt(at(nth), nth, { connectMs: nth === 3 ? 1043.21 : 0.123, connection: 1 }),
    ),
    attemptAt(at(4), 4, { connectMs: null, firstByteMs: null, totalMs: null, outcome: failure }),
    { ...at(5), kind: "report", program: "server", report: { kind: "service", serviceMs: 0.4 } },
  ]);

  test("succeed or end in what is named", () => {
    expect(put(attemptsOk({ program: "load" }, exactly(4)), tried)).toEqual([
      "exactly 4 attempts of load succeed",
      false,
      "of 4 attempts: 3 ok, 1 connect EADDRNOTAVAIL",
    ]);
    expect(put(outcomes({}, "connect EADDRNOTAVAIL", atLeast(1)), tried).slice(0, 2)).toEqual([
      "at least 1 attempt ends in connect EADDRNOTAVAIL",
      true,
    ]);
    expect(put(outcomes({}, "response timeout", exactly(0)), tried)[1]).toBe(true);
  });

  test("that were not made say nothing", () => {
    expect(put(attemptsOk({ program: "lod", phase: "drain" }, exactly(0)), tried).slice(1)).toEqual([
      null,
      "no attempt of lod during drain was recorded",
    ]);
    expect(put(connections({ program: "lod" }, exactly(0)), tried)[1]).toBeNull();
    expect(put(latency({ program: "lod" }, "connectMs", 99, atMost(1)), tried)[1]).toBeNull();
  });

  test("have latencies", () => {
    expect(put(latency({ program: "load" }, "connectMs", 99, atLeast(900)), tried)).toEqual([
      "the time to connect of load is at least 900 ms at p99",
      true,
      "the time to connect was 1043.21 ms at p99 of 3 attempts (p50 0.123 ms, the most 1043.21 ms)",
    ]);
    expect(put(latency({}, "totalMs", 100, between(1, 2)), tried).slice(0, 2)).toEqual([
      "the total time is between 1 and 2 ms at its most",
      false,
    ]);
  });

  test("make connections", () => {
    expect(put(connections({ program: "load" }, exactly(1)), tried)).toEqual([
      "the attempts of load make exactly 1 connection",
      true,
      "1 connection for 4 attempts",
    ]);
  });

  test("have servers that report of themselves", () => {
    expect(put(selfReported({ program: "server" }, "serviceMs", 99, atMost(5)), tried)).toEqual([
      "the serviceMs of server, as it reports itself, is at most 5 at p99",
      true,
      "serviceMs was 0.4 at p99 of 1 report (p50 0.4, the most 0.4)",
    ]);
    expect(put(selfReported({}, "gcMs", 99, atMost(5)), tried)[1]).toBeNull();
  });
});

describe("any other quantity", () => {
  const measured = (value: number | null) =>
    quantity("segments a request", { needs: ["counters"], of: () => value }, atMost(4));

  test("is within its bound, or not, or unknown", () => {
    expect(put(measured(3.98765), leak)).toEqual([
      "there are at most 4 segments a request",
      true,
      "3.99 segments a request",
    ]);
    expect(put(measured(4.1), leak)[1]).toBe(false);
    expect(put(measured(null), leak).slice(1)).toEqual([
      null,
      "what was recorded does not tell how many segments a request",
    ]);
  });
});
