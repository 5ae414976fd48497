import { describe, expect, test } from "vitest";
import type { Sockets } from "../../measure/sockets.ts";
import { view } from "../../measure/view.ts";
import { at, exampleOf, group, handMade, processesAt, socketsAt } from "../../recording/hand-made.fixture.ts";
import { atLeast, atMost, between, exactly } from "./bound.ts";
import { put } from "./put.fixture.ts";
import { neverSeen, socketsAtEndOf, socketsAtPeak, socketsShared, socketsStay } from "./sockets.ts";

const example = exampleOf({ pids: [31, 32] });

const leak = handMade([
  socketsAt(at(0, "setup"), "server", []),
  socketsAt(at(200), "server", [group("CLOSE-WAIT", "listener", 1)]),
  socketsAt(at(400), "server", [group("CLOSE-WAIT", "listener", 97, { examples: [example] })]),
  socketsAt(at(1600, "drain"), "server", [group("CLOSE-WAIT", "listener", 90)]),
  socketsAt(at(1800, "end"), "server", []),
  processesAt(at(400), "server", [{ pid: 31 }, { pid: 32, name: "sleep" }], [{ inode: 7, pids: [31, 32] }]),
]);

const closeWait = { host: "server", state: "CLOSE-WAIT", side: "listener" } as const;

test("claims about counts are conditions on metrics, each counted for a service's port, with the claim's own test", () => {
  const which = closeWait;
  const { host: _, ...onOneHost } = which;
  const condition = { of: "sockets", which: onOneHost, each: "port" };
  const stays = socketsStay(which, atLeast(5), { forMs: 1500 });
  expect(stays.metered).toEqual({
    condition: { ...condition, is: { atLeast: 5 }, stays: true },
    test: stays.test,
  });
  expect(socketsAtPeak(which, between(2, 7)).metered?.condition).toEqual({
    ...condition,
    is: { atLeast: 2, atMost: 7 },
    stays: false,
  });
  expect(neverSeen(which).metered?.condition).toEqual({ ...condition, is: { atMost: 0 }, stays: false });
  expect(socketsAtEndOf("drain", which, atLeast(5)).metered).toBeUndefined();
});

describe("sockets at the end of a phase", () => {
  test("are those of its last sample", () => {
    expect(put(socketsAtEndOf("drain", closeWait, exactly(90)), leak)).toEqual([
      "at the end of drain, server holds exactly 90 CLOSE-WAIT sockets at the listening end",
      true,
      "90 CLOSE-WAIT sockets at 1.60 s, the last sample of drain; the most was 97, at 0.40 s",
    ]);
    expect(put(socketsAtEndOf("load", closeWait, exactly(90)), leak)[1]).toBe(false);
  });

  test("are unknown when the phase has no sample, and 0 when a sample contains none", () => {
    const halted = handMade([socketsAt(at(0), "server", [])]);
    expect(put(socketsAtEndOf("drain", closeWait, exactly(0)), halted).slice(1)).toEqual([
      null,
      "no sockets were sampled on server during drain",
    ]);
    expect(put(socketsAtEndOf("load", closeWait, exactly(0)), halted)).toEqual([
      "at the end of load, server holds no CLOSE-WAIT sockets at the listening end",
      true,
      "no CLOSE-WAIT sockets at the listening end at 0.00 s, the last sample of load",
    ]);
  });

  test("name who holds them when the claim is about that", () => {
    const held = { ...closeWait, port: 8080, owner: ["listener", "shared"] } as const;
    const [claim, , observed] = put(socketsAtEndOf("drain", held, atLeast(1)), leak);
    expect(claim).toBe(
      "at the end of drain, server holds at least 1 CLOSE-WAIT socket at the listening end of port 8080, " +
        "held by only the listening process or several processes at once",
    );
    expect(observed).toMatch(/, held by node \(pid 31, of server\) and sleep \(pid 32, of server\)$/);
  });
});

describe("sockets at their peak", () => {
  test("are the most of any sample", () => {
    expect(
      put(socketsAtPeak({ state: ["CLOSE-WAIT", "LAST-ACK"] }, atMost(96)), view(leak, "server")),
    ).toEqual([
      "at the peak, there are at most 96 CLOSE-WAIT or LAST-ACK sockets",
      false,
      "97 CLOSE-WAIT or LAST-ACK sockets at 0.40 s, the most of 5 samples",
    ]);
  });

  test("of a host without samples are unknown", () => {
    expect(put(socketsAtPeak({ ...closeWait, host: "client" }, atMost(96)), leak).slice(1)).toEqual([
      null,
      "no sockets were sampled on client",
    ]);
  });
});

describe("sockets that stay", () => {
  const stay = (least: number, forMs: number) =>
    socketsStay({ state: "CLOSE-WAIT", timer: "none" }, atLeast(least), { forMs });

  test("are there for long enough, in every sample", () => {
    expect(put(stay(3, 1200), leak)).toEqual([
      "for 1.2 s or longer without a break, there are at least 3 CLOSE-WAIT sockets, without a timer",
      true,
      "90 to 97 CLOSE-WAIT sockets in every sample from 0.40 s to 1.60 s",
    ]);
  });

  test("do not stay when they are gone sooner", () => {
    expect(put(stay(3, 1300), leak).slice(1)).toEqual([
      false,
      "90 to 97 CLOSE-WAIT sockets in every sample from 0.40 s to 1.60 s, and never for longer",
    ]);
    expect(put(stay(98, 1), leak).slice(1)).toEqual([
      false,
      "no sample contained so many CLOSE-WAIT sockets, without a timer: the most was 97, at 0.40 s",
    ]);
    expect(put(socketsStay({ state: "TIME-WAIT" }, atLeast(1), { forMs: 1 }), leak).slice(1)).toEqual([
      false,
      "5 samples contained no TIME-WAIT sockets",
    ]);
  });

  test("can go on after a recording that is too short to decide", () => {
    const short = handMade([
      socketsAt(at(0), "server", []),
      socketsAt(at(500), "server", [group("CLOSE-WAIT", "listener", 5)]),
    ]);
    expect(put(stay(3, 1000), short).slice(1)).toEqual([
      null,
      "5 CLOSE-WAIT sockets in one sample, at 0.50 s, and all samples span only 0.50 s",
    ]);
    const over = handMade([...short.samples.slice(0, -1), socketsAt(at(600), "server", [])]);
    expect(put(stay(3, 1000), over)[1]).toBe(false);
  });
});

describe("sockets that are never seen", () => {
  test("are in no sample", () => {
    expect(put(neverSeen({ host: "server", state: "TIME-WAIT", side: "listener" }), leak)).toEqual([
      "no sample of server contains TIME-WAIT sockets at the listening end",
      true,
      "5 samples contained no TIME-WAIT sockets at the listening end",
    ]);
    expect(put(neverSeen(closeWait), leak).slice(1)).toEqual([
      false,
      "3 of 5 samples contained some, the first at 0.20 s; the most was 97, at 0.40 s",
    ]);
    expect(put(neverSeen({ host: "client" }), leak)[1]).toBeNull();
  });
});

test("a claim names every condition on its sockets, and no more", () => {
  const claimed = (which: Sockets): string =>
    put(neverSeen(which), leak)[0].replace("no sample contains ", "");
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
  expect(claimed({ timer: "none", exchanged: "nothing" })).toBe(
    "sockets, without a timer, with nothing sent or received",
  );
  expect(claimed({ exchanged: ["sent", "both"], owner: "process" })).toBe(
    "sockets, with bytes sent and none received or bytes sent and received, held by a process that does not listen",
  );
  expect(claimed({ side: "connector", owner: ["process", "none"] })).toBe(
    "sockets at the connecting end, held by a process or no process",
  );
  expect(claimed({ side: "listener", owner: ["process", "unseen"] })).toBe(
    "sockets at the listening end, held by a process that does not listen or a process that lastack cannot see",
  );
});

describe("sockets whose state or timer has no name here", () => {
  const asked = { host: "server", state: "CLOSE-WAIT", timer: "none" } as const;
  const later = (count: number) =>
    handMade([
      socketsAt(at(0), "server", [
        group("CLOSE-WAIT", "listener", 90),
        group("CLOSE-WAIT", "listener", count, { timer: "unknown-6" }),
      ]),
    ]);

  test("make a claim that depends on them inconclusive", () => {
    expect(put(socketsAtPeak(asked, exactly(97)), later(7)).slice(1)).toEqual([
      null,
      "90 CLOSE-WAIT sockets at 0.00 s, the most of 1 sample; if those with unknown-6, which has no name here, " +
        "are counted: 97 CLOSE-WAIT sockets at 0.00 s, the most of 1 sample",
    ]);
    expect(put(neverSeen({ ...asked, timer: "on" }), later(7))[1]).toBeNull();
  });

  test("change nothing when the answer is the same with and without them, or when the claim has no such condition", () => {
    expect(put(socketsAtPeak(asked, atLeast(23)), later(7))[1]).toBe(true);
    expect(put(socketsAtPeak(asked, atMost(23)), later(7))[1]).toBe(false);
    expect(put(socketsAtPeak({ state: "CLOSE-WAIT" }, exactly(97)), later(7))[1]).toBe(true);
  });
});

test("a claim about bytes that nobody counted is inconclusive where it depends on them", () => {
  const idle = { host: "server", state: "ESTABLISHED", exchanged: "nothing" } as const;
  const uncounted = handMade([socketsAt(at(0), "server", [group("ESTABLISHED", "listener", 97)])]);
  expect(put(socketsAtPeak(idle, atLeast(5)), uncounted).slice(1)).toEqual([
    null,
    "1 sample contained no ESTABLISHED sockets, with nothing sent or received; if those whose bytes were not counted (tcpInfo) " +
      "are counted: 97 ESTABLISHED sockets at 0.00 s, the most of 1 sample",
  ]);
  expect(put(socketsAtPeak({ ...idle, owner: "none" }, atLeast(5)), uncounted)[1]).toBe(false);
  const counted = handMade([
    socketsAt(at(0), "server", [group("ESTABLISHED", "listener", 97, { exchanged: "sent" })]),
  ]);
  expect(put(socketsAtPeak(idle, atLeast(5)), counted)[1]).toBe(false);
  expect(put(socketsAtPeak({ ...idle, exchanged: ["sent", "both"] }, exactly(97)), counted)[1]).toBe(true);
});

describe("shared sockets", () => {
  const shared = [{ inode: 7, pids: [31, 32] }];
  const once = handMade([processesAt(at(400), "server", [{ pid: 31 }, { pid: 32, name: "sleep" }], shared)]);
  const twice = handMade([...once.samples, processesAt(at(600), "server", [{ pid: 31 }], shared)]);

  test("name their processes", () => {
    expect(put(socketsShared({ host: "server" }, exactly(1)), twice)).toEqual([
      "several processes hold exactly 1 socket together on server",
      true,
      "1 socket held by the same processes in two or more samples; inode 7 by node (pid 31, of server) and sleep (pid 32, of server)",
    ]);
  });

  test("are none when only one sample shows them, as between fork and exec, and unknown without samples", () => {
    expect(put(socketsShared({}, exactly(0)), view(once, "server")).slice(1)).toEqual([
      true,
      "no socket was held by several processes in more than one of 1 sample",
    ]);
    expect(put(socketsShared({ host: "client" }, exactly(0)), twice).slice(1)).toEqual([
      null,
      "no processes were sampled on client",
    ]);
  });
});
