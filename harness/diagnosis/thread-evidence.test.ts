import { describe, expect, test } from "vitest";
import type { FailureMode } from "../model/experiment.ts";
import type { ListenersSample } from "../model/sample.ts";
import { at, processesAt } from "../recording/hand-made.fixture.ts";
import { threadLines } from "../report/threads.ts";
import { family, leak, patient } from "./hand-made.fixture.ts";
import { threadsOn } from "./thread-evidence.ts";

const LOOKS = [0, 1000, 2000, 3000];
const connections: FailureMode = { ...leak, advice: { untaken: "connections" } };
const bytes: FailureMode = { ...leak, advice: { untaken: "bytes" } };

/** A server of these processes, each with what its main and its other threads do, and a queue of so many at its listener. */
function server(
  rows: { main: string; others?: Record<string, number>; threads?: number }[],
  queue = 3,
): ReturnType<typeof patient>["view"] {
  const of = family(7, "server", [8080]);
  const all = rows.map(({ main, others = {}, threads }, nth) => {
    const count = Object.values(others).reduce((sum, some) => sum + some, 1);
    return { pid: 7 + nth, name: "server", waits: { threads: threads ?? count, main, others } };
  });
  const listener = {
    address: "0.0.0.0",
    port: 8080,
    queue,
    backlog: 64,
    inode: 3,
    pids: all.map(({ pid }) => pid),
  };
  const samples = LOOKS.flatMap((ms): (ListenersSample | ReturnType<typeof processesAt>)[] => [
    processesAt(at(ms), of.name, all),
    { ...at(ms), kind: "listeners", host: of.name, listeners: [listener] },
  ]);
  return { ...patient(of, []).view, samples };
}

const follows = (...given: Parameters<typeof threadsOn>): string | null | undefined =>
  threadsOn(...given)?.follows;

describe("what follows from what threads do while connections stand in a queue", () => {
  test("none asks for them: it is known of every thread", () => {
    expect(
      follows(connections, server([{ main: "pipe_read", others: { futex_do_wait: 2 } }]), [7]),
    ).toContain("none asks for connections");
  });

  test("a thread that is in epoll_wait() all the time does not ask for them", () => {
    expect(follows(connections, server([{ main: "ep_poll", others: { futex_do_wait: 2 } }]), [7])).toContain(
      "do not wake that thread",
    );
  });

  test.each([
    ["it computes", { main: "running" }],
    ["one computes", { main: "do_wait", others: { running: 1 } }],
    ["nobody knows the name", { main: "zq_wait" }],
    ["the kernel does not say", { main: "unknown" }],
    ["not all threads were read", { main: "do_wait", threads: 300 }],
  ])("nothing where %s", (_, row) => {
    expect(follows(connections, server([row]), [7])).toBeNull();
  });

  test("nothing of a thread in epoll_wait() where no queue stands", () => {
    expect(follows(connections, server([{ main: "ep_poll" }], 0), [7])).toBeNull();
  });

  test("nothing from the sockets of others, or where a holder was not read", () => {
    const view = server([{ main: "pipe_read" }], 0);
    expect(follows(bytes, view, [7])).toContain("none waits for a connection");
    expect(follows(bytes, view, [7, 99])).toBeNull();
    expect(follows(bytes, server([{ main: "wait_woken" }], 0), [7])).toBeNull();
  });
});

test("a mode of which it explains nothing, and a recording without it, have none", () => {
  expect(threadsOn(leak, server([{ main: "do_wait" }]), [7])).toBeNull();
  expect(threadsOn(connections, patient(family(7, "server", [8080]), []).view, [7])).toBeNull();
});

test("in words: alike processes share a line, few threads have names, many are counted", () => {
  const worker = { main: "do_wait" };
  const busy = { main: "running", others: { futex_do_wait: 9, ep_poll: 1 }, threads: 300 };
  expect(threadLines(threadsOn(connections, server([worker, worker, busy]), []))).toEqual([
    "server (pid 7), and 1 other process: its only thread waits for a child to end (do_wait), in all 4 samples",
    "server (pid 9): its main thread computes, or is ready to, in all 4 samples; of the first 10 of 299 others, 9: waits for a lock or another thread (futex_do_wait); 1: waits in epoll_wait() (ep_poll)",
  ]);
});
