import { describe, expect, test } from "vitest";
import { view } from "../../measure/view.ts";
import type { Recording } from "../../model/recording.ts";
import type { Sample } from "../../model/sample.ts";
import { at, countersAt, handMade, listenerAt } from "../../recording/hand-made.fixture.ts";
import { atLeast } from "./bound.ts";
import { put } from "./put.fixture.ts";
import {
  acceptQueueFull,
  acceptQueueNearlyFull,
  acceptQueueNeverFull,
  counterMoved,
  counterStill,
} from "./counters.ts";

describe("counters", () => {
  const moved = handMade([countersAt(at(1), "server", { TcpExtListenOverflows: 23, TcpCurrEstab: -1 })]);

  test("move or do not move", () => {
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

  test("that were not sampled are unknown", () => {
    const [, holds, observed] = put(counterStill({ host: "client", counter: "TcpOutRsts" }), moved);
    expect([holds, observed]).toEqual([null, "no counters were sampled on client"]);
  });
});

describe("the accept queue", () => {
  const looks = (...queues: number[]): Recording =>
    handMade(queues.map((queue, nth): Sample => listenerAt(at(nth * 100), "server", queue, 4)));

  test("is full when it holds one more than its backlog", () => {
    expect(put(acceptQueueFull({ host: "server", port: 8080 }), looks(0, 5, 2))).toEqual([
      "the accept queue of port 8080 on server is full in at least one sample",
      true,
      "at its fullest, 5 connections waited for accept() with a backlog of 4 (port 8080, 0.10 s)",
    ]);
    expect(put(acceptQueueFull(), looks(0, 4))[1]).toBe(false);
    expect(put(acceptQueueNeverFull({ host: "server" }), looks(0, 4))).toEqual([
      "the accept queue on server is not full in any sample",
      true,
      "at its fullest, 4 connections waited for accept() with a backlog of 4 (port 8080, 0.10 s)",
    ]);
    expect(put(acceptQueueNeverFull(), looks(5))[1]).toBe(false);
  });

  test("is nearly full at one place below its limit, or a few of many; half of it is not nearly", () => {
    const nearly = (queue: number, backlog: number): boolean | null =>
      put(acceptQueueNearlyFull(), handMade([listenerAt(at(100), "server", queue, backlog)]))[1];
    expect(put(acceptQueueNearlyFull({ port: 8080 }), looks(0, 4))).toEqual([
      "the accept queue of port 8080 is full, or nearly, in at least one sample",
      true,
      "at its fullest, 4 connections waited for accept() with a backlog of 4 (port 8080, 0.10 s)",
    ]);
    expect([nearly(129, 128), nearly(127, 128), nearly(126, 128), nearly(124, 128)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([nearly(1, 0), nearly(0, 0), nearly(2, 1), nearly(1, 1)]).toEqual([true, false, true, false]);
  });

  test("of a host where nothing listens is not full, and proves nothing", () => {
    const idle = handMade([{ ...at(1), kind: "listeners", host: "client", listeners: [] }]);
    expect(put(acceptQueueFull(), view(idle, "client")).slice(1)).toEqual([false, "no listener was found"]);
    expect(put(acceptQueueNeverFull(), view(idle, "client")).slice(1)).toEqual([
      null,
      "no listener was found",
    ]);
    expect(put(acceptQueueFull({ host: "server" }), idle).slice(1)).toEqual([
      null,
      "no listeners were sampled on server",
    ]);
  });
});
