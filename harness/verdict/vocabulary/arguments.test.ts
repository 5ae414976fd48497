import { expect, test } from "vitest";
import * as vocabulary from "../../experiment.ts";

/** The vocabulary as somebody calls it who has no types. */
const untyped = vocabulary as unknown as Record<string, (...given: unknown[]) => unknown>;
const bounds = "exactly(), atLeast(), atMost() or between()";
const one = vocabulary.exactly(1);

test.each<[string, unknown[], string]>([
  ["attemptsOk", [{}, 23], `attemptsOk(): bound is 23; expected ${bounds}`],
  ["attemptsOk", [{}], `attemptsOk(): bound is missing; expected ${bounds}`],
  ["attemptsOk", [undefined, one], "attemptsOk(): which is missing; expected an object, such as {}"],
  ["outcomes", [{}, 7, one], "outcomes(): outcome is 7; expected a text"],
  [
    "latency",
    [{}, "connect", 50, one],
    'latency(): time is "connect"; expected connectMs, firstByteMs or totalMs',
  ],
  ["socketsStay", [{}, one], "socketsStay(): how is missing; expected an object"],
  ["socketsStay", [{}, one, {}], "socketsStay(): how.forMs is missing; expected a number"],
  ["socketsAtEndOf", [{}, one], "socketsAtEndOf(): phase is {}; expected a text"],
  ["counterMoved", [null, one], "counterMoved(): which is null; expected an object, such as {}"],
  ["statesPassed", [{ host: "client" }, "CLOSED"], 'statesPassed(): states is "CLOSED"; expected a list'],
  ["connectionsEnd", [{}], "connectionsEnd(): peers is missing; expected an object"],
  [
    "connectionsEnd",
    [{}, { client: { count: 1, code: "ok", seconds: 3 } }],
    `connectionsEnd(): peers.client.seconds is 3; expected ${bounds}`,
  ],
  ["callsEnded", [{}, 0], `callsEnded(): bound is missing; expected ${bounds}`],
  ["leavesAt", ["SYN", 8080, 1], "leavesAt(): wanted is 1; expected a list"],
  ["quantity", ["things", () => 1, one], "quantity(): how is a function; expected an object"],
  ["quantity", ["things", { needs: [] }, one], "quantity(): how.of is missing; expected a function"],
])("%s(%j) is refused with a sentence that names the argument", (name, given, sentence) => {
  expect(() => untyped[name]?.(...given)).toThrow(
    expect.objectContaining({ name: "ArgumentError", message: sentence }),
  );
});
