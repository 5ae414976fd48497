import { describe, expect, test } from "vitest";
import type { ProcessRow } from "../model/sample.ts";
import type { ThreadWaits } from "../model/thread-waits.ts";
import { at, handMade, processesAt } from "../recording/hand-made.fixture.ts";
import { awaitsNoClient, threadsNotReadable, threadsSeen } from "./thread-waits.ts";
import { Unread, withUnread } from "./unread.ts";

const LOOKS = [0, 1000, 2000];
const SPAN = { host: "server", fromUs: 0, toUs: 2_000_000 };

function waits(main: string, others: Record<string, number> = {}, more = 0): ThreadWaits {
  return { threads: Object.values(others).reduce((sum, count) => sum + count, 1 + more), main, others };
}

/** Looks at processes that are the same in each, by pid. */
function looks(rows: Record<number, Partial<ProcessRow>>): ReturnType<typeof handMade> {
  const all = Object.entries(rows).map(([pid, row]) => ({ pid: Number(pid), ...row }));
  return handMade(LOOKS.map((ms) => processesAt(at(ms), "server", all)));
}

test("threads are counted over all samples: the main one by what it did, the others by how many did it", () => {
  const some = [waits("running", { futex_do_wait: 3 }), waits("ep_poll", { futex_do_wait: 2, ep_poll: 1 })];
  const recording = handMade(
    [some[1], some[0], some[1]].map((one, nth) =>
      processesAt(at(nth * 1000), "server", [{ pid: 7, ...(one && { waits: one }) }, { pid: 8 }]),
    ),
  );
  expect(threadsSeen(recording)).toEqual([
    {
      pid: 7,
      name: "node",
      samples: 3,
      threads: 4,
      read: 4,
      main: [
        { wait: "ep_poll", samples: 2 },
        { wait: "running", samples: 1 },
      ],
      others: [
        { wait: "futex_do_wait", least: 2, most: 3 },
        { wait: "ep_poll", least: 0, most: 1 },
      ],
    },
  ]);
  expect(threadsSeen(recording, { fromUs: 1_000_000, toUs: 1_000_000 })[0]).toMatchObject({
    samples: 1,
    main: [{ wait: "running" }],
  });
});

test("a process that may not be read is named, and one that nobody has read is not", () => {
  const recording = looks({ 7: { waits: null }, 8: {}, 9: { waits: waits("ep_poll") } });
  expect(threadsNotReadable(recording)).toEqual([{ pid: 7, name: "node" }]);
  expect(threadsSeen(recording).map(({ pid }) => pid)).toEqual([9]);
});

describe("whether surely nobody waits for a client", () => {
  const piped = { waits: waits("anon_pipe_read", { futex_do_wait: 2 }) };
  test("every thread sleeps elsewhere, and none ran", () => {
    expect(awaitsNoClient(looks({ 7: piped, 8: piped }), { ...SPAN, pids: [7] })).toBe(true);
  });

  test("who holds none of the sockets may do whatever it does", () => {
    const child = { waits: waits("hrtimer_nanosleep") };
    expect(awaitsNoClient(looks({ 7: piped, 8: child }), { ...SPAN, pids: [7] })).toBe(true);
  });

  test.each<[string, Record<number, Partial<ProcessRow>>, number[]]>([
    ["one waits for a socket", { 7: { waits: waits("do_wait", { wait_woken: 1 }) } }, [7]],
    ["one is in epoll", { 7: { waits: waits("do_wait", { ep_poll: 1 }) } }, [7]],
    ["one sleeps for a time, and looks again", { 7: { waits: waits("hrtimer_nanosleep") } }, [7]],
    ["one runs", { 7: { waits: waits("running") } }, [7]],
    ["the kernel does not say of one", { 7: { waits: waits("do_wait", { unknown: 1 }) } }, [7]],
    ["nobody knows the name", { 7: { waits: waits("zq_wait") } }, [7]],
    ["not all threads were read", { 7: { waits: waits("do_wait", {}, 1) } }, [7]],
    ["it may not be read", { 7: { waits: null } }, [7]],
    ["nobody has read it", { 7: {} }, [7]],
    ["another holder waits for a socket", { 7: piped, 8: { waits: waits("wait_woken") } }, [7, 8]],
    ["a holder is not among the processes", { 7: piped }, [7, 8]],
    ["no holder is known", { 7: piped }, []],
  ])("not where %s", (_, rows, pids) => {
    expect(awaitsNoClient(looks(rows), { ...SPAN, pids })).toBe(false);
  });

  test("not where it ran between two looks", () => {
    const recording = handMade(
      LOOKS.map((ms) => processesAt(at(ms), "server", [{ pid: 7, ...piped, cpuMs: 10 + ms / 1e6 }])),
    );
    expect(awaitsNoClient(recording, { ...SPAN, pids: [7] })).toBe(false);
  });

  test("saved text does not show it", () => {
    const recording = looks({ 7: piped });
    for (const sample of recording.samples)
      if (sample.kind === "processes")
        sample.processes = sample.processes.map((row) => withUnread(row, { waits: "process" }));
    expect(() => awaitsNoClient(recording, { ...SPAN, pids: [7] })).toThrow(Unread);
    expect(threadsSeen(recording)).toEqual([]);
  });
});
