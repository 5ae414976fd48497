import { describe, expect, test } from "vitest";
import type { Recording } from "../../model/recording.ts";
import type { ProcessRow } from "../../model/sample.ts";
import { at, group, handMade, processesAt, socketsAt } from "../../recording/hand-made.fixture.ts";
import { atLeast, exactly } from "./bound.ts";
import { descriptorsLeft, processStays, socketsWithoutRow } from "./processes.ts";
import { put } from "./put.fixture.ts";

const looks = (...rows: Partial<ProcessRow>[]): Recording =>
  handMade(rows.map((row, nth) => processesAt(at(nth * 100), "server", [{ pid: 7, ...row }])));

test("descriptors left are those of the process and the sample that have fewest", () => {
  const recording = looks({ descriptorLimit: 83, descriptors: 21 }, { descriptorLimit: 83, descriptors: 80 });
  expect(put(descriptorsLeft({ host: "server" }, atLeast(4)), recording)).toEqual([
    "the process nearest to its limit on server has at least 4 descriptors left",
    false,
    "node (pid 7) had 80 descriptors; its limit is 83",
  ]);
});

test("none are left when inherited ones lie above the limit", () => {
  expect(put(descriptorsLeft({}, exactly(0)), looks({ descriptorLimit: 83, descriptors: 84 }))[1]).toBe(true);
});

test("the answer is unknown when no limit was read", () => {
  expect(put(descriptorsLeft({}, exactly(0)), looks({})).slice(1)).toEqual([
    null,
    "no descriptor limit was read",
  ]);
});

test("descriptors left can be asked of the processes that hold certain sockets", () => {
  const example = {
    local: "192.0.2.2:8080",
    remote: "0.0.0.0:0",
    receiveQueueBytes: 0,
    sendQueueBytes: 0,
    timerMs: 0,
    retransmits: 0,
    uid: 0,
    inode: 7,
    pids: [8],
  };
  const recording = handMade([
    socketsAt(at(0), "server", [group("LISTEN", "listener", 1, { examples: [example] })]),
    processesAt(at(0), "server", [
      { pid: 7, descriptorLimit: 83, descriptors: 83 },
      { pid: 8, descriptorLimit: 83, descriptors: 21 },
    ]),
  ]);
  expect(put(descriptorsLeft({}, exactly(0)), recording)[1]).toBe(true);
  expect(put(descriptorsLeft({ holds: { state: "LISTEN" } }, exactly(62)), recording)).toEqual([
    "the process nearest to its limit that holds LISTEN sockets has exactly 62 descriptors left",
    true,
    "node (pid 8) had 21 descriptors; its limit is 83",
  ]);
});

describe("a process that stays", () => {
  /** A look every 100 ms, in which it used so much of a processor since the look before. */
  const busyFor = (...shares: [share: number, state?: string][]): Recording => {
    let cpuMs = 0;
    return looks(
      ...shares.map(([share, state]) => ({ cpuMs: (cpuMs += share * 100), ...(state && { state }) })),
    );
  };
  const during = (activity: "busy" | "sleeping" | "stopped", recording: Recording): boolean | null =>
    put(processStays({ host: "server" }, activity, { forMs: 300 }), recording)[1];

  test("busy uses a processor, or is ready to run at every look", () => {
    expect(
      put(
        processStays({ host: "server" }, "busy", { forMs: 300 }),
        busyFor([0, "S"], [0.9, "S"], [1, "R"], [0.8, "R"]),
      ),
    ).toEqual([
      "for 0.3 s or longer without a break, a process on server is busy",
      true,
      "node (pid 7) used 90 % of a processor from 0.00 s to 0.30 s",
    ]);
    expect(during("busy", busyFor([0, "R"], [0.4, "R"], [0.5, "R"], [0.3, "R"]))).toBe(true);
    expect(during("busy", busyFor([0, "R"], [0.4, "R"], [0.5, "S"], [0.3, "R"]))).toBe(false);
    expect(during("busy", busyFor([0, "R"], [0.05, "R"], [0.05, "R"], [0.05, "R"]))).toBe(false);
    expect(during("busy", busyFor([0, "R"], [0.9, "R"], [0.1, "S"], [0.9, "R"]))).toBe(false);
  });

  test("asleep or stopped uses no processor, and shows it at every look", () => {
    expect(during("sleeping", busyFor([0, "S"], [0.02, "S"], [0, "S"], [0, "D"]))).toBe(true);
    expect(during("sleeping", busyFor([0, "S"], [0.2, "S"], [0, "S"], [0, "S"]))).toBe(false);
    expect(during("stopped", busyFor([0, "T"], [0, "T"], [0, "T"], [0, "T"]))).toBe(true);
    expect(during("stopped", busyFor([0, "S"], [0, "S"], [0, "S"], [0, "S"]))).toBe(false);
    expect(during("sleeping", busyFor([0, "T"], [0, "T"], [0, "T"], [0, "T"]))).toBe(false);
  });

  test("is unknown only where a state that nobody recorded decides", () => {
    expect(during("busy", busyFor([0], [0.9], [0.9], [0.9]))).toBe(true);
    expect(during("busy", busyFor([0], [0.5], [0.5], [0.5]))).toBeNull();
    expect(during("busy", busyFor([0], [0], [0], [0]))).toBe(false);
    expect(during("stopped", busyFor([0], [0], [0], [0]))).toBeNull();
    expect(during("sleeping", busyFor([0], [0.5], [0], [0.5]))).toBe(false);
    expect(during("busy", handMade([]))).toBeNull();
  });
});

describe("sockets without a row", () => {
  const claim = socketsWithoutRow({}, atLeast(5), { forMs: 200 });

  test("are counted in each process, and must stay", () => {
    const held = looks(
      { socketsWithoutRow: 1 },
      ...[97, 98, 99].map((count) => ({ socketsWithoutRow: count })),
    );
    expect(put(claim, held)).toEqual([
      "for 0.2 s or longer without a break, a process holds at least 5 TCP sockets that ss does not show",
      true,
      "node (pid 7) held 97 to 99 from 0.10 s to 0.30 s",
    ]);
    const brief = looks({ socketsWithoutRow: 7 }, { socketsWithoutRow: 7 }, { socketsWithoutRow: 0 });
    expect(put(claim, brief).slice(1)).toEqual([
      false,
      "node (pid 7) held 7 from 0.00 s to 0.10 s, and never for longer",
    ]);
    const few = looks(...[0, 2, 0].map((count) => ({ socketsWithoutRow: count })));
    expect(put(claim, few).slice(1)).toEqual([false, "at most 2 in node (pid 7)"]);
  });

  test("are unknown where nobody counted them", () => {
    const uncounted = looks({ sockets: 7 }, { sockets: 7 }, { sockets: 7 });
    expect(put(claim, uncounted).slice(1)).toEqual([null, "sockets without a row were not counted"]);
    expect(put(claim, looks({}, {}, {})).slice(1)).toEqual([
      false,
      "no process held so many sockets of any kind",
    ]);
    expect(put(socketsWithoutRow({}, exactly(0), { forMs: 200 }), looks({}, {}, {}))[1]).toBeNull();
    expect(put(claim, handMade([])).slice(1)).toEqual([null, "no processes were sampled"]);
  });
});
