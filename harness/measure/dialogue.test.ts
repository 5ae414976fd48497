import { expect, test } from "vitest";
import type { ReportSample } from "../model/sample.ts";
import { at, handMade } from "../recording/hand-made.fixture.ts";
import { dialogueOf } from "./dialogue.ts";

const report = (ms: number, fields: ReportSample["report"], program = "probe"): ReportSample => ({
  ...at(ms),
  kind: "report",
  program,
  report: fields,
});

const step = (ms: number, connection: number, nth: number, name: string, more: object = {}): ReportSample => {
  const fields = {
    kind: "step",
    connection,
    nth,
    step: name,
    localPort: 40_000 + connection,
    outcome: "ok",
    ms: 1.5,
  };
  return report(ms, Object.assign(fields, more));
};

const over = (ms: number, connection: number, more: object = {}): ReportSample => {
  const fields = {
    kind: "connection",
    connection,
    localPort: 40_000 + connection,
    outcome: "ok",
    step: null,
    nth: null,
  };
  const figures = { ms: 30, sentBytes: 27, receivedBytes: 128, ended: null, endedMs: null, idleMs: null };
  return report(ms, Object.assign(fields, figures, { reset: false, closeNotify: null }, more));
};

const ANSWER = {
  status: 200,
  version: "1.1",
  bytes: 128,
  headBytes: 122,
  bodyBytes: 6,
  bodyCrc32: 909783072,
  connectionField: "keep-alive",
  keepAliveSeconds: 5,
  persistent: true,
  complete: true,
};

test("steps are given to their connections, in the order of the script", () => {
  const recording = handMade([
    step(11, 2, 1, "connect"),
    step(10, 1, 1, "connect"),
    step(14, 1, 3, "answer", ANSWER),
    step(12, 1, 2, "send", { bytes: 27 }),
    over(9, 1),
    over(9, 2, { outcome: "timeout", step: "answer", nth: 2 }),
  ]);
  const [first, second] = dialogueOf(recording, { program: "probe" });
  expect(first!.steps.map(({ step: name, nth, bytes }) => [name, nth, bytes])).toEqual([
    ["connect", 1, null],
    ["send", 2, 27],
    ["answer", 3, 128],
  ]);
  expect(first).toMatchObject({ connection: 1, atUs: 9000, localPort: 40_001, outcome: "ok", failed: null });
  expect(first!.steps[2]!.answer).toEqual({
    status: 200,
    version: "1.1",
    headBytes: 122,
    bodyBytes: 6,
    bodyCrc32: 909783072,
    connectionField: "keep-alive",
    keepAliveSeconds: 5,
    isPersistent: true,
    isComplete: true,
  });
  expect(second).toMatchObject({ outcome: "timeout", failed: { step: "answer", nth: 2 }, ended: null });
});

test("an end has its moment, from the line of the connection alone", () => {
  const end = { ended: "FIN", endedMs: 2019.05, idleMs: 2002 };
  const [connection] = dialogueOf(handMade([over(9, 1, end)]));
  expect(connection!.ended).toEqual({ how: "FIN", atUs: 2_028_050, idleMs: 2002 });
  expect(connection!.wasReset).toBe(false);
});

test("a client that was ended has connections without an outcome, but with the ends that came", () => {
  const ends = (how: string, ms: number) =>
    report(ms, { kind: "ended", connection: 1, localPort: 40_001, how, idleMs: 7 });
  const [connection] = dialogueOf(
    handMade([step(10, 1, 1, "connect"), ends("FIN", 20), ends("ECONNRESET", 21)]),
  );
  expect(connection).toMatchObject({
    outcome: null,
    localPort: 40_001,
    ended: { how: "FIN", atUs: 20_000, idleMs: 7 },
    wasReset: true,
  });
});

test("other programs have connections of their own", () => {
  const other = report(1, { kind: "connection", connection: 1, localPort: 1, outcome: "ok" }, "load");
  expect(
    dialogueOf(handMade([over(9, 3), other]), { program: "probe" }).map(({ connection }) => connection),
  ).toEqual([3]);
  expect(dialogueOf(handMade([]), { program: "probe" })).toEqual([]);
});
